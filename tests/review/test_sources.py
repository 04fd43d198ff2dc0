"""By no road does a report come to stand beside a finding about unlawful material with an address that may not stand there."""

from collections.abc import Callable

import pytest

from kb.core.errors import InvalidInput
from kb.core.safety import UnsafeText
from kb.records import changes as do
from kb.records.models import Record, Statement
from kb.review.sources import check_hazard_source, unfit_sources
from tests import build

pytestmark = pytest.mark.django_db

KNOWN = "https://arxiv.org/abs/2401.00001"


@pytest.fixture
def hazard(db: None) -> Record:
    return build.issue("Links in an index", code="D01", frames=["child_safety"])


@pytest.fixture
def odd(db: None) -> Record:
    return build.report("A page of somebody", url="https://some.blogspot.com/x")


@pytest.fixture
def mild(odd: Record) -> Statement:
    """What an issue of another kind says by that page."""
    return build.state(build.issue("Bias"), "outcome", "It was mended.", evidence=[build.says(odd)])


def said_of(issue: Record) -> Statement:
    return build.state(issue, "outcome", "It was taken down.", evidence=[build.says(build.report("A study", url=KNOWN))])


ROADS: dict[str, Callable[[Record, Record, Statement], do.Change]] = {
    "evidence": lambda hazard, odd, mild: do.AddEvidence(statement=said_of(hazard).id, evidence=build.says(odd)),
    "where a source is cited": lambda hazard, odd, mild: do.AddEvidence(
        statement=said_of(hazard).id, evidence=build.says(build.report(url=KNOWN), cited_in=odd)
    ),
    "end of a statement": lambda hazard, odd, mild: do.AddStatement(subject=hazard.id, predicate="raised_by", object=odd.id),
    "move": lambda hazard, odd, mild: do.MoveStatement(record=mild.subject_id, statement=mild.id, to=hazard.id),
    "merge": lambda hazard, odd, mild: do.MergeRecord(record=mild.subject_id, into=hazard.id),
    "merge the other way": lambda hazard, odd, mild: do.MergeRecord(record=hazard.id, into=mild.subject_id),
    "merge of reports": lambda hazard, odd, mild: do.MergeRecord(
        record=said_of(hazard).evidence.get().report_id, into=odd.id
    ),
    "kind of issue": lambda hazard, odd, mild: do.AmendDetail(
        record=mild.subject_id, fields={"code": "D02", "frames": ["child_safety"]}
    ),
    "address": lambda hazard, odd, mild: do.AmendDetail(
        record=said_of(hazard).evidence.get().report_id, fields={"url": odd.report.url}
    ),
}  # fmt: skip


@pytest.mark.parametrize("road", ROADS)
def test_an_unfit_source_is_named_by_whatever_road_it_comes(hazard: Record, odd: Record, mild: Statement, road: str) -> None:
    names = [report if isinstance(report, str) else report.name for report in unfit_sources([ROADS[road](hazard, odd, mild)])]
    assert names == (["A study"] if road == "address" else [odd.name])


def test_a_new_report_is_named_whatever_its_address_becomes(hazard: Record) -> None:
    new = do.CreateRecord(ref="new:page", kind="report", name="A page", detail={"type": "other", "url": KNOWN})
    cited = do.EvidenceDraft(report="new:page", kind="journalism", gist="It says so.")
    added = do.AddEvidence(statement=said_of(hazard).id, evidence=cited)
    amended = do.AmendDetail(record="new:page", fields={"url": "https://some.blogspot.com/x"})
    assert unfit_sources([new, added]) == []
    assert unfit_sources([new, added, amended]) == ["A page"]


def test_what_is_taken_back_is_never_held_up_by_its_source(hazard: Record, odd: Record) -> None:
    statement = build.state(hazard, "outcome", "It was taken down.", evidence=[build.says(odd)])
    assert unfit_sources([do.RetractStatement(statement=statement.id), do.WithdrawRecord(record=odd.id)]) == []


def test_an_address_on_file_is_read_as_a_new_one_is(hazard: Record) -> None:
    report = build.report("A list", url=f"https://arxiv.org/{'a1' * 32}/part-00012.parquet")
    added = do.AddEvidence(statement=said_of(hazard).id, evidence=build.says(report))
    assert unfit_sources([added]) == [report]
    with pytest.raises(UnsafeText):
        check_hazard_source(report.report.url)


def test_a_host_is_known_where_an_address_on_record_leads_to_it_and_not_where_one_holds_its_name(hazard: Record) -> None:
    held = build.report(url="https://archive.example.org/page?of=kept.example.net")
    build.state(hazard, "outcome", "It was taken down.", evidence=[build.says(held)])
    check_hazard_source("https://www.archive.example.org/other")
    with pytest.raises(InvalidInput, match=r"kept\.example\.net is not among those known"):
        check_hazard_source("https://kept.example.net/other")
