"""A live site with the founding world, for what only a browser can show."""

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from kb.exchange.importers.founding import read_folder
from kb.exchange.sync import sync
from kb.records.sources import FOUNDING


@pytest.fixture
def site(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a live site that serves the founding world."""
    sync(FOUNDING, read_folder(settings.BASE_DIR / "fixtures" / "seed"), actor="seed", reason="The founding world.")
    return str(live_server.url)
