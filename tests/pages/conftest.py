"""What tests of pages share: the founding world, loaded once for each module and rolled back, and the installation's log."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from pytest_django import DjangoDbBlocker

from kb.core.logs import WithoutTrace
from kb.exchange.importers.founding import read_folder
from kb.exchange.sync import sync
from kb.records.sources import FOUNDING


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the log of an installation would hold, formatted and filtered as it is there."""
    handlers = [one for one in logging.getLogger().handlers if any(isinstance(kept, WithoutTrace) for kept in one.filters)]
    (handler,) = (one for one in handlers if isinstance(one, logging.StreamHandler))
    before = handler.setStream(io.StringIO())
    yield handler.stream
    handler.setStream(before)


@pytest.fixture(scope="module")
def founding_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load fixtures/seed through publish()."""
    with django_db_blocker.unblock(), transaction.atomic():
        sync(FOUNDING, read_folder(settings.BASE_DIR / "fixtures" / "seed"), actor="seed", reason="The founding world.")
        yield
        transaction.set_rollback(True)
