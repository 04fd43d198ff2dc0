"""A browser and a live site with the founding world, for what only a browser can show."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from kb.exchange.importers.founding import read_folder
from kb.exchange.sync import sync
from kb.records.sources import FOUNDING
from tests.conftest import CHROMIUM

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def site(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a live site that serves the founding world."""
    sync(FOUNDING, read_folder(settings.BASE_DIR / "fixtures" / "seed"), actor="seed", reason="The founding world.")
    return str(live_server.url)
