"""What must be true before publication: two editors where it weighs, a reply where somebody is accused, an embargo kept."""

from datetime import timedelta

import pytest

from kb.accounts.models import User
from kb.core.clock import today
from kb.core.errors import InvalidInput
from kb.records import changes as do
from kb.records.models import Record
from kb.review.asked import parties_to_ask
from kb.review.decide import move
from kb.review.gates import approvals_needed, open_gates
from kb.review.models import Proposal
from kb.review.policy import Actor
from kb.review.screen import Refused
from kb.review.submit import Sender, send_changes
from tests import build
from tests.review.desk import World, act, filed, make_world, person, reviewed

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def editor() -> User:
    return person("editor")


@pytest.fixture
def issue(world: World) -> Record:
    found = build.issue("Painter repeats faces", code="M01", frames=["privacy"])
    build.state(found, "impact", world.model, qualifier="affected")
    return found


def needed(*changes: do.Change) -> int:
    return approvals_needed(Proposal(kind="edit"), list(changes))


def test_whatever_words_or_restores_an_issue_takes_two_editors(world: World, issue: Record) -> None:
    link = issue.statements.get(predicate="impact")
    assert needed(do.RenameRecord(record=issue.id, name="Painter copies faces")) == 2
    assert needed(do.AmendDetail(record=issue.id, fields={"code": "D11"})) == 2
    assert needed(do.AddAlias(record=issue.id, text="The copying of faces")) == 2
    assert needed(do.RestoreRecord(record=issue.id)) == 2
    assert needed(do.RestoreStatement(statement=link.id)) == 2
    assert needed(do.AmendStatement(statement=link.id, fields={"note": "By a study."})) == 2


def test_what_says_nothing_of_an_issue_takes_one(world: World) -> None:
    assert needed(do.RenameRecord(record=world.model.id, name="Painter XV")) == 1
    assert needed(do.RestoreRecord(record=world.model.id)) == 1
    assert needed(do.AddAlias(record=world.model.id, text="Painter fifteen")) == 1


def test_wording_an_issue_anew_or_restoring_it_asks_those_who_never_had_the_word(world: World, issue: Record) -> None:
    renamed = [do.RenameRecord(record=issue.id, name="Painter copies faces")]
    assert parties_to_ask(list(renamed)) == {world.maker.id}
    assert parties_to_ask([do.RestoreRecord(record=issue.id)]) == {world.maker.id}
    build.reply(issue, world.maker)
    assert parties_to_ask(list(renamed)) == set()


def test_a_withdrawn_issue_asks_for_what_it_said_when_it_is_restored(world: World, issue: Record) -> None:
    build.withdraw(issue)
    assert parties_to_ask([do.RestoreRecord(record=issue.id)]) == {world.maker.id}


HAZARD = {
    "code": "D01", "frames": ["child_safety"], "title": "Suspected links in an index", "summary": "Links are suspected.",
    "how_known": "By comparing.",
}  # fmt: skip
SOURCE = {"title": "Our own work", "kind": "technical_audit", "gist": "We counted links."}
UNREPORTED = "Nobody has reported this finding yet"


@pytest.mark.parametrize("more", [{"type": "submission"}, {"type": "other"}, {"type": "study"}, {}])
def test_a_hazard_that_cites_nothing_published_stays_back_first(world: World, editor: User, more: dict[str, str]) -> None:
    proposal = reviewed(world, editor, sources=[SOURCE | more], **HAZARD)
    assert any(UNREPORTED in gate for gate in open_gates(proposal))


def test_a_hazard_that_a_report_on_file_tells_of_needs_no_embargo(world: World, editor: User) -> None:
    told = {"record": world.study.public_id, "kind": "paper", "gist": "It counts links."}
    proposal = reviewed(world, editor, sources=[told], **HAZARD)
    assert not any(UNREPORTED in gate for gate in open_gates(proposal))


def test_the_end_of_an_embargo_can_be_moved_and_its_coordinator_stays(world: World, editor: User) -> None:
    proposal = reviewed(world, editor)
    proposal = act(proposal, "embargo", editor, reason="The maker needs time.", coordinator="CERT")
    later = today() + timedelta(days=200)
    proposal = act(proposal, "prolong", editor, reason="The fix takes longer.", until=later)
    assert (proposal.state, proposal.embargo_until, proposal.coordinator) == ("embargoed", later, "CERT")


def test_an_embargo_outlives_a_rejection_that_is_taken_back(world: World, editor: User) -> None:
    proposal = reviewed(world, editor)
    act(proposal, "embargo", editor, reason="The maker needs time.", coordinator="CERT")
    act(proposal, "reject", editor, reason="It is not a finding.")
    act(proposal, "reopen", editor, reason="It is after all.")
    proposal = act(proposal, "start_review", editor)
    assert any(gate.startswith("The embargo ends on") for gate in open_gates(proposal))
    act(proposal, "no_embargo", editor, reason="The maker has published it.")
    assert not any("embargo" in gate for gate in open_gates(Proposal.objects.get(id=proposal.id)))


def test_a_proposal_drawn_up_on_an_older_edition_says_what_changed_since(world: World, editor: User) -> None:
    link = build.state(world.app, "described_as", "An app.")
    base = link.edition
    build.amend(link, note="Somebody else was faster.")
    body = {"change": "amend_statement", "statement": link.id, "fields": {"note": "As its help pages say."}}
    proposal = send_changes([body], Sender(), title="A note", reason="It was missing.", base_edition=base)
    assert proposal.base_edition == base
    assert any("changed since it was drawn up" in gate for gate in open_gates(proposal))


def test_a_duplicate_points_to_a_record_or_to_another_submission(world: World, editor: User, issue: Record) -> None:
    proposal, other = reviewed(world, editor), reviewed(world, editor)
    for nothing in ("UP-I-999", "no-such-thing", proposal.key):
        with pytest.raises(InvalidInput, match="neither a record nor another submission"):
            act(proposal, "mark_duplicate", editor, duplicate_of=nothing)
    assert act(proposal, "mark_duplicate", editor, duplicate_of=other.key).duplicate_of == other.key
    assert act(other, "mark_duplicate", editor, duplicate_of=issue.slug).duplicate_of == issue.public_id


def test_a_public_reason_is_read_as_strictly_as_what_is_published(world: World, editor: User) -> None:
    proposal, seen = filed(world), "They found 3,226 links with clip score above 0.3"
    act(proposal, "take", editor)
    with pytest.raises(Refused):
        move(proposal, "start_review", Actor(user=editor), reason=seen, public=True)
    assert move(proposal, "start_review", Actor(user=editor), reason=seen).state == "under_review"
