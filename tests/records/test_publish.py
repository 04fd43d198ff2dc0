"""What each change does to the record, and what it refuses."""

import pytest

from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.ledger.verify import faults
from kb.records import changes as do
from kb.records.apply import HANDLERS
from kb.records.models import Evidence, Identifier, IssueDetail, Name, Provision, Record, ReportDetail, Statement
from kb.records.queries import find_record, members, speaker
from tests import build

pytestmark = pytest.mark.django_db


def all_changes(base: type[do.Change] = do.Change) -> set[type[do.Change]]:
    return {base}.union(*map(all_changes, base.__subclasses__()))


def test_every_change_has_a_handler() -> None:
    abstract = {"Change", "OnRecord"}
    assert {change.__name__ for change in HANDLERS} == {change.__name__ for change in all_changes()} - abstract


def test_what_is_no_known_change_is_refused() -> None:
    with pytest.raises(InvalidInput, match="cannot be published"):
        build.publishing(do.Change())


# creating and naming


def test_a_record_gets_an_id_of_its_kind_a_slug_and_its_names() -> None:
    record = build.dataset(
        " LAION-5B ", aliases={"LAION 5B": True}, identifiers=[("wikidata", "Q1")], source_keys=[("founding", "x")]
    )
    assert (record.public_id, record.slug, record.name, record.folded) == ("UP-D-1", "laion-5b", "LAION-5B", "laion 5b")
    assert build.model("A model").public_id == "UP-M-1"
    assert [(name.text, name.ambiguous) for name in record.names.all()] == [("LAION 5B", True)]
    assert list(faults()) == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 301])
def test_a_name_has_one_to_three_hundred_characters(name: str) -> None:
    with pytest.raises(InvalidInput):
        build.dataset(name)


@pytest.mark.parametrize("slug", ["UP-D-7", "up-d-7", "Big", "a--b", "a b", "-a", "ä", "x" * 81])
def test_a_slug_that_is_none_or_shaped_like_an_id_is_refused(slug: str) -> None:
    with pytest.raises(InvalidInput, match="not a slug"):
        build.dataset("LAION-5B", slug=slug)


@pytest.mark.parametrize("name", ["LAION", "UP D", "UP-D-7", "x" * 100, "a" * 59 + " b c d", "???", "日本"])
def test_records_of_the_same_name_get_slugs_of_their_own(name: str) -> None:
    slugs = [build.dataset(name).slug for _ in range(4)]
    assert len(set(slugs)) == 4
    assert all(find_record(slug).name == name for slug in slugs)


def test_a_kind_without_fields_takes_none_and_an_unknown_field_is_refused() -> None:
    for refused in (lambda: build.dataset("A", jurisdiction="EU"), lambda: build.party("B", colour="red")):
        with pytest.raises(InvalidInput):
            refused()
    with pytest.raises(InvalidInput):
        build.publishing(do.AmendDetail(record=build.dataset("C").id, fields={"type": "x"}))


def test_a_reference_is_created_once_and_must_exist() -> None:
    twice = [do.CreateRecord(ref="one", kind="dataset", name="A"), do.CreateRecord(ref="one", kind="dataset", name="B")]
    with pytest.raises(Conflict, match="created twice"):
        build.publishing(*twice)
    for nobody in (99, "nobody"):
        with pytest.raises(InvalidInput, match="There is no record"):
            build.publishing(do.RenameRecord(record=nobody, name="A"))


def test_a_renamed_record_is_found_under_every_slug_it_had() -> None:
    record = build.dataset("LAION-5B")
    build.publishing(do.RenameRecord(record=record.id, name="LAION 5 billion", slug="laion-five"))
    build.publishing(do.RenameRecord(record=record.id, slug="laion-five-billion"))
    for key in ("laion-5b", "laion-five", "laion-five-billion", "UP-D-1", "up-d-1"):
        assert find_record(key).name == "LAION 5 billion"
    assert list(faults()) == []


def test_a_slug_is_never_given_again() -> None:
    record = build.dataset("LAION-5B")
    build.publishing(do.RenameRecord(record=record.id, slug="laion-five"))
    for again in (lambda: build.model("X", slug="laion-5b"), lambda: build.model("X", slug="laion-five")):
        with pytest.raises(Conflict, match="is or was another record's"):
            again()
    assert build.model("LAION-5B").slug == "laion-5b-2"
    with pytest.raises(Conflict):
        build.publishing(do.RenameRecord(record=record.id, slug="laion-5b"))


@pytest.mark.parametrize("key", ["", "nothing", "UP-D-99", "UP-Q-1", "\0", "'; --", "x" * 500])
def test_what_does_not_exist_is_not_found(key: str) -> None:
    build.dataset("LAION-5B")
    with pytest.raises(NotFound):
        find_record(key)


@pytest.mark.parametrize(
    "again",
    [
        lambda record: do.AddAlias(record=record, text=" LAION  5B "),
        lambda record: do.AddIdentifier(record=record, scheme="wikidata", value="Q1"),
        lambda record: do.AddSourceKey(record=record, source="founding", external_id="laion"),
    ],
)
def test_a_name_an_identifier_and_a_source_key_are_given_once(again: object) -> None:
    record = build.dataset(
        "A", aliases={"LAION 5B": False}, identifiers=[("wikidata", "Q1")], source_keys=[("founding", "laion")]
    )
    with pytest.raises(Conflict):
        build.publishing(again(record.id))  # type: ignore[operator]


def test_two_records_may_carry_the_same_identifier_but_not_the_same_source_key() -> None:
    build.dataset("A", identifiers=[("wikidata", "Q1")], source_keys=[("founding", "a")])
    build.dataset("B", identifiers=[("wikidata", "Q1")])
    assert Identifier.objects.count() == 2
    for refused in ([("founding", "a")], [("nowhere", "b")], [("founding", " ")], [("founding", "x" * 401)]):
        with pytest.raises((Conflict, InvalidInput)):
            build.dataset("C", source_keys=refused)


# fields and parts


def test_fields_of_a_kind_are_amended_and_point_to_records_of_their_kind() -> None:
    report, newsroom = build.report("Study"), build.party("Newsroom")
    build.publishing(do.AmendDetail(record=report.id, fields={"publisher": newsroom.id, "stage": "corrected"}))
    detail = ReportDetail.objects.get(record=report)
    assert (detail.publisher_id, detail.stage) == (newsroom.id, "corrected")
    for wrong in (build.dataset("A").id, 999, ["x"]):
        with pytest.raises(InvalidInput):
            build.publishing(do.AmendDetail(record=report.id, fields={"publisher": wrong}))
    build.publishing(do.AmendDetail(record=report.id, fields={"publisher": None}))
    assert ReportDetail.objects.get(record=report).publisher_id is None


def test_parts_belong_to_legislation_and_stand_once() -> None:
    act, fields = build.law("AI Act"), {"locator": "Art. 10", "kind": "obligation", "gist": "Data governance."}
    build.publishing(do.AddPart(record=act.id, part="provision", fields=fields))
    assert Provision.objects.get().record_id == act.id
    for record, part in ((act.id, "provision"), (act.id, "recital"), (build.dataset("A").id, "provision")):
        with pytest.raises((Conflict, InvalidInput)):
            build.publishing(do.AddPart(record=record, part=part, fields=fields))
    with pytest.raises(InvalidInput):
        build.publishing(do.AddPart(record=act.id, part="provision", fields=fields | {"locator": "x" * 101}))


# merging


def test_a_merge_is_a_pointer_that_is_followed_through_others_and_taken_back() -> None:
    one, two, three = (build.dataset(name) for name in ("One", "Two", "Three"))
    link = build.state(one, "subset_of", three)
    build.merge(one, two)
    build.merge(two, three)
    one = Record.objects.get(id=one.id)
    assert speaker(one).id == three.id
    assert {record.id for record in members(three)} == {one.id, two.id, three.id}
    assert Statement.objects.get(id=link.id).subject_id == one.id
    build.publishing(do.UnmergeRecord(record=two.id))
    assert speaker(Record.objects.get(id=one.id)).id == two.id
    assert list(faults()) == []


def test_merges_do_not_run_in_circles() -> None:
    one, two, three = (build.dataset(name) for name in ("One", "Two", "Three"))
    build.merge(one, two)
    build.merge(two, three)
    for record in (one, two, three):
        with pytest.raises(InvalidInput, match="cannot be merged into itself"):
            build.merge(three, record)
    with pytest.raises(InvalidInput):
        build.publishing(do.UnmergeRecord(record=two.id), do.MergeRecord(record=two.id, into=one.id))


def test_only_records_of_one_kind_are_merged_and_unresolved_names_into_artifacts() -> None:
    name, data, company = build.unresolved("Name"), build.dataset("Data"), build.party("Company")
    for record, into in ((data, company), (data, name), (name, company)):
        with pytest.raises(InvalidInput, match="cannot be merged into a"):
            build.merge(record, into)
    assert build.merge(name, data).merged_into_id == data.id


# statements and evidence


def test_a_statement_is_made_once_whatever_its_dates() -> None:
    data, net = build.dataset("Data"), build.model("Net")
    build.state(net, "trained_on", data, start="2022")
    with pytest.raises(Conflict, match="already stated"):
        build.state(net, "trained_on", data, start="2023")
    build.state(data, "figure", 5, qualifier="links")
    build.state(data, "figure", 5, qualifier="images")
    with pytest.raises(Conflict):
        build.publishing(*[do.AddStatement(subject=data.id, predicate="figure", value=6, qualifier="links")] * 2)


@pytest.mark.parametrize(
    "fields",
    [{"rank": "best"}, {"start": "soon"}, {"start": "2023", "end": "2022"}, {"note": None}, {"note": 4}, {"unit": "x" * 41}]
    + [{"override": "disputed"}, {"override": "settled", "override_reason": "So."}, {"status": "confirmed"}, {"object_id": 1}],
    ids=str,
)
def test_an_amendment_that_does_not_fit_is_refused(fields: dict[str, object]) -> None:
    statement = build.state(build.model("Net"), "trained_on", build.dataset("Data"))
    with pytest.raises(InvalidInput):
        build.amend(statement, **fields)


def test_an_amendment_changes_what_it_names_and_nothing_else() -> None:
    statement = build.state(build.model("Net"), "trained_on", build.dataset("Data"), start="2022")
    amended = build.amend(statement, end="2023", note="A note.", rank="deprecated")
    assert (amended.start, amended.end, amended.note, amended.rank) == ("2022", "2023", "A note.", "deprecated")
    assert (amended.identity, amended.status) == (statement.identity, "reported")


def test_an_override_stands_with_its_reason_until_it_is_taken_back() -> None:
    statement = build.state(build.model("Net"), "trained_on", build.dataset("Data"))
    assert build.amend(statement, override="disputed", override_reason="Both were heard.").status == "disputed"
    build.add_evidence(statement, build.says(kind="court_record"))
    assert Statement.objects.get(id=statement.id).status == "disputed"
    assert build.amend(statement, override="").status == "confirmed"


def test_a_retracted_statement_stays_on_record_as_retracted() -> None:
    statement = build.state(build.model("Net"), "trained_on", build.dataset("Data"), status="confirmed")
    assert build.retract(statement).status == "retracted"
    build.add_evidence(statement, build.says(kind="court_record"))
    assert Statement.objects.get(id=statement.id).status == "retracted"


def test_evidence_cites_reports_and_is_the_word_of_parties() -> None:
    data, report, party = build.dataset("Data"), build.report(), build.party()
    statement = build.state(build.model("Net"), "trained_on", data)
    for draft in (build.says(data), build.says(report, cited_in=party), build.says(report, said_by=report)):
        with pytest.raises(InvalidInput):
            build.add_evidence(statement, draft)
    evidence = build.add_evidence(statement, build.says(report, said_by=party, cited_in=build.report()))
    assert evidence.said_by_id == party.id


def test_evidence_of_one_report_place_and_stance_stands_once() -> None:
    statement, report = build.state(build.model("Net"), "trained_on", build.dataset("Data")), build.report()
    first = build.add_evidence(statement, build.says(report, locator="p. 1"))
    other = build.add_evidence(statement, build.says(report, locator="p. 2"))
    with pytest.raises(Conflict):
        build.add_evidence(statement, build.says(report, locator="p. 1"))
    with pytest.raises(Conflict):
        build.publishing(do.AmendEvidence(evidence=other.id, fields={"locator": first.locator}))


@pytest.mark.parametrize(
    "fields",
    [{"gist": " "}, {"gist": None}, {"quotation": "x" * 301}, {"confidence": "high"}]
    + [{"confidence": "sure", "confidence_reason": "So."}]
    + [{"start": "soon"}, {"last_seen": "2024-01-01"}, {"last_checked": 4}, {"stance": "disputes"}, {"locator": "x" * 301}],
    ids=str,
)  # fmt: skip
def test_an_amendment_of_evidence_that_does_not_fit_is_refused(fields: dict[str, object]) -> None:
    build.state(build.model("Net"), "trained_on", build.dataset("Data"))
    with pytest.raises(InvalidInput):
        build.publishing(do.AmendEvidence(evidence=Evidence.objects.get().id, fields=fields))


def test_what_is_not_on_record_cannot_be_amended() -> None:
    for change in (
        do.AmendStatement(statement=9, fields={}),
        do.AmendEvidence(evidence=9, fields={}),
        do.RetractStatement(statement=9),
    ):
        with pytest.raises(Conflict, match="There is no"):
            build.publishing(change)


def test_a_row_is_written_once_in_an_edition_as_it_is_at_the_end() -> None:
    record = build.dataset("A")
    build.publishing(do.RenameRecord(record=record.id, name="B"), do.RenameRecord(record=record.id, name="C"))
    record.refresh_from_db()
    assert (record.name, record.version) == ("C", 2)
    assert Name.objects.count() == IssueDetail.objects.count() == 0


def test_a_merge_never_closes_a_circle() -> None:
    whole, first, second = build.model("Whole"), build.model("First"), build.model("Second")
    build.merge(first, into=whole)
    build.merge(second, into=first)
    for into in (second, first):
        with pytest.raises(InvalidInput, match="nor into one that was merged into it"):
            build.publishing(do.MergeRecord(record=whole.id, into=into.id))
    with pytest.raises(InvalidInput, match="nor into one that was merged into it"):
        build.publishing(do.MergeRecord(record=first.id, into=second.id))
