"""The right of reply: who is asked, what may be cut, and what of it becomes public."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from kb.accounts.models import User
from kb.core.clock import now, today
from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.jobs.models import Job
from kb.ledger.write import current_edition
from kb.records import changes as do
from kb.records.models import Reply
from kb.review.asking import ask, ask_again, waive
from kb.review.gates import open_gates
from kb.review.invite import close_link, make_invitation, open_invitation, revoke, share
from kb.review.models import Invitation, ReplyRequest
from kb.review.queue import desk_figures
from kb.review.reply import CUT, close_unanswered, decline, is_cut_of, moderate, receive
from kb.review.screen import Refused
from kb.review.submit import Sender
from kb.review.timing import END_REPLY
from tests import build
from tests.review.desk import World, act, asked, filed, invitation, person, reviewed

TEXT = "We published a fix. Our engineer wrote to you. We disagree with the numbers."


def test_a_party_is_asked_by_a_link_that_only_it_gets(world: World, editor: User) -> None:
    proposal, _ = asked(world, editor)
    letter = next(message for message in mail.outbox if message.to == ["press@example.org"])
    token = str(letter.body).split("/finding/")[1].split("/")[0]
    assert open_invitation(token).proposal == proposal
    assert token not in str(list(Invitation.objects.values()))
    assert "Painter" not in str(letter.body)


def test_every_opening_of_a_link_is_noted(world: World, editor: User) -> None:
    made, token = make_invitation(world.maker.id, "a@example.org", "By telephone.", editor, proposal=filed(world))
    open_invitation(token)
    open_invitation(token)
    assert made.openings.count() == 2


def test_a_link_ends_with_its_day_and_with_a_word_of_the_desk(world: World, editor: User) -> None:
    made, token = make_invitation(world.maker.id, "a@example.org", "By telephone.", editor, proposal=filed(world))
    revoke(made)
    with pytest.raises(NotFound):
        open_invitation(token)
    late, old = make_invitation(world.maker.id, "a@example.org", "By telephone.", editor, proposal=filed(world))
    Invitation.objects.filter(id=late.id).update(expires=now() - timedelta(seconds=1))
    with pytest.raises(NotFound):
        open_invitation(old)
    with pytest.raises(NotFound):
        open_invitation("anything")


def test_a_reply_is_published_with_the_finding_verbatim(world: World, editor: User) -> None:
    second = person("editor")
    proposal, request = asked(world, editor)
    receive(invitation(request), TEXT)
    assert any("not moderated yet" in gate for gate in open_gates(proposal))
    request.refresh_from_db()
    moderate(request, TEXT, "", editor)
    act(proposal, "approve", editor)
    act(proposal, "approve", second)
    assert not Reply.objects.exists()
    proposal = act(proposal, "publish", editor, reason="Reviewed by two.")
    reply = Reply.objects.get()
    assert (reply.record_id, reply.party, reply.state, reply.text, reply.cut) == (
        proposal.record_id, world.maker, "received", TEXT, False,
    )  # fmt: skip


def test_a_cut_is_marked_and_has_a_public_reason(world: World, editor: User) -> None:
    _, request = asked(world, editor)
    receive(invitation(request), TEXT)
    request.refresh_from_db()
    shorter = f"We published a fix. {CUT} We disagree with the numbers."
    with pytest.raises(InvalidInput, match="Say why"):
        moderate(request, shorter, "", editor)
    with pytest.raises(InvalidInput, match="only cuts"):
        moderate(request, "We published no fix.", "It was shorter.", editor)
    assert moderate(request, shorter, "It named a private person.", editor).settled


@pytest.mark.parametrize(("shown", "allowed"), [
    (TEXT, True), (f"{CUT} We disagree with the numbers.", True), (f"We published a fix. {CUT}", True),
    (f"We published a fix. {CUT} We disagree.", False), ("We published a fix.", False), (f"A fix. {CUT}", False), (CUT, True),
    (f"We disagree with the numbers. {CUT} We published a fix.", False),
])  # fmt: skip
def test_a_moderator_writes_no_word_of_a_reply(shown: str, allowed: bool) -> None:
    assert is_cut_of(shown, TEXT) is allowed


@given(st.lists(st.text(max_size=12), max_size=12), st.integers(0, 12), st.integers(0, 12))
def test_leaving_out_one_passage_of_whole_words_is_always_a_cut(words: list[str], one: int, other: int) -> None:
    start, end = sorted((min(one, len(words)), min(other, len(words))))
    assert is_cut_of(" ".join([*words[:start], CUT, *words[end:]]), " ".join(words))


@pytest.mark.parametrize(("shown", "text", "allowed"), [
    (f"It was {CUT}lawful.", "It was unlawful.", False), (f"It was not law{CUT}", "It was not lawful.", False),
    (f"We can{CUT} agree.", "We can't agree.", False), (f"It was {CUT}lawful.", "It was non-lawful.", False),
    (f"We can{CUT} agree.", "We can\u2019t agree.", False),
    (f"We removed 3{CUT} links.", "We removed 3,226 links.", False), (f"{CUT} in {CUT} May.", "We sinned in early May.", True),
    (f"{CUT} in {CUT}", "Begin.", False), (f"“{CUT}” it says.", "“Anna knew” it says.", True),
    (f"First,{CUT} then.", "First,this and then.", True),
])  # fmt: skip
def test_a_cut_leaves_no_word_in_two(shown: str, text: str, allowed: bool) -> None:
    assert is_cut_of(shown, text) is allowed


def test_the_guard_reads_a_reply_before_it_is_stored(world: World, editor: User) -> None:
    _, request = asked(world, editor)
    with pytest.raises(Refused):
        receive(invitation(request), "See https://example.org/list.parquet")
    request.refresh_from_db()
    assert (request.state, request.text) == ("requested", "")


def test_a_party_answers_once(world: World, editor: User) -> None:
    _, request = asked(world, editor)
    receive(invitation(request), TEXT)
    with pytest.raises(Conflict):
        receive(invitation(request), "Another one.")
    with pytest.raises(Conflict):
        decline(invitation(request))


def test_silence_until_the_deadline_is_no_reply(world: World, editor: User) -> None:
    _, request = asked(world, editor)
    assert Job.objects.filter(kind=END_REPLY, key=str(request.pk)).exists()
    close_unanswered(request.pk)
    request.refresh_from_db()
    assert request.state == "requested", "its day has not passed"
    ReplyRequest.objects.filter(id=request.pk).update(due=today() - timedelta(days=1))
    close_unanswered(request.pk)
    request.refresh_from_db()
    assert (request.state, request.settled) == ("no_response", True)
    close_unanswered(request.pk)


def test_an_answer_calls_the_deadline_off(world: World, editor: User) -> None:
    _, request = asked(world, editor)
    decline(invitation(request))
    assert not Job.objects.filter(kind=END_REPLY, key=str(request.pk)).exists()
    close_unanswered(request.pk)
    request.refresh_from_db()
    assert request.state == "declined"


def test_a_party_asked_about_a_record_on_file_is_public_at_once(world: World, editor: User) -> None:
    issue = build.issue("Bias in Painter")
    request = ask(world.maker.id, "press@example.org", "Its imprint.", editor, record_id=issue.id)
    assert (Reply.objects.get().state, Reply.objects.get().asked) == ("requested", today())
    receive(invitation(request), TEXT)
    assert Reply.objects.get().state == "requested"
    request.refresh_from_db()
    moderate(request, TEXT, "", editor)
    assert (Reply.objects.get().state, Reply.objects.get().text) == ("received", TEXT)


def test_a_waiver_has_a_reason_that_becomes_public(world: World, editor: User) -> None:
    proposal = reviewed(world, editor)
    assert ReplyRequest.objects.get(proposal=proposal).settled
    with pytest.raises(InvalidInput):
        waive(filed(world), world.maker.id, " ", editor)


def test_a_reply_is_asked_of_a_party_only(world: World, editor: User) -> None:
    with pytest.raises(InvalidInput, match="party on record"):
        ask(world.model.id, "press@example.org", "Its imprint.", editor, proposal=reviewed(world, editor))
    assert not ReplyRequest.objects.filter(party_id=world.model.id).exists()


@pytest.mark.parametrize("days", [0, -1, 400])
def test_a_deadline_lies_ahead_and_not_too_far(world: World, editor: User, days: int) -> None:
    with pytest.raises(InvalidInput, match="due"):
        ask(world.maker.id, "a@example.org", "Its imprint.", editor, proposal=filed(world), due=today() + timedelta(days=days))


def test_a_party_can_reply_again_once_a_rejected_finding_is_opened_again(world: World, editor: User) -> None:
    proposal, request = asked(world, editor)
    ReplyRequest.objects.filter(id=request.id).update(due=today() - timedelta(days=1))
    act(proposal, "reject", editor, reason="No source says so.")
    assert not Invitation.objects.get(id=request.invitation_id).is_open
    mail.outbox.clear()
    act(proposal, "reopen", editor, reason="A source was found.")
    request.refresh_from_db()
    token = next(str(message.body) for message in mail.outbox if message.to == ["press@example.org"]).split("/finding/")[1]
    assert open_invitation(token.split("/")[0]) == request.invitation
    assert request.due is not None and request.due > today()
    assert Job.objects.filter(kind=END_REPLY, state="waiting").count() == 1


def test_a_party_whose_link_was_closed_is_not_said_to_be_silent(world: World, editor: User) -> None:
    proposal, request = asked(world, editor)
    close_link(invitation(request), editor)
    assert not Job.objects.filter(kind=END_REPLY, state="waiting").exists()
    ReplyRequest.objects.filter(id=request.id).update(due=today() - timedelta(days=1))
    close_unanswered(request.id)
    request.refresh_from_db()
    assert request.state == "requested"
    assert any("Its link was closed: send it a new one." in gate for gate in open_gates(proposal))
    request = ask_again(request, "press@example.org", "Its imprint.", editor)
    assert not any("closed" in gate for gate in open_gates(proposal))
    assert request.due is not None and request.due > today() and invitation(request).is_open


def test_a_party_whom_no_letter_reached_is_not_said_to_be_silent(world: World, editor: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "kb.jobs.mail.QueuedBackend"
    proposal, request = asked(world, editor)
    letter = Job.objects.get(kind="mail", key__startswith="<invitation.")
    assert any("No mail server has taken the letter to it yet." in gate for gate in open_gates(proposal))
    ReplyRequest.objects.filter(id=request.id).update(due=today() - timedelta(days=1))
    for state in ("waiting", "dead", "dropped"):
        Job.objects.filter(id=letter.id).update(state=state, payload="")
        close_unanswered(request.id)
        request.refresh_from_db()
        assert request.state == "requested"
        assert any("No mail server has taken the letter to it: send it a new link." in gate for gate in open_gates(proposal))
    letter.delete()  # done, and forgotten since
    close_unanswered(request.id)
    request.refresh_from_db()
    assert request.state == "no_response"


def test_a_finding_is_shared_while_it_is_reviewed_and_never_by_its_own_submitter(world: World, editor: User) -> None:
    proposal = filed(world)
    with pytest.raises(Conflict, match="shared while it is reviewed"):
        share(world.maker.id, "lab@example.org", "By telephone.", editor, proposal=proposal)
    own = filed(world, Sender(user=editor))
    act(own, "take", person("editor"))
    with pytest.raises(Conflict, match="of their own"):
        share(world.maker.id, "lab@example.org", "By telephone.", editor, proposal=own)
    assert not Invitation.objects.exists()


def test_sharing_and_closing_a_link_are_logged_and_void_no_approval(world: World, editor: User) -> None:
    proposal = reviewed(world, editor)
    act(proposal, "approve", editor)
    made = share(world.maker.id, "lab@example.org", "By telephone.", editor, proposal=proposal)
    close_link(made, editor)
    close_link(Invitation.objects.get(id=made.id), editor)
    log = proposal.decisions.values_list("action", "reason")
    assert list(log)[-2:] == [("share", f"With {world.maker.name}"), ("revoke_link", f"Of {world.maker.name}")]
    assert proposal.approvals.filter(revision=proposal.revision).count() == 1


def test_nothing_is_said_about_a_record_while_it_is_withdrawn(world: World, editor: User) -> None:
    issue = build.issue("Bias in Painter")
    request = ask(world.maker.id, "press@example.org", "Its imprint.", editor, record_id=issue.id)
    other = ask(build.responsible(world.data).id, "lab@example.org", "Its imprint.", editor, record_id=issue.id)
    received = receive(invitation(other), TEXT)
    assert desk_figures().replies_awaited == 1
    edition = build.withdraw(issue).edition
    for act_ in (
        lambda: receive(invitation(request), TEXT),
        lambda: decline(invitation(request)),
        lambda: moderate(received, TEXT, "", editor),
    ):
        with pytest.raises(Conflict, match="was withdrawn"):
            act_()
    ReplyRequest.objects.filter(id=request.id).update(due=today() - timedelta(days=1))
    close_unanswered(request.id)
    assert (current_edition(), desk_figures().replies_awaited) == (edition, 0)
    build.publishing(do.RestoreRecord(record=issue.id))
    moderate(received, TEXT, "", editor)
    assert [row.text for row in Reply.objects.filter(state="received")] == [TEXT]
