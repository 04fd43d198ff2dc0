"""A split moves statements, with all that stands beside them, to a new record, and loses nothing on the way."""

from datetime import date

import pytest

from kb.core.errors import Conflict, Gone, InvalidInput, NotFound
from kb.ledger.verify import faults
from kb.records import changes as do
from kb.records.models import Dispute, Evidence, Name, Record, Reply, Statement
from kb.records.responses import contested
from kb.records.split import split
from tests import build

pytestmark = pytest.mark.django_db

PART = do.CreateRecord(ref="part", kind="dataset", name="LAION-400M")
COPIED = (
    "stance", "kind", "gist", "quotation", "locator", "start", "end", "confidence", "confidence_reason", "accessed",
    "last_checked", "first_seen", "last_seen", "report_id", "cited_in_id", "said_by_id",
)  # fmt: skip


@pytest.fixture
def whole() -> Record:
    return build.dataset("LAION", aliases={"LAION-5B": False, "LAION 400M": False})


def make_split(record: Record, *statements: Statement, aliases: tuple[str, ...] = ()) -> Record:
    build.publishing(*split(record.id, PART, [statement.id for statement in statements], aliases))
    return Record.objects.latest("id")


def test_the_part_says_what_it_was_split_from_and_the_rest_stays(whole: Record) -> None:
    kept, moved = build.state(whole, "licence", "MIT"), build.state(whole, "figure", 400, qualifier="links", note="As told.")
    part = make_split(whole, moved)
    assert (part.name, part.split_from_id, part.public_id) == ("LAION-400M", whole.id, "UP-D-2")
    assert list(whole.split_off.all()) == [part]
    assert Statement.objects.get(id=kept.id).status == "reported"
    assert Statement.objects.get(id=moved.id).status == "retracted"
    new = Statement.objects.get(subject=part)
    assert (new.value_integer, new.qualifier, new.note, new.status) == (400, "links", "As told.", "reported")
    assert list(faults()) == []


def test_a_statement_moves_at_whichever_end_the_record_stands(whole: Record) -> None:
    net = build.model("Net")
    link = build.state(net, "trained_on", whole, start="2021", status="corroborated")
    part = make_split(whole, link)
    new = Statement.objects.get(object=part)
    assert (new.subject_id, new.start, new.status) == (net.id, "2021", "corroborated")


def test_evidence_moves_to_the_letter(whole: Record) -> None:
    said = build.says(
        build.report(), quotation="four hundred million", locator="p. 3", start="2021-08", end="2022", confidence="low",
        confidence_reason="Read in haste.", accessed=date(2024, 1, 1), last_checked=date(2024, 2, 1),
        first_seen=date(2024, 1, 1), said_by=build.party(), cited_in=build.report(),
    )  # fmt: skip
    statement = build.state(whole, "figure", 400, qualifier="links", evidence=[said, build.says(stance="disputes")])
    first = statement.evidence.first()
    assert first is not None
    build.publishing(do.AmendEvidence(evidence=first.id, fields={"last_seen": date(2024, 3, 1)}))
    part = make_split(whole, statement)
    old, new = (
        [[getattr(row, column) for column in COPIED] for row in Evidence.objects.filter(statement=one).order_by("id")]
        for one in (statement, Statement.objects.get(subject=part))
    )
    assert old == new
    assert len(new) == 2


def test_an_editors_override_replies_and_disputes_move_along(whole: Record) -> None:
    statement = build.state(whole, "figure", 400, qualifier="links")
    build.amend(statement, override="refuted", override_reason="It was withdrawn by its source.")
    reply, dispute = build.reply(whole, statement=statement), build.dispute(whole, statement=statement)
    about_the_whole = build.reply(whole)
    part = make_split(whole, statement)
    new = Statement.objects.get(subject=part)
    assert (new.status, new.override_reason) == ("refuted", "It was withdrawn by its source.")
    for model, row in ((Reply, reply), (Dispute, dispute)):
        moved = model._base_manager.get(id=row.id)
        assert (moved.statement_id, moved.record_id) == (new.id, part.id)
    assert contested().holds(new)
    assert Reply.objects.get(id=about_the_whole.id).record_id == whole.id
    assert list(faults()) == []


def test_other_names_move_when_asked(whole: Record) -> None:
    statement = build.state(whole, "figure", 400, qualifier="links")
    part = make_split(whole, statement, aliases=("LAION 400M",))
    assert [name.text for name in part.names.all()] == ["LAION 400M"]
    assert list(Name.objects.filter(record=whole).values_list("text", flat=True)) == ["LAION-5B"]


def test_what_a_merged_record_says_moves_too(whole: Record) -> None:
    theirs = build.dataset("laion")
    statement = build.state(theirs, "licence", "MIT")
    build.merge(theirs, whole)
    part = make_split(whole, statement)
    assert Statement.objects.get(subject=part).value_text == "MIT"


def test_a_split_names_what_is_not_there_to_be_moved(whole: Record) -> None:
    elsewhere = build.state(build.model("Net"), "licence", "MIT")
    taken_back = build.retract(build.state(whole, "licence", "MIT"))
    for record, statements, aliases, error, sentence in (
        (99, [1], (), NotFound, "There is no record"),
        (whole.id, [], (), InvalidInput, "says which statements"),
        (whole.id, [elsewhere.id], (), InvalidInput, "is not about this record"),
        (whole.id, [taken_back.id], (), NotFound, "was taken back"),
        (whole.id, [999], (), NotFound, "There is no statement 999"),
    ):
        with pytest.raises(error, match=sentence):
            split(record, PART, statements, aliases)
    with pytest.raises(InvalidInput, match="has no other name “Common Crawl”"):
        split(whole.id, PART, [build.state(whole, "licence", "CC0").id], ["Common Crawl"])


def test_merged_and_withdrawn_records_are_not_split(whole: Record) -> None:
    other = build.dataset("Other")
    build.merge(other, whole)
    with pytest.raises(InvalidInput, match="is merged into another record"):
        split(other.id, PART, [1])
    build.publishing(do.UnmergeRecord(record=other.id))
    build.withdraw(other)
    with pytest.raises(Gone):
        split(other.id, PART, [1])


def test_a_part_is_of_a_kind_that_the_whole_may_hold(whole: Record) -> None:
    statement = build.state(build.model("Net"), "trained_on", whole)
    party = do.CreateRecord(ref="part", kind="party", name="LAION e.V.", detail={"type": "nonprofit"})
    with pytest.raises(InvalidInput, match="A party cannot be split off from a dataset"):
        build.publishing(*split(whole.id, party, [statement.id]))
    product = do.CreateRecord(ref="part", kind="product", name="LAION site")
    with pytest.raises(InvalidInput, match="cannot point to a product"):
        build.publishing(*split(whole.id, product, [statement.id]))
    assert Statement.objects.get(id=statement.id).status == "reported"


def test_a_statement_is_not_moved_onto_one_that_says_the_same(whole: Record) -> None:
    other = build.dataset("Other")
    mine = build.state(whole, "licence", "MIT")
    build.state(other, "licence", "MIT")
    with pytest.raises(Conflict, match="is already stated there"):
        build.publishing(do.MoveStatement(record=whole.id, statement=mine.id, to=other.id))
    with pytest.raises(InvalidInput, match="is not about Other"):
        build.publishing(do.MoveStatement(record=other.id, statement=mine.id, to=whole.id))


def test_a_name_is_moved_only_from_the_record_that_has_it(whole: Record) -> None:
    other = build.dataset("Other", aliases={"LAION-5B": False})
    with pytest.raises(Conflict, match="has no other name “Nothing”"):
        build.publishing(do.MoveAlias(record=whole.id, text="Nothing", to=other.id))
    with pytest.raises(Conflict, match="is on record already"):
        build.publishing(do.MoveAlias(record=whole.id, text="LAION-5B", to=other.id))


def test_the_strict_rules_hold_for_what_moves_to_a_hazard() -> None:
    mild = build.issue("Links in an index")
    strict = build.issue("Unlawful links", code="D01", frames=["child_safety"])
    statement = build.state(mild, "outcome", "The similarity threshold was 0.31.")
    with pytest.raises(InvalidInput, match="This text was discarded"):
        build.publishing(do.MoveStatement(record=mild.id, statement=statement.id, to=strict.id))
