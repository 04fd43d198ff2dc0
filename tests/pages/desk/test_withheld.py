"""What the desk keeps from an editor who speaks for a party: what its submitter and other parties have said in confidence."""

import pytest
from django.test import Client

from kb.accounts.models import Representation, User
from kb.records.models import Record
from kb.review.asking import ask
from kb.review.decide import move
from kb.review.dispute import raise_dispute
from kb.review.models import Proposal, ReplyRequest
from kb.review.policy import submitter
from kb.review.reply import receive
from kb.review.submit import Sender, send_changes
from tests import build
from tests.accounts.people import make_person, sign_in
from tests.review.desk import World, act, filed

IN_CONFIDENCE = (
    "To Jane of legal", "They would delete it", "Ada Anonymous", "are you Anna Smith", "I work there in team Q",
    "It is too early", "rival@example.org", "By its imprint",
)  # fmt: skip


def speaking_for(party: Record) -> Client:
    """A browser in which an editor is signed in who speaks for a party."""
    person = make_person(role="editor")
    Representation.objects.create(
        user=person, party_record_id=party.id, verified_by=make_person(role="admin"), how_verified="Its imprint."
    )
    return sign_in(Client(), person)


@pytest.fixture
def told(world: World, editor: User) -> Proposal:
    """A filing about the model whose submitter told the desk more, with another party that was asked."""
    sender = Sender(email="finder@example.org", credit="pseudonym", credit_name="Ada Anonymous")
    proposal = filed(world, sender, told_how="To Jane of legal", embargo_reason="They would delete it")
    act(proposal, "take", editor)
    act(proposal, "ask", editor, reason="Whom did you tell, and are you Anna Smith?")
    move(Proposal.objects.get(id=proposal.id), "answer", submitter(), reason="I work there in team Q.")
    proposal = act(proposal, "start_review", editor, reason="It is too early to say.")
    ask(build.party("Rival").id, "rival@example.org", "By its imprint.", editor, proposal=proposal)
    return proposal


def read(browser: Client, proposal: Proposal) -> str:
    return browser.get(f"/desk/p/{proposal.key}/").content.decode() + browser.get("/desk/log/").content.decode()


def test_who_speaks_for_the_accused_reads_nothing_that_was_said_in_confidence(desk: Client, told: Proposal, world: World) -> None:
    for_the_desk, for_the_party = read(desk, told), read(speaking_for(world.maker), told)
    assert [words for words in IN_CONFIDENCE if words not in for_the_desk] == []
    assert [words for words in IN_CONFIDENCE if words in for_the_party] == []
    assert "Submitter asked</strong>" in for_the_party
    assert "speak for a party" in for_the_party


def test_who_speaks_for_a_party_does_not_read_why_a_reader_corrects_what_it_answers_for(desk: Client, world: World) -> None:
    body = {"change": "add_alias", "record": world.model.slug, "text": "Painter fifteen"}
    proposal = send_changes([body], Sender(), title="Another name", reason="I was its engineer.")
    assert "its engineer" in read(desk, proposal)
    assert "its engineer" not in read(speaking_for(world.maker), proposal)


def test_who_speaks_for_the_accused_does_not_read_what_another_party_replied(desk: Client, told: Proposal, world: World) -> None:
    request = ReplyRequest.objects.get(proposal=told)
    assert request.invitation is not None
    receive(request.invitation, "We warned them in May.")
    insider, where = speaking_for(world.maker), f"/desk/replies/{request.pk}/"
    assert "in May" in desk.get(where).content.decode()
    page = insider.get(where).content.decode()
    assert "speak for a party" in page and "in May" not in page and "rival@example.org" not in page
    answer = insider.post(where, {"shown": "We warned them in May.", "reason": ""})
    assert (answer.status_code, "in May" in answer.content.decode()) == (409, False)


def test_who_speaks_for_the_accused_is_offered_no_form_to_ask_about_the_record(desk: Client, world: World, editor: User) -> None:
    ask(build.party("Rival").id, "rival@example.org", "By its imprint.", editor, record_id=world.model.id)
    where = f"/desk/records/{world.model.slug}/ask/"
    assert "rival@example.org" in desk.get(where).content.decode()
    page = speaking_for(world.maker).get(where).content.decode()
    assert "speak for a party" in page and "rival@example.org" not in page and "Send the link" not in page


def test_who_speaks_for_the_accused_does_not_read_who_disputes_what_it_answers_for_and_how(desk: Client, world: World) -> None:
    case, _ = raise_dispute(world.model, "It was trained on more, as I saw there.", name="Ada")
    where = f"/desk/disputes/{case.key}/"
    page = desk.get(where).content.decode()
    assert "as I saw there" in page and ", Ada" in page
    page = speaking_for(world.maker).get(where).content.decode()
    assert "speak for a party" in page and "as I saw there" not in page and ", Ada" not in page
