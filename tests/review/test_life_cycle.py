"""From a filing to an edition: every move of the table, who may make it, and what it leaves behind."""

import pytest
from django.core import mail

from kb.accounts.models import User
from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.ledger.models import Edition
from kb.ledger.write import current_edition
from kb.lineage.reach import issues_reaching
from kb.records.models import Record, Reply, Statement
from kb.review.changes import standing
from kb.review.decide import Details, move
from kb.review.edit import add_change, amend_change, assess, confirm_current, judge_change
from kb.review.gates import open_gates
from kb.review.keys import receipt_of
from kb.review.models import Decision, Proposal
from kb.review.policy import CLOCK, MOVES, Actor, moves_for, submitter
from kb.review.states import STATES
from kb.review.submit import Sender, by_receipt, send_changes, send_filing, start_filing
from kb.review.taken_up import confirm_answer
from tests import build
from tests.review.desk import World, act, filed, filing, person, reviewed

pytestmark = pytest.mark.django_db


def published(world: World, editor: User, second: User) -> Proposal:
    proposal = reviewed(world, editor)
    act(proposal, "approve", editor)
    act(proposal, "approve", second)
    return act(proposal, "publish", second, reason="Two editors have reviewed it.")


def test_a_filing_is_published_as_one_edition_once_two_editors_approved(world: World, editor: User, second: User) -> None:
    before = current_edition()
    proposal = published(world, editor, second)
    assert (proposal.state, proposal.edition) == ("published", before + 1)
    issue = Record.objects.get(id=proposal.record_id)
    assert (issue.kind, issue.issue.code, issue.issue.reviewers) == ("issue", "M01", 2)
    assert Statement.objects.get(subject=issue, predicate="impact").object == world.model
    assert Reply.objects.get(record=issue).state == "waived"


def test_the_number_of_an_issue_is_drawn_at_publication(world: World, editor: User, second: User) -> None:
    hidden = reviewed(world, editor)
    shown = published(world, editor, second)
    issue = Record.objects.get(id=shown.record_id)
    assert issue.public_id == "UP-I-1"
    assert hidden.record_id is None


def test_a_submission_changes_nothing_that_is_public(world: World, editor: User) -> None:
    before = (current_edition(), Record.objects.count(), Statement.objects.count())
    proposal = reviewed(world, editor)
    act(proposal, "approve", editor)
    assert (current_edition(), Record.objects.count(), Statement.objects.count()) == before


def test_one_approval_is_not_enough_for_a_finding(world: World, editor: User) -> None:
    proposal = reviewed(world, editor)
    act(proposal, "approve", editor)
    with pytest.raises(Conflict, match="1 of 2 editors"):
        act(proposal, "publish", editor, reason="Ready.")
    proposal.refresh_from_db()
    assert proposal.state == "under_review"


def test_one_editor_cannot_approve_twice(world: World, editor: User) -> None:
    proposal = reviewed(world, editor)
    act(proposal, "approve", editor)
    with pytest.raises(Conflict, match="approved this revision already"):
        act(proposal, "approve", editor)


def test_nobody_reviews_a_proposal_of_their_own(world: World, editor: User, second: User) -> None:
    proposal = filed(world, Sender(user=editor))
    with pytest.raises(Conflict, match="of their own"):
        act(proposal, "take", editor)
    assert [row.code for row in moves_for(proposal, Actor(user=editor))] == []
    assert act(proposal, "take", second).state == "triage"


def test_a_change_of_what_is_proposed_voids_the_approvals(world: World, editor: User, second: User) -> None:
    proposal = reviewed(world, editor)
    act(proposal, "approve", editor)
    proposal = act(proposal, "approve", second)
    body = proposal.changes.get(position=1).body | {"name": "A better title of the same finding"}
    amend_change(proposal, 1, body, editor, revision=proposal.revision)
    with pytest.raises(Conflict, match="0 of 2 editors"):
        act(proposal, "publish", second, reason="Ready.")


def test_an_approval_of_an_older_revision_is_refused(world: World, editor: User) -> None:
    proposal = reviewed(world, editor)
    seen = proposal.revision
    assess(proposal, {"gravity": 2, "scale": 1, "irreversibility": 1, "downstream_reach": 2}, editor, revision=seen)
    with pytest.raises(Conflict, match="changed since you opened it"):
        move(proposal, "approve", Actor(user=editor), details=Details(revision=seen))


def test_a_finding_waits_until_the_party_it_names_was_asked(world: World, editor: User, second: User) -> None:
    proposal = filed(world)
    act(proposal, "take", editor)
    act(proposal, "start_review", editor)
    act(proposal, "approve", editor)
    proposal = act(proposal, "approve", second)
    assert any("has not been asked for a reply" in gate for gate in open_gates(proposal))


def test_a_title_that_accuses_says_who_claims_it(world: World, editor: User) -> None:
    proposal = reviewed(world, editor, code="D11", frames=["copyright"], title="Painter infringes copyright")
    assert any("says who claims it" in gate for gate in open_gates(proposal))
    other = reviewed(world, editor, code="D11", frames=["copyright"], title="An artist claims that Painter copies her")
    assert not any("says who claims it" in gate for gate in open_gates(other))


def test_severity_is_published_with_the_issue(world: World, editor: User, second: User) -> None:
    proposal = reviewed(world, editor)
    factors = {"gravity": 2, "scale": 1, "irreversibility": 1, "downstream_reach": 2}
    proposal = assess(proposal, factors, editor, revision=proposal.revision)
    act(proposal, "approve", editor)
    act(proposal, "approve", second)
    proposal = act(proposal, "publish", editor, reason="Two editors have reviewed it.")
    detail = Record.objects.get(id=proposal.record_id).issue
    assert [getattr(detail, name) for name in factors] == list(factors.values())


def test_a_declined_change_is_left_out(world: World, editor: User, second: User) -> None:
    proposal = reviewed(world, editor, artifacts=[{"record": world.model.slug}, {"record": world.data.slug}])
    place = next(
        item.position for item in proposal.changes.all() if item.body.get("object") == world.data.public_id
    )  # fmt: skip
    proposal = judge_change(proposal, place, "declined", "The source names the model only.", editor, revision=proposal.revision)
    confirm_answer(proposal.reply_requests.get(), "Less is said of it.", editor, revision=proposal.revision)
    act(proposal, "approve", editor)
    act(proposal, "approve", second)
    proposal = act(proposal, "publish", editor, reason="Two editors have reviewed it.")
    affected = Statement.objects.filter(subject=proposal.record_id, predicate="impact").values_list("object", flat=True)
    assert list(affected) == [world.model.id]


def test_a_published_issue_reaches_the_products_below(world: World, editor: User, second: User) -> None:
    proposal = published(world, editor, second)
    assert [reach.issue.id for reach in issues_reaching(world.app)] == [proposal.record_id]


def test_a_proposal_on_an_older_edition_shows_what_changed_and_waits(world: World, editor: User, second: User) -> None:
    link = build.state(world.app, "described_as", "An app.")
    body = {"change": "amend_statement", "statement": link.id, "fields": {"note": "As its help pages say."}}
    proposal = send_changes([body], Sender(user=person("contributor")), title="A note", reason="It was missing.")
    build.amend(link, note="Somebody else was faster.")
    act(proposal, "take", editor)
    proposal = act(proposal, "start_review", editor)
    proposal = act(proposal, "approve", editor)
    with pytest.raises(Conflict, match="changed since it was drawn up"):
        act(proposal, "publish", editor, reason="Ready.")
    proposal.refresh_from_db()
    confirm_current(proposal, second, revision=proposal.revision, edition=current_edition())
    act(proposal, "approve", editor)
    assert act(proposal, "publish", editor, reason="Ready.").state == "published"
    link.refresh_from_db()
    assert link.note == "As its help pages say."


def test_a_correction_needs_one_editor(world: World, editor: User) -> None:
    body = {"change": "add_alias", "record": world.model.slug, "text": "Painter one and a half"}
    proposal = send_changes([body], Sender(email="reader@example.org"), title="Another name", reason="Its page says so.")
    act(proposal, "take", editor)
    act(proposal, "start_review", editor)
    act(proposal, "approve", editor)
    assert act(proposal, "publish", editor, reason="Checked.").state == "published"


def test_an_embargo_keeps_a_finding_back_until_its_day(world: World, editor: User, second: User, settings: object) -> None:
    proposal = reviewed(world, editor)
    act(proposal, "approve", editor)
    act(proposal, "approve", second)
    proposal = act(proposal, "embargo", editor, reason="The maker needs time.", coordinator="CERT")
    assert proposal.embargo_until is not None
    with pytest.raises(Conflict):
        act(proposal, "publish", editor, reason="Now.")
    proposal = move(proposal, "expire", CLOCK)
    assert (proposal.state, open_gates(proposal)) == ("under_review", [])
    assert move(proposal, "publish_on_time", CLOCK, reason="Its embargo ended.").state == "published"


def test_an_embargo_has_a_coordinator(world: World, editor: User) -> None:
    proposal = reviewed(world, editor)
    with pytest.raises(InvalidInput, match="coordinator"):
        act(proposal, "embargo", editor, reason="The maker needs time.")


def test_a_submitter_is_told_of_every_step_and_nothing_of_the_content(world: World, editor: User) -> None:
    proposal = filed(world)
    act(proposal, "take", editor)
    assert [message.to for message in mail.outbox] == [["finder@example.org"]] * 2
    assert all("Painter" not in message.subject + str(message.body) for message in mail.outbox)


def test_a_receipt_leads_back_to_the_submission(world: World) -> None:
    proposal = filed(world)
    assert by_receipt(f" {receipt_of(proposal.key).upper()} ") == proposal
    with pytest.raises(NotFound):
        by_receipt("aaaa-bbbb-cccc-dddd-eeee-ffff")
    assert receipt_of(proposal.key) not in str(Proposal.objects.values().get(id=proposal.id))


def test_a_question_and_its_answer_stand_beside_the_filing(world: World, editor: User) -> None:
    proposal = filed(world)
    act(proposal, "take", editor)
    act(proposal, "ask", editor, reason="Which version was it?")
    proposal = move(proposal, "answer", submitter(), reason="It was 1.5.")
    assert proposal.state == "triage"
    assert [message.text for message in proposal.messages.all()] == ["Which version was it?", "It was 1.5."]


@pytest.mark.parametrize("role", ["reader", "contributor"])
def test_who_is_not_of_the_desk_can_make_no_move_of_it(world: World, role: str) -> None:
    proposal = filed(world)
    for code in (row.code for row in MOVES.values() if row.by in {"reviewer", "editor"}):
        with pytest.raises(NotFound):
            act(proposal, code, person(role), reason="Because.")


def test_reviewers_neither_approve_nor_publish(world: World, editor: User) -> None:
    proposal = reviewed(world, editor)
    for code in ("approve", "publish", "embargo", "reject"):
        with pytest.raises(NotFound):
            act(proposal, code, person("reviewer"), reason="Because.")


@pytest.mark.parametrize("code", sorted(MOVES))
def test_a_move_is_possible_from_its_states_only(world: World, editor: User, code: str) -> None:
    row = MOVES[code]
    actor = {"submitter": submitter(), "clock": CLOCK}.get(row.by, Actor(user=editor))
    proposal = filed(world)
    for state in set(STATES) - row.before - {"published", "embargoed"}:
        Proposal.objects.filter(id=proposal.id).update(state=state)
        with pytest.raises(Conflict, match="is not possible from there"):
            move(proposal, code, actor, reason="Because.")
    assert {row.after or "draft", *row.before} <= set(STATES)


def test_every_move_is_logged(world: World, editor: User, second: User) -> None:
    proposal = published(world, editor, second)
    log = Decision.objects.filter(proposal=proposal).values_list("action", "before", "after")
    assert [action for action, _, _ in log] == ["submit", "take", "start_review", "waive_reply", "approve", "approve", "publish"]


def test_a_failed_publication_leaves_nothing_behind(world: World, editor: User, second: User) -> None:
    proposal = reviewed(world, editor)
    act(proposal, "approve", editor)
    act(proposal, "approve", second)
    item = proposal.changes.get(position=1)
    item.body = item.body | {"slug": world.model.slug}
    item.save()
    editions = Edition.objects.count()
    with pytest.raises(Conflict):
        act(proposal, "publish", editor, reason="Ready.")
    proposal.refresh_from_db()
    assert (proposal.state, Edition.objects.count()) == ("under_review", editions)


def test_what_could_not_be_published_cannot_be_submitted(world: World) -> None:
    proposal = start_filing(filing(world, artifacts=[{"record": world.maker.public_id}]), Sender())
    with pytest.raises(InvalidInput, match="not a dataset, model or product"):
        send_filing(proposal, submitter())
    proposal.refresh_from_db()
    assert (proposal.state, proposal.changes.count()) == ("draft", 0)


def test_a_draft_may_leave_anything_open_and_a_submission_not(world: World) -> None:
    proposal = start_filing({"title": "Only a title"}, Sender())
    with pytest.raises(InvalidInput, match="Say what was found"):
        send_filing(proposal, submitter())


def test_standing_changes_are_those_that_were_written(world: World) -> None:
    proposal = filed(world)
    kinds = [type(change).__name__ for change in standing(proposal)]
    assert kinds == ["CreateRecord", "AddStatement", "AddStatement"]


def test_who_wrote_a_change_cannot_be_the_only_one_to_approve_it(world: World, editor: User, second: User) -> None:
    body = {"change": "add_alias", "record": world.model.slug, "text": "Painter fifteen"}
    proposal = send_changes([body], Sender(email="reader@example.org"), title="Another name", reason="Its page says so.")
    act(proposal, "take", editor)
    proposal = act(proposal, "start_review", editor)
    proposal = amend_change(proposal, 1, body | {"text": "Painter XV"}, editor, revision=proposal.revision)
    act(proposal, "approve", editor)
    with pytest.raises(Conflict, match="cannot be the only one"):
        act(proposal, "publish", editor, reason="Ready.")
    act(proposal, "approve", second)
    assert act(proposal, "publish", editor, reason="Ready.").state == "published"


def test_a_filing_by_receipt_is_its_finders_own_by_the_address_given(world: World, editor: User) -> None:
    proposal = filed(world, Sender(email=editor.email.upper()))
    with pytest.raises(Conflict, match="of their own"):
        act(proposal, "take", editor)


def test_a_wish_for_an_embargo_is_decided_on(world: World, editor: User, second: User) -> None:
    proposal = reviewed(world, editor, Sender(email="finder@example.org", embargo_wanted=True))
    assert any("asks for an embargo" in gate for gate in open_gates(proposal))
    act(proposal, "no_embargo", editor, reason="The paper is public since May.")
    assert not any("embargo" in gate for gate in open_gates(proposal))


def test_an_unreported_finding_about_unlawful_material_stays_back_first(world: World, editor: User) -> None:
    source = {"title": "Our own work", "type": "submission", "kind": "technical_audit", "gist": "We counted links."}
    hazard = {
        "code": "D01",
        "frames": ["child_safety"],
        "title": "Suspected links in an index",
        "summary": "Links are suspected.",
    }
    proposal = reviewed(world, editor, sources=[source], how_known="By comparing.", **hazard)
    assert any("Nobody has reported this finding yet" in gate for gate in open_gates(proposal))


def test_a_role_that_the_proposal_itself_adds_makes_a_party_to_ask(world: World, editor: User) -> None:
    other = build.party("Another maker")
    proposal = reviewed(world, editor)
    role = {"change": "add_statement", "subject": world.model.slug, "predicate": "provider", "object": other.slug}
    proposal = add_change(proposal, role, editor, revision=proposal.revision)
    assert any("Another maker has not been asked" in gate for gate in open_gates(proposal))


def test_a_role_at_a_merged_record_makes_a_party_to_ask(world: World, editor: User) -> None:
    double = build.model("Painter again")
    maker = build.responsible(double)
    build.merge(double, into=world.model)
    proposal = reviewed(world, editor)
    assert any(f"{maker.name} has not been asked" in gate for gate in open_gates(proposal))


def test_opening_again_voids_the_approvals(world: World, editor: User) -> None:
    proposal = act(reviewed(world, editor), "approve", editor)
    proposal = act(proposal, "reject", editor, reason="No.")
    proposal = act(proposal, "reopen", editor, reason="Yes.")
    proposal = act(proposal, "start_review", editor)
    assert any("0 of 2 editors" in gate for gate in open_gates(proposal))


@pytest.mark.parametrize("title", ["A breach of licence issue", "An essay on painting"])
def test_a_word_that_only_looks_like_a_claim_is_none(world: World, editor: User, title: str) -> None:
    proposal = reviewed(world, editor, code="D11", frames=["copyright"], title=title)
    assert any("says who claims it" in gate for gate in open_gates(proposal))
