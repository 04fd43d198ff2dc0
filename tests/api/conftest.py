"""The worlds that the tests of the API read, and who reads them."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client

from kb.exchange.importers.founding import read_folder
from kb.exchange.sync import sync
from kb.records.sources import FOUNDING
from tests.api.world import build_world


@pytest.fixture
def api() -> Client:
    """A client that reads the API; faults of the server are raised."""
    return Client()


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    """The small world."""
    return build_world()


@pytest.fixture
def founding(db: None) -> None:
    """The founding world."""
    sync(FOUNDING, read_folder(settings.BASE_DIR / "fixtures" / "seed"), actor="seed", reason="The founding world.")
