"""A party that was asked for its reply, and the browsers of those who read and answer."""

from dataclasses import dataclass

import pytest
from django.core import mail
from django.test import Client

from kb.accounts.models import Representation, User
from kb.review.asking import ask
from kb.review.models import Proposal, ReplyRequest
from kb.review.submit import Sender
from tests.accounts.people import make_person, sign_in
from tests.review.desk import World, act, filed, make_world


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a reply, and the token that its letter carries."""

    proposal: Proposal
    request: ReplyRequest
    token: str

    @property
    def path(self) -> str:
        """Where the link leads."""
        return f"/finding/{self.token}/"


def token_of_last_letter() -> str:
    """Return the token of the last letter that carries a link."""
    letter = next(message for message in reversed(mail.outbox) if "/finding/" in str(message.body))
    return str(letter.body).split("/finding/")[1].split("/")[0]


@pytest.fixture
def world(db: None) -> World:
    """A small world."""
    return make_world()


@pytest.fixture
def editor(db: None) -> User:
    """An editor."""
    return make_person(role="editor")


@pytest.fixture
def desk(editor: User) -> Client:
    """A browser in which the editor is signed in."""
    return sign_in(Client(), editor)


@pytest.fixture
def review(world: World, editor: User) -> Proposal:
    """A filing under review, by somebody who wants to be credited by name."""
    sender = Sender(email="quincunx@example.org", credit="pseudonym", credit_name="Quincunx")
    proposal = filed(world, sender, told_how="Quincunx wrote to them.")
    act(proposal, "take", editor)
    return act(proposal, "start_review", editor)


@pytest.fixture
def asked(review: Proposal, world: World, editor: User) -> Asked:
    """The maker, asked about it."""
    request = ask(world.maker.id, "press@example.org", "Its imprint names this address.", editor, proposal=review)
    return Asked(review, request, token_of_last_letter())


@pytest.fixture
def spokesperson(world: World) -> User:
    """Somebody who is verified to speak for the maker."""
    person = make_person()
    Representation.objects.create(
        user=person, party_record_id=world.maker.pk, verified_by=make_person(role="admin"), how_verified="By telephone."
    )
    return person
