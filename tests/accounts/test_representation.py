"""Speaking for a party: asked for with a reason, verified by another, ended by a date."""

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from kb.accounts.models import Representation, RepresentationRequest
from kb.accounts.representation import ask, end, parties_of, refuse, representatives_of, verify
from kb.core.errors import Conflict, InvalidInput, NotFound
from tests import build
from tests.accounts.people import make_person, sign_in

pytestmark = pytest.mark.django_db
REASON = "I answer for its data releases."
GIVEN = {"work_email": "ada@maker.example", "reason": REASON}
PARTY = 41


def test_who_was_verified_speaks_for_the_party_until_it_ended() -> None:
    person, admin = make_person(), make_person("admin")
    assert parties_of(person) == frozenset()
    made = verify(ask(person, PARTY, **GIVEN).pk, by=admin, how="A mail from the address of its site.")
    assert (parties_of(person), representatives_of(PARTY)) == ({PARTY}, {person.pk})
    end(made.pk)
    assert (parties_of(person), representatives_of(PARTY)) == (frozenset(), frozenset())


def test_asking_gives_nothing() -> None:
    person = make_person()
    ask(person, PARTY, **GIVEN)
    assert parties_of(person) == frozenset()


def test_nobody_verifies_themselves() -> None:
    admin = make_person("admin")
    number = ask(admin, PARTY, **GIVEN).pk
    with pytest.raises(Conflict, match="Another administrator"):
        verify(number, by=admin, how="It is me.")
    assert RepresentationRequest.objects.get().decided is None


def test_a_request_is_open_once_and_may_be_made_again_after_a_refusal() -> None:
    person, admin = make_person(), make_person("admin")
    number = ask(person, PARTY, **GIVEN).pk
    with pytest.raises(Conflict):
        ask(person, PARTY, **GIVEN)
    refuse(number, by=admin, why="Nobody answered.")
    ask(person, PARTY, **GIVEN)


def test_a_request_is_decided_once() -> None:
    admin = make_person("admin")
    number = ask(make_person(), PARTY, **GIVEN).pk
    refuse(number, by=admin, why="Nobody answered.")
    with pytest.raises(Conflict):
        verify(number, by=admin, how="They did.")
    assert not Representation.objects.exists()


def test_a_decision_says_how_or_why() -> None:
    admin = make_person("admin")
    number = ask(make_person(), PARTY, **GIVEN).pk
    with pytest.raises(InvalidInput):
        verify(number, by=admin, how=" ")
    assert RepresentationRequest.objects.get().decided is None


def test_what_ended_cannot_end_again() -> None:
    with pytest.raises(NotFound):
        end(7)


def test_a_text_that_the_guard_refuses_is_not_stored() -> None:
    with pytest.raises(InvalidInput, match="discarded and not stored"):
        ask(make_person(), PARTY, work_email="ada@maker.example", reason="See https://maker.example/me")
    assert not RepresentationRequest.objects.exists()


def test_from_asking_to_answering_by_pages(client: Client, mailoutbox: list[EmailMessage]) -> None:
    party, person, admin = build.party("The Maker"), make_person(), make_person("admin")
    page = reverse("account_parties")
    sign_in(client, person).post(page, {"party": party.slug, **GIVEN})
    request = RepresentationRequest.objects.get()
    assert "not decided yet" in client.get(page).content.decode()
    desk = sign_in(Client(), admin)
    assert REASON in desk.get(reverse("desk_representatives")).content.decode()
    desk.post(reverse("desk_representative_decide", args=[request.pk]), {"act": "grant", "answer": "A call."})
    assert parties_of(person) == {party.pk}
    assert (mailoutbox[0].to, mailoutbox[0].subject) == ([person.email], "You may speak for The Maker")
    assert "You speak for" in client.get(page).content.decode()
    desk.post(reverse("desk_representative_end", args=[Representation.objects.get().pk]))
    assert parties_of(person) == frozenset()


@pytest.mark.parametrize(("party", "words"), [("nowhere", "There is no record"), ("", "required")])
def test_a_party_is_named_by_its_record(client: Client, party: str, words: str) -> None:
    answer = sign_in(client, make_person()).post(reverse("account_parties"), {"party": party, **GIVEN})
    assert words in answer.content.decode()


def test_only_a_party_is_spoken_for(client: Client) -> None:
    dataset = build.dataset("Pairs")
    answer = sign_in(client, make_person()).post(reverse("account_parties"), {"party": dataset.slug, **GIVEN})
    assert "Pairs is not a party." in answer.content.decode()
    assert not RepresentationRequest.objects.exists()


@pytest.mark.parametrize("role", ["reader", "contributor", "reviewer", "editor"])
def test_requests_do_not_exist_for_those_who_do_not_decide_them(client: Client, role: str) -> None:
    number = ask(make_person(), PARTY, **GIVEN).pk
    sign_in(client, make_person(role))
    assert client.get(reverse("desk_representatives")).status_code == 404
    assert client.post(reverse("desk_representative_decide", args=[number]), {"act": "grant", "answer": "x"}).status_code == 404
    assert not Representation.objects.exists()
