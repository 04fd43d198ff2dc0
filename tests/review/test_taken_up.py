"""How a party stands is taken up again: an answer counts for what was proposed then, and what was settled can be undone."""

from datetime import timedelta

import pytest

from kb.accounts.models import Representation, User
from kb.core.clock import today
from kb.core.errors import Conflict, InvalidInput
from kb.review.answered import digest_now
from kb.review.asking import ask_again, waive
from kb.review.gates import open_gates
from kb.review.models import Invitation, Proposal, ReplyRequest
from kb.review.reply import CUT, close_unanswered, decline, moderate, receive, take_refusal, take_reply
from kb.review.taken_up import confirm_answer, take_back
from tests.review.desk import World, act, asked, invitation, person, reviewed, reworded

pytestmark = pytest.mark.django_db

TEXT = "We published a fix. Our engineer wrote to you. We disagree with the numbers."


def changed_since(proposal: Proposal) -> list[str]:
    return [gate for gate in open_gates(Proposal.objects.get(id=proposal.id)) if "was changed since" in gate]


def settle(how: str, world: World, editor: User) -> tuple[Proposal, ReplyRequest]:
    """Settle the request of the maker in one of the ways that there are."""
    if how == "waived":
        proposal = reviewed(world, editor)
        return proposal, proposal.reply_requests.get()
    proposal, request = asked(world, editor)
    if how == "received":
        moderate(receive(invitation(request), TEXT), TEXT, "", editor)
    elif how == "declined":
        decline(invitation(request))
    else:
        lapse(request)
    request.refresh_from_db()
    return proposal, request


def lapse(request: ReplyRequest) -> None:
    """Let the day of a request pass without an answer."""
    ReplyRequest.objects.filter(id=request.id).update(due=today() - timedelta(days=1))
    close_unanswered(request.id)
    request.refresh_from_db()


SETTLED = ("received", "declined", "no_response", "waived")


@pytest.mark.parametrize("how", SETTLED)
def test_an_answer_or_a_waiver_counts_for_what_was_proposed_then(world: World, editor: User, how: str) -> None:
    proposal, request = settle(how, world, editor)
    assert (request.state, changed_since(proposal)) == (how, [])
    proposal = reworded(proposal, editor)
    assert changed_since(proposal)
    with pytest.raises(InvalidInput, match="Say why"):
        confirm_answer(request, " ", editor, revision=proposal.revision)
    with pytest.raises(Conflict, match="changed since you opened it"):
        confirm_answer(request, "It says the same.", editor, revision=proposal.revision - 1)
    confirm_answer(request, "It says the same.", editor, revision=proposal.revision)
    assert not changed_since(proposal)
    assert Proposal.objects.get(id=proposal.id).revision == proposal.revision + 1
    assert proposal.decisions.get(action="confirm_answer").reason == "It says the same."


def test_who_answers_after_a_change_answers_to_what_is_proposed_then(world: World, editor: User) -> None:
    proposal, request = asked(world, editor)
    reworded(proposal, editor)
    moderate(receive(invitation(request), TEXT), TEXT, "", editor)
    assert not changed_since(proposal)


def test_an_answer_to_what_is_changed_while_it_is_sent_is_not_taken(world: World, editor: User) -> None:
    proposal, request = asked(world, editor)
    read = digest_now(proposal)
    reworded(proposal, editor)
    for take in (lambda: take_reply(request, TEXT, read), lambda: take_refusal(request, read)):
        with pytest.raises(Conflict, match="Read it again"):
            take()
    request.refresh_from_db()
    assert (request.state, request.text) == ("requested", "")


def test_what_is_passed_on_is_of_the_words_that_a_party_sent_last(world: World, editor: User) -> None:
    _, request = asked(world, editor)
    stale = receive(invitation(request), TEXT)
    again = ask_again(ReplyRequest.objects.get(id=request.id), "press@example.org", "Its imprint.", editor)
    receive(invitation(again), "We agree.")
    with pytest.raises(InvalidInput, match="only cuts"):
        moderate(stale, TEXT, "", editor)


def test_silence_counts_for_what_was_proposed_when_the_party_was_asked(world: World, editor: User) -> None:
    proposal, request = asked(world, editor)
    reworded(proposal, editor)
    lapse(request)
    assert request.state == "no_response" and changed_since(proposal)


@pytest.mark.parametrize("how", SETTLED)
def test_a_party_whose_request_is_settled_can_be_asked_again(world: World, editor: User, how: str) -> None:
    proposal, request = settle(how, world, editor)
    proposal = reworded(proposal, editor)
    request = ask_again(request, "press@example.org", "Its imprint.", editor)
    assert request.due is not None and request.due > today()
    assert any("awaited" in gate for gate in open_gates(proposal))
    receive(invitation(request), "We disagree with that as well.")
    request.refresh_from_db()
    assert (request.state, request.text, request.moderated) == ("received", "We disagree with that as well.", False)
    assert not changed_since(proposal)


@pytest.mark.parametrize("how", ["received", "declined"])
def test_an_answer_stands_where_none_comes_to_the_question_anew(world: World, editor: User, how: str) -> None:
    proposal, request = settle(how, world, editor)
    reworded(proposal, editor)
    request = ask_again(request, "press@example.org", "Its imprint.", editor)
    lapse(request)
    assert (request.state, request.text) == (how, TEXT if how == "received" else "")
    if how == "received":
        moderate(request, TEXT, "", editor)
    assert changed_since(proposal), "it is still an answer to what was proposed before"


def test_whoever_declines_anew_takes_back_what_they_replied(world: World, editor: User) -> None:
    _, request = settle("received", world, editor)
    request = decline(invitation(ask_again(request, "press@example.org", "Its imprint.", editor)))
    assert (request.state, request.text) == ("declined", "")


def test_nobody_is_asked_again_about_what_is_published(world: World, editor: User) -> None:
    proposal, request = settle("declined", world, editor)
    for one in (editor, person("editor")):
        act(proposal, "approve", one)
    act(proposal, "publish", editor, reason="Reviewed by two.")
    request.refresh_from_db()
    with pytest.raises(Conflict, match="given already"):
        ask_again(request, "press@example.org", "Its imprint.", editor)
    with pytest.raises(Conflict, match="not taken up again"):
        take_back(request, "It was a mistake.", editor)


@pytest.mark.parametrize("how", ["declined", "no_response", "waived"])
def test_a_question_or_waiver_can_be_taken_back_and_is_then_missing(world: World, editor: User, how: str) -> None:
    proposal, request = settle(how, world, editor)
    link = request.invitation
    take_back(request, "The wrong party.", editor)
    assert not ReplyRequest.objects.filter(id=request.id).exists()
    assert any("has not been asked" in gate for gate in open_gates(Proposal.objects.get(id=proposal.id)))
    assert link is None or not Invitation.objects.get(id=link.id).is_open
    assert waive(proposal, world.maker.id, "It published the finding itself.", editor).settled


def test_moderation_can_be_taken_back_and_the_words_of_a_party_stay(world: World, editor: User) -> None:
    _, request = settle("received", world, editor)
    again = take_back(request, "A private person is named.", editor)
    assert again is not None and (again.text, again.settled) == (TEXT, False)
    with pytest.raises(Conflict, match="no editor has passed that on"):
        take_back(again, "Once more.", editor)
    assert moderate(again, f"{CUT} We disagree with the numbers.", "It names a private person.", editor).settled


def test_nobody_takes_up_the_answer_of_those_they_speak_for(world: World, editor: User) -> None:
    _, request = settle("declined", world, editor)
    insider = person("editor")
    Representation.objects.create(
        user=insider, party_record_id=world.maker.id, verified_by=person("admin"), how_verified="Its imprint."
    )
    with pytest.raises(Conflict, match="You speak for"):
        take_back(request, "No.", insider)
    with pytest.raises(Conflict, match="You speak for"):
        confirm_answer(request, "It holds.", insider, revision=1)
