"""What every test stands on: fresh caches, the guard around tests that commit, and what may be missing on a machine."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker

from kb.core.kept import BODIES
from kb.ledger import guard
from kb.lineage.load import forget_worlds

# The synchronous driver of the browser runs a loop of its own in this thread, in which Django would refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
SHARED = Path(settings.BASE_DIR).parent / "shared"
CHROMIUM = "/usr/bin/chromium"
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Test SQLite as it is run: in a file, where several connections wait for one another.

    A browser keeps its connection to a live server open, and with it a thread of that server and what the thread has open of
    the database, into the next tests: no connection to the database outlives its request here.
    """
    connection.settings_dict["CONN_MAX_AGE"] = 0
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.getbasetemp() / "test.sqlite3")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless: one for all tests of a process, whose driver runs once only."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def fresh_worlds() -> Iterator[None]:
    """Each test numbers its editions anew, so no graph of another one may be kept."""
    forget_worlds()
    yield
    forget_worlds()


@pytest.fixture
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every answer is made: one that was kept from before shows nothing that came since, and costs nothing."""
    monkeypatch.setattr(BODIES, "get", lambda etag: None)


def commits(item: pytest.Item) -> bool:
    """Whether a test commits: its tables are flushed afterwards."""
    marker = item.get_closest_marker("django_db")
    wanted = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}
    return bool(marker and marker.kwargs.get("transaction")) or bool(wanted & set(getattr(item, "fixturenames", ())))


@pytest.fixture(autouse=True)
def guard_around_flush(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Take the guard down before the tables of a test that commits are flushed.

    The flush ends like a migration, with the signal that puts the guard up again for the next test.
    """
    if not commits(request.node):
        yield
        return
    if "live_server" in request.fixturenames:
        request.getfixturevalue("live_server")
    request.getfixturevalue("transactional_db")
    yield
    with django_db_blocker.unblock():
        guard.drop(connection)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this machine cannot run; under CI a missing browser is a failure, never a skip."""
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        pytest.skip("the shared data does not lie beside the project")
    if item.get_closest_marker("browser") and not shutil.which(CHROMIUM):
        _missing(f"{CHROMIUM} is not installed")


def _missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and CI runs everything", pytrace=False)
    pytest.skip(what)


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Static files by their own names: names with digests exist only once they have been collected."""
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
