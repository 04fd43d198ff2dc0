"""A status follows the evidence, and whatever else it depends on, in the edition in which that becomes known."""

import pytest

from kb.ledger.verify import faults
from kb.records import changes as do
from kb.records.models import Record, Statement, StatementVersion
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def link() -> Statement:
    """A model trained on a dataset, by the word of a company about which nothing else is known."""
    maker = build.party("Maker")
    card = build.report("Model card", publisher=maker)
    return build.state(build.model("Net"), "trained_on", build.dataset("Data"), evidence=[build.says(card, kind="model_card")])


def status(statement: Statement) -> str:
    return Statement.objects.get(id=statement.id).status


def record(name: str) -> Record:
    return Record.objects.get(name=name)


@pytest.mark.parametrize("wanted", ["confirmed", "corroborated", "reported", "inferred", "disputed", "refuted", "needs_source"])
def test_evidence_makes_the_status(wanted: str) -> None:
    assert build.state(build.model("Net"), "trained_on", build.dataset("Data"), status=wanted).status == wanted


def test_evidence_that_is_added_changes_the_status(link: Statement) -> None:
    assert status(link) == "reported"
    build.add_evidence(link, build.says())
    assert status(link) == "corroborated"
    build.add_evidence(link, build.says(stance="disputes"))
    assert status(link) == "disputed"


def test_a_mention_writes_no_new_version(link: Statement) -> None:
    build.add_evidence(link, build.says(stance="mentions"))
    assert Statement.objects.get(id=link.id).version == 1


def test_a_role_that_is_added_later_confirms_what_its_holder_said(link: Statement) -> None:
    build.state(record("Net"), "trainer", record("Maker"))
    assert status(link) == "confirmed"


def test_a_role_that_answers_for_nothing_confirms_nothing(link: Statement) -> None:
    build.state(record("Net"), "funder", record("Maker"))
    assert status(link) == "reported"


def test_a_role_confirms_only_once_somebody_says_so(link: Statement) -> None:
    role = build.state(record("Net"), "trainer", record("Maker"), status="needs_source")
    assert status(link) == "reported"
    build.add_evidence(role, build.says())
    assert status(link) == "confirmed"


def test_a_role_without_source_confirms_nothing_in_its_own_edition_either() -> None:
    refs: dict[str, int] = {}
    build.publishing(
        do.CreateRecord(ref="maker", kind="party", name="Maker", detail={"type": "company"}),
        do.CreateRecord(ref="card", kind="report", name="Card", detail={"publisher": "maker"}),
        do.CreateRecord(ref="net", kind="model", name="Net"),
        do.CreateRecord(ref="data", kind="dataset", name="Data"),
        do.AddStatement(subject="net", predicate="trainer", object="maker"),
        do.AddStatement(
            subject="net", predicate="trained_on", object="data",
            evidence=(do.EvidenceDraft(report="card", kind="model_card", gist="Trained on Data."),),
        ),
        refs=refs,
    )  # fmt: skip
    assert Statement.objects.get(predicate="trained_on").status == "reported"


def test_a_role_that_is_taken_back_confirms_no_longer(link: Statement) -> None:
    role = build.state(record("Net"), "trainer", record("Maker"))
    build.retract(role)
    assert status(link) == "reported"


def test_a_role_that_is_overridden_as_refuted_confirms_no_longer(link: Statement) -> None:
    role = build.state(record("Net"), "trainer", record("Maker"))
    build.amend(role, override="refuted", override_reason="The company never trained it.")
    assert status(link) == "reported"


@pytest.fixture
def corroborated() -> tuple[Statement, Record, Record]:
    """A link that two independent reports support."""
    one, other = build.report("One"), build.report("Other")
    evidence = [build.says(one), build.says(other)]
    return build.state(build.model("Net"), "trained_on", build.dataset("Data"), evidence=evidence), one, other


def test_a_reliance_that_becomes_known_later_takes_the_corroboration_back(corroborated: tuple[Statement, Record, Record]) -> None:
    link, one, other = corroborated
    assert status(link) == "corroborated"
    reliance = build.state(one, "relies_on", other, status="needs_source")
    assert status(link) == "reported"
    build.retract(reliance)
    assert status(link) == "corroborated"


def test_a_reliance_of_a_third_report_in_between_counts_too(corroborated: tuple[Statement, Record, Record]) -> None:
    link, one, other = corroborated
    between = build.report("Between")
    build.state(one, "relies_on", between)
    assert status(link) == "corroborated"
    build.state(between, "relies_on", other)
    assert status(link) == "reported"


def test_a_report_that_turns_out_a_reprint_counts_no_longer(corroborated: tuple[Statement, Record, Record]) -> None:
    link, one, _ = corroborated
    build.publishing(do.AmendDetail(record=one.id, fields={"independence": "derivative"}))
    assert status(link) == "reported"


def test_publishers_that_turn_out_the_same_are_one_source(corroborated: tuple[Statement, Record, Record]) -> None:
    link, one, other = corroborated
    publishers = [report.report.publisher for report in (one, other)]
    build.merge(*publishers)
    assert status(link) == "reported"
    build.publishing(do.UnmergeRecord(record=publishers[0].id))
    assert status(link) == "corroborated"


def test_reports_that_turn_out_the_same_are_one_source(corroborated: tuple[Statement, Record, Record]) -> None:
    link, one, other = corroborated
    build.merge(one, other)
    assert status(link) == "reported"


def test_a_role_counts_for_every_record_that_is_merged_with_its_subject(link: Statement) -> None:
    duplicate = build.model("Net 1.0")
    build.state(duplicate, "trainer", record("Maker"))
    assert status(link) == "reported"
    build.merge(record("Net"), duplicate)
    assert status(link) == "confirmed"
    build.publishing(do.UnmergeRecord(record=record("Net").id))
    assert status(link) == "reported"


def test_a_holder_of_a_role_speaks_through_the_record_it_was_merged_into(link: Statement) -> None:
    build.state(record("Net"), "trainer", build.party("Maker Ltd"))
    assert status(link) == "reported"
    build.merge(record("Maker"), record("Maker Ltd"))
    assert status(link) == "confirmed"


def test_a_word_about_oneself_stays_ones_word_where_the_predicate_says_so() -> None:
    maker = build.party("Maker")
    data = build.dataset("Data")
    build.state(data, "creator", maker)
    own = build.says(build.report(publisher=maker), kind="official_disclosure")
    assert build.state(data, "checked_against_known_list", "done", evidence=[own]).status == "reported"
    assert build.state(data, "licence", "CC BY", evidence=[own]).status == "confirmed"


def test_every_status_leaves_a_version_from_its_edition_until_the_next(link: Statement) -> None:
    build.state(record("Net"), "trainer", record("Maker"))
    build.add_evidence(link, build.says(stance="disputes"))
    versions = list(StatementVersion.objects.filter(statement=link).order_by("version"))
    assert [version.status for version in versions] == ["reported", "confirmed", "disputed"]
    assert [version.died for version in versions] == [versions[1].born, versions[2].born, None]
    assert versions[0].born < versions[1].born < versions[2].born == Statement.objects.get(id=link.id).edition
    assert list(faults()) == []
