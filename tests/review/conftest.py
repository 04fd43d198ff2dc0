"""The small world that proposals are about, and editors who judge them."""

import pytest

from kb.accounts.models import User
from tests.review.desk import World, make_world, person


@pytest.fixture
def world(db: None) -> World:
    """A small world."""
    return make_world()


@pytest.fixture
def editor(db: None) -> User:
    """An editor."""
    return person("editor")


@pytest.fixture
def second(db: None) -> User:
    """Another editor."""
    return person("editor")
