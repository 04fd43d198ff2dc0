"""Whether something proposed is about unlawful material is asked of the record as it is now, merges and sources included."""

import pytest

from kb.accounts.models import User
from kb.records import changes as do
from kb.records.models import Record
from kb.review.asking import ask, waive
from kb.review.dispute import raise_dispute
from kb.review.gates import open_gates
from kb.review.hazards import concerns_hazard
from kb.review.reply import is_hazard_request
from kb.review.screen import Refused
from kb.review.submit import Sender, send_changes
from tests import build
from tests.review.desk import World, act

pytestmark = pytest.mark.django_db

STRICT = "The similarity threshold was 0.31."
AS_HAZARD = {"code": "D01", "frames": ["child_safety"]}


@pytest.fixture
def hazard(db: None) -> Record:
    return build.issue("Links in an index", code="D01", frames=["child_safety"])


def test_what_is_merged_with_such_a_finding_is_such_a_finding(hazard: Record) -> None:
    middle, issue = build.issue("Bias"), build.issue("The same bias")
    said = do.AddStatement(subject=issue.id, predicate="outcome", value="It was mended.")
    assert not concerns_hazard([said])
    assert concerns_hazard([do.MergeRecord(record=issue.id, into=hazard.id)])
    build.publishing(do.MergeRecord(record=issue.id, into=middle.id))
    build.publishing(do.MergeRecord(record=middle.id, into=hazard.id))
    assert concerns_hazard([said])
    with pytest.raises(Refused):
        raise_dispute(issue, STRICT)


def test_a_report_that_such_a_finding_cites_is_altered_as_strictly_as_the_finding_and_cited_freely(hazard: Record) -> None:
    report = build.report(url="https://arxiv.org/abs/2401.00001")
    build.state(hazard, "outcome", "It was taken down.", evidence=[build.says(report)])
    assert concerns_hazard([do.AmendDetail(record=report.id, fields={"url": "https://arxiv.org/abs/2401.00002"})])
    assert concerns_hazard([do.RenameRecord(record=report.id, name="A study")])
    assert concerns_hazard([do.MergeRecord(record=build.report().id, into=report.id)])
    other = build.state(build.issue("Bias"), "outcome", "It was mended.")
    build.state(hazard, "impact", index := build.dataset("Index"), qualifier="affected")
    assert not concerns_hazard([do.RenameRecord(record=index.id, name="The Index")])
    assert not concerns_hazard([do.AddEvidence(statement=other.id, evidence=build.says(report))])


@pytest.mark.parametrize("field", ["slug", "name"])
def test_the_words_of_a_slug_are_read_as_those_of_a_name(hazard: Record, field: str) -> None:
    words = "child-named-anna" if field == "slug" else "Child named Anna"
    body = {"change": "rename_record", "record": hazard.slug, field: words}
    with pytest.raises(Refused):
        send_changes([body], Sender(), title="Its name", reason="It is called so.")


def test_an_issue_that_becomes_such_a_finding_takes_what_waits_about_it_along(world: World, editor: User) -> None:
    odd = build.report("A page", url="https://some.blogspot.com/x")
    issue = build.issue("Bias")
    link = build.state(issue, "impact", world.model, qualifier="affected")
    evidence = {"report": odd.slug, "kind": "journalism", "gist": "It says so."}
    body = {"change": "add_evidence", "statement": link.id, "evidence": evidence}
    proposal = send_changes([body], Sender(), title="A source", reason="It was missing.")
    act(proposal, "take", editor)
    proposal = act(proposal, "start_review", editor)
    assert not any("may not stand" in gate for gate in open_gates(proposal))
    build.publishing(do.AmendDetail(record=issue.id, fields=AS_HAZARD))
    assert any("may not stand" in gate for gate in open_gates(proposal))
    with pytest.raises(Refused):
        waive(proposal, world.maker.id, STRICT, editor)
    request = waive(proposal, world.maker.id, "The maker published it.", editor)
    assert is_hazard_request(request)
    assert act(proposal, "approve", editor).hazard


def test_a_name_that_moves_to_a_report_that_such_a_finding_cites_is_read_strictly(hazard: Record) -> None:
    other, cited = build.report(), build.report()
    build.state(hazard, "outcome", "It was taken down.", evidence=[build.says(cited)])
    moved = do.MoveAlias(record=other.id, text=STRICT, to=cited.id)
    assert concerns_hazard([moved])
    assert not concerns_hazard([do.MoveAlias(record=other.id, text=STRICT, to=build.report().id)])


def test_what_is_said_against_a_report_that_such_a_finding_cites_is_read_strictly(
    world: World, hazard: Record, editor: User
) -> None:
    cited, other = build.report(), build.report()
    build.state(hazard, "outcome", "It was taken down.", evidence=[build.says(cited)])
    with pytest.raises(Refused):
        raise_dispute(cited, STRICT)
    with pytest.raises(Refused):
        ask(world.maker.id, "press@example.org", STRICT, editor, record_id=cited.id)
    assert raise_dispute(other, STRICT)
