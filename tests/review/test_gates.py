"""What must be true before publication: two editors where it weighs, a reply where somebody is accused, an embargo kept."""

from datetime import timedelta

import pytest

from kb.accounts.models import Representation, User
from kb.core.clock import today
from kb.core.errors import Conflict, InvalidInput
from kb.ledger.write import current_edition
from kb.records import changes as do
from kb.records.models import Record
from kb.review.asked import parties_to_ask
from kb.review.decide import move
from kb.review.edit import add_note, amend_change, confirm_current
from kb.review.gates import WEIGHS, approvals_needed, approvers, open_gates
from kb.review.models import Proposal
from kb.review.open_changes import FOR_EDITORS
from kb.review.policy import Actor
from kb.review.screen import Refused
from kb.review.sources import unfit_sources
from kb.review.stale import differences
from kb.review.submit import Sender, send_changes
from kb.review.unreported import is_unreported
from tests import build
from tests.review.desk import World, act, filed, person, reviewed

pytestmark = pytest.mark.django_db


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
    assert needed(do.AddIdentifier(record=issue.id, scheme="cve", value="CVE-2024-1")) == 2
    assert needed(do.MoveAlias(record=world.model.id, text="The copying of faces", to=issue.id)) == 2
    assert needed(do.RestoreRecord(record=issue.id)) == 2
    assert needed(do.RestoreStatement(statement=link.id)) == 2
    assert needed(do.AmendStatement(statement=link.id, fields={"note": "By a study."})) == 2


def test_restoring_a_source_of_what_is_said_of_an_issue_takes_two_editors(world: World, issue: Record) -> None:
    assert needed(do.RestoreRecord(record=world.study.id)) == 1
    build.add_evidence(issue.statements.get(predicate="impact"), build.says(world.study))
    build.withdraw(world.study)
    assert needed(do.RestoreRecord(record=world.study.id)) == 2


def test_what_says_nothing_of_an_issue_takes_one(world: World) -> None:
    assert needed(do.RenameRecord(record=world.model.id, name="Painter XV")) == 1
    assert needed(do.RestoreRecord(record=world.model.id)) == 1
    assert needed(do.AddAlias(record=world.model.id, text="Painter fifteen")) == 1


def test_every_change_that_may_be_proposed_says_whether_it_takes_two_editors() -> None:
    assert set(WEIGHS) == FOR_EDITORS


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


def test_a_hazard_that_rests_on_a_report_on_file_without_an_address_stays_back_first(world: World, editor: User) -> None:
    own = build.report("Our own work", type="other")
    told = {"record": own.public_id, "kind": "technical_audit", "gist": "We counted links."}
    proposal = reviewed(world, editor, sources=[told], **HAZARD)
    assert any(UNREPORTED in gate for gate in open_gates(proposal))


def test_a_record_that_a_hazard_is_said_to_affect_anew_stays_back_where_nobody_published_that(world: World) -> None:
    hazard = build.issue("Links in an index", code="D01", frames=["child_safety"])
    own = build.report("Our own work", type="submission")

    def said(report: Record, **more: str) -> bool:
        given = {"qualifier": "affected"} | more
        change = do.AddStatement(
            subject=hazard.id, predicate="impact", object=world.data.id, evidence=(build.says(report),), **given
        )
        return is_unreported([change], hazard=True)

    assert said(own) and not said(world.study)
    assert not said(own, qualifier="not_affected")
    mild = build.issue("Odd rows", code="D15", frames=["transparency"])
    link = build.state(mild, "impact", world.data, qualifier="affected", evidence=[build.says(own)])
    moved = do.MoveStatement(record=mild.id, statement=link.id, to=hazard.id)
    assert is_unreported([moved], hazard=True)
    also = do.AddEvidence(statement=link.id, evidence=build.says(world.study))
    assert not is_unreported([moved, also], hazard=True)


def test_an_issue_that_becomes_a_hazard_stays_back_where_nobody_published_it(world: World) -> None:
    found = build.issue("Odd rows", code="D15", frames=["transparency"])
    becomes = do.AmendDetail(record=found.id, fields={"code": "D01"})
    build.state(found, "impact", world.data, qualifier="affected", evidence=[build.says(build.report("Own", type="submission"))])
    assert is_unreported([becomes], hazard=True)
    assert not is_unreported([do.AmendDetail(record=found.id, fields={"code": "D11"})], hazard=True)
    build.state(found, "impact", world.model, qualifier="affected", evidence=[build.says(world.study)])
    assert not is_unreported([becomes], hazard=True)


def test_no_address_stands_beside_a_hazard_by_way_of_a_report_on_file(world: World, editor: User) -> None:
    odd = build.report("A page of somebody", url="https://some.blogspot.com/x")
    cited = {"record": odd.public_id, "kind": "journalism", "gist": "It tells of links."}
    proposal = reviewed(world, editor, sources=[cited], **HAZARD)
    assert any("The address of “A page of somebody” may not stand" in gate for gate in open_gates(proposal))
    assert not any("may not stand" in gate for gate in open_gates(reviewed(world, editor, sources=[cited])))


def test_the_address_of_a_report_that_a_hazard_cites_is_not_amended_to_another_site(world: World) -> None:
    hazard = build.issue("Links in an index", code="D01", frames=["child_safety"])
    good = build.report("A study", url="https://arxiv.org/abs/2401.00001")
    build.state(hazard, "impact", world.data, qualifier="affected", evidence=[build.says(good)])
    other = do.AmendDetail(record=good.id, fields={"url": "https://some.blogspot.com/x"})
    same = do.AmendDetail(record=good.id, fields={"url": "https://arxiv.org/abs/2401.00002"})
    assert unfit_sources([other]) == [good]
    assert unfit_sources([same]) == []


def test_what_is_said_of_an_issue_takes_two_editors_and_asks_everybody_again(world: World, issue: Record) -> None:
    build.reply(issue, world.maker)
    said = do.AddStatement(subject=issue.id, predicate="described_as", value="The maker knew of all of it.")
    assert needed(said) == 2
    assert parties_to_ask([said]) == {world.maker.id}
    described = build.state(issue, "described_as", "It repeats faces.")
    note = do.AmendStatement(statement=described.id, fields={"note": "Everybody there knew."})
    assert needed(note) == 2
    assert parties_to_ask([note]) == {world.maker.id}


def test_another_source_on_an_issue_asks_only_who_never_had_the_word(world: World, issue: Record) -> None:
    link = issue.statements.get(predicate="impact")
    draft = build.says(world.study)
    assert parties_to_ask([do.AddEvidence(statement=link.id, evidence=draft)]) == {world.maker.id}
    build.reply(issue, world.maker)
    assert parties_to_ask([do.AddEvidence(statement=link.id, evidence=draft)]) == set()


def test_approvals_of_those_who_may_judge_no_longer_do_not_count(world: World, editor: User) -> None:
    second, third = person("editor"), person("editor")
    proposal = reviewed(world, editor)
    for one in (editor, second):
        proposal = act(proposal, "approve", one)
    assert approvers(proposal) == [editor, second]
    User.objects.filter(pk=second.pk).update(role="reviewer")
    assert approvers(proposal) == [editor]
    act(proposal, "approve", third)
    Representation.objects.create(
        user=third, party_record_id=world.maker.id, verified_by=person("admin"), how_verified="Its imprint."
    )
    assert approvers(proposal) == [editor]
    with pytest.raises(Conflict, match="1 of 2 editors"):
        act(proposal, "publish", editor, reason="Ready.")


def test_who_wrote_a_change_does_not_pass_it_with_an_approval_that_lapsed(world: World, editor: User) -> None:
    body = {"change": "add_alias", "record": world.model.slug, "text": "Painter fifteen"}
    proposal = send_changes([body], Sender(), title="A name", reason="Its page says so.")
    act(proposal, "take", editor)
    proposal = act(proposal, "start_review", editor)
    proposal = amend_change(proposal, 1, body | {"text": "Painter XV"}, editor, revision=proposal.revision)
    second = person("editor")
    for one in (editor, second):
        act(proposal, "approve", one)
    User.objects.filter(pk=second.pk).update(role="reader")
    with pytest.raises(Conflict, match="cannot be the only one"):
        act(proposal, "publish", editor, reason="Ready.")


def test_confirming_covers_what_was_read_and_nothing_that_came_later(world: World, editor: User) -> None:
    body = {"change": "rename_record", "record": world.app.slug, "name": "Sketch App Two"}
    proposal = send_changes([body], Sender(), title="Its name", reason="It was renamed.")
    act(proposal, "take", editor)
    build.publishing(do.RenameRecord(record=world.app.id, name="Sketch App One"))
    read = current_edition()
    build.publishing(do.RenameRecord(record=world.app.id, name="Sketch App Three"))
    proposal.refresh_from_db()
    confirmed = confirm_current(proposal, editor, revision=proposal.revision, edition=read)
    assert any("changed since it was drawn up" in gate for gate in open_gates(confirmed))
    confirmed = confirm_current(confirmed, editor, revision=confirmed.revision, edition=current_edition())
    assert not any("changed since it was drawn up" in gate for gate in open_gates(confirmed))
    with pytest.raises(InvalidInput, match="There is no edition"):
        confirm_current(confirmed, editor, revision=confirmed.revision, edition=current_edition() + 1)


def test_what_stands_beside_a_proposal_is_read_strictly_before_it_becomes_a_hazard(world: World, editor: User) -> None:
    proposal = filed(world, code="D06", frames=["discrimination"])
    act(proposal, "take", editor)
    add_note(proposal, "She was 7 years old, they say.", editor)
    proposal.refresh_from_db()
    body = proposal.changes.get(position=1).body
    hazard = body | {"detail": body["detail"] | {"code": "D01", "frames": ["child_safety"]}}
    with pytest.raises(Conflict, match="a note breaks a rule that holds then"):
        amend_change(proposal, 1, hazard, editor, revision=proposal.revision)
    proposal.notes.all().delete()
    assert amend_change(proposal, 1, hazard, editor, revision=proposal.revision).hazard


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


def test_what_was_added_since_to_what_falls_or_goes_elsewhere_is_looked_at_first(world: World, issue: Record) -> None:
    link = issue.statements.get(predicate="impact")
    other = build.issue("Painter copies faces", code="M01", frames=["privacy"])
    taken: list[do.Change] = [
        do.WithdrawRecord(record=issue.id), do.MergeRecord(record=issue.id, into=other.id),
        do.RetractStatement(statement=link.id), do.MoveStatement(record=issue.id, statement=link.id, to=other.id),
    ]  # fmt: skip
    base = current_edition()
    assert [differences([change], base) for change in taken] == [[], [], [], []]
    build.add_evidence(link, build.says(world.study, gist="A court found the same."))
    assert all("A court found the same." in [one.now for one in differences([change], base)] for change in taken)
    base = current_edition()
    build.state(issue, "described_as", "It repeats faces.", note="As a court says.")
    found = [[(one.field, one.now) for one in differences([change], base)] for change in taken]
    assert [("", "As a court says.") in one for one in found] == [True, True, False, False]


def test_a_duplicate_points_to_a_record_or_to_another_submission(world: World, editor: User, issue: Record) -> None:
    proposal, other = reviewed(world, editor), reviewed(world, editor)
    for nothing in ("UP-I-999", "no-such-thing", proposal.key):
        with pytest.raises(InvalidInput, match="neither a record nor another submission"):
            act(proposal, "mark_duplicate", editor, reason="Said before.", duplicate_of=nothing)
    assert act(proposal, "mark_duplicate", editor, reason="Said.", duplicate_of=other.key).duplicate_of == other.key
    assert act(other, "mark_duplicate", editor, reason="Said.", duplicate_of=issue.slug).duplicate_of == issue.public_id


def test_a_public_reason_is_read_as_strictly_as_what_is_published(world: World, editor: User) -> None:
    proposal, seen = filed(world), "They found 3,226 links with clip score above 0.3"
    act(proposal, "take", editor)
    with pytest.raises(Refused):
        move(proposal, "start_review", Actor(user=editor), reason=seen, public=True)
    assert move(proposal, "start_review", Actor(user=editor), reason=seen).state == "under_review"
