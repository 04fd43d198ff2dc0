"""No address that leads on to anything stands beside an issue about unlawful material, by whatever road it comes there."""

from collections.abc import Callable

import pytest

from kb.core.errors import InvalidInput
from kb.records import changes as do
from kb.records.models import Record
from tests import build

pytestmark = pytest.mark.django_db

GOOD = "https://arxiv.org/abs/2401.00001"
BAD = f"https://arxiv.org/{'a1' * 32}/part-00012.parquet"


@pytest.fixture
def hazard() -> Record:
    return build.issue("Unlawful links in an index", code="D01", frames=["child_safety"])


def cited_by(issue: Record, report: Record) -> int:
    return build.state(issue, "outcome", f"{report.name} tells of it.", evidence=[build.says(report)]).id


ROADS: dict[str, Callable[[Record, Record], do.Change]] = {
    "statement": lambda hazard, report: do.AddStatement(
        subject=hazard.id, predicate="outcome", value="Removed.", evidence=(build.says(report),)
    ),
    "where it is cited": lambda hazard, report: do.AddEvidence(
        statement=cited_by(hazard, build.report(url=GOOD)), evidence=build.says(build.report(url=GOOD), cited_in=report)
    ),
    "end of a statement": lambda hazard, report: do.AddStatement(subject=report.id, predicate="covers", object=hazard.id),
    "move": lambda hazard, report: do.MoveStatement(
        record=(issue := build.issue("Bias")).id, statement=cited_by(issue, report), to=hazard.id
    ),
    "merge": lambda hazard, report: do.MergeRecord(
        record=(build.state(issue := build.issue("Bias"), "raised_by", report), issue)[1].id, into=hazard.id
    ),
    "merge of reports": lambda hazard, report: do.MergeRecord(
        record=(good := build.report(url=GOOD), cited_by(hazard, good))[0].id, into=report.id
    ),
    "code": lambda hazard, report: do.AmendDetail(
        record=(issue := build.issue("Bias"), cited_by(issue, report))[0].id, fields={"code": "D01"}
    ),
    "address": lambda hazard, report: do.AmendDetail(
        record=(other := build.report(url="https://doi.org/10.1/x"), cited_by(hazard, other))[0].id,
        fields={"url": report.report.url},
    ),
}  # fmt: skip


@pytest.mark.parametrize("road", ROADS)
def test_an_address_that_leads_on_comes_to_stand_beside_no_hazard(hazard: Record, road: str) -> None:
    change = ROADS[road](hazard, build.report("A list", url=BAD))
    with pytest.raises(InvalidInput, match="may not stand beside a finding"):
        build.publishing(change)
    assert build.publishing(ROADS[road](hazard, build.report("A study", url=GOOD)))


def test_a_statement_that_was_taken_back_is_restored_only_with_an_address_that_may_stand(
    hazard: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before_addresses_were_read:
        before_addresses_were_read.setattr("kb.records.publish.check_addresses", lambda work: None)
        statement = cited_by(hazard, build.report(url=BAD))
    build.publishing(do.RetractStatement(statement=statement))
    with pytest.raises(InvalidInput, match="The address of"):
        build.publishing(do.RestoreStatement(statement=statement))


def test_what_the_same_edition_creates_is_read_too(hazard: Record) -> None:
    new = do.CreateRecord(ref="new", kind="report", name="A list", detail={"type": "other", "url": BAD})
    cited = do.EvidenceDraft(report="new", kind="journalism", gist="It says so.")
    said = do.AddStatement(subject=hazard.id, predicate="outcome", value="Removed.", evidence=(cited,))
    with pytest.raises(InvalidInput, match="The address of A list"):
        build.publishing(new, said)


def test_elsewhere_an_address_may_be_whatever_a_source_chose() -> None:
    report = build.report("A list", url=BAD)
    assert cited_by(build.issue("Bias"), report)


LEADING: dict[str, Callable[[], Record]] = {
    "name": lambda: build.report("Of one aged 9", url=GOOD),
    "another name": lambda: _altered(_aliased),
    "slug": lambda: _altered(lambda report: do.RenameRecord(record=report.id, slug="of-one-aged-9")),
}


def _altered(change: Callable[[Record], do.Change]) -> Record:
    report = build.report("A study", url=GOOD)
    build.publishing(change(report))
    return report


@pytest.mark.parametrize("called", LEADING)
@pytest.mark.parametrize("road", sorted(set(ROADS) - {"address"}))
def test_no_report_that_is_called_what_leads_on_comes_to_stand_beside_a_hazard(hazard: Record, road: str, called: str) -> None:
    change = ROADS[road](hazard, LEADING[called]())
    with pytest.raises(InvalidInput, match="holds the age of a child"):
        build.publishing(change)


@pytest.mark.parametrize("change", [
    lambda report: do.RenameRecord(record=report.id, name="Of one aged 9"),
    lambda report: do.RenameRecord(record=report.id, slug="of-one-aged-9"),
    lambda report: do.AddAlias(record=report.id, text="Of one aged 9"),
    lambda report: do.MoveAlias(record=_altered(_aliased).id, text="Of one aged 9", to=report.id),
])  # fmt: skip
def test_no_report_beside_a_hazard_is_called_what_leads_on(hazard: Record, change: Callable[[Record], do.Change]) -> None:
    elsewhere, beside = build.report(url=GOOD), build.report(url=GOOD)
    cited_by(hazard, beside)
    wanted = change(beside)
    with pytest.raises(InvalidInput, match="holds the age of a child"):
        build.publishing(wanted)
    assert build.publishing(change(elsewhere))


def _aliased(report: Record) -> do.Change:
    return do.AddAlias(record=report.id, text="Of one aged 9")


def test_no_name_that_waits_to_be_taken_out_holds_up_what_takes_others_out(
    hazard: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before_names_were_read:
        before_names_were_read.setattr("kb.records.publish.check_names", lambda work: None)
        report = build.report("Of one aged 9", url=GOOD)
        build.publishing(_aliased(report))
        build.state(hazard, "outcome", "It was taken down.", evidence=[build.says(report)])
    alias = report.names.get()
    for table, row, column in (
        ("records_record", report.id, "slug"), ("records_name", alias.id, "text"), ("records_record", report.id, "name"),
    ):  # fmt: skip
        assert build.publishing(do.Redact(table=table, row=row, columns=(column,)))


def test_a_report_can_be_withdrawn_whatever_it_is_called(hazard: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before_names_were_read:
        before_names_were_read.setattr("kb.records.publish.check_names", lambda work: None)
        report = build.report("Of one aged 9", url=GOOD)
        build.state(hazard, "outcome", "It was taken down.", evidence=[build.says(report)])
    assert build.publishing(do.WithdrawRecord(record=report.id))
