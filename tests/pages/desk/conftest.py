"""People at the desk, and a proposal under review."""

import pytest
from django.test import Client

from kb.accounts.models import User
from kb.review.models import Proposal
from tests.accounts.people import make_person, sign_in
from tests.review.desk import World, make_world, reviewed


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
def proposal(world: World, editor: User) -> Proposal:
    """A filing under review."""
    return reviewed(world, editor)
