"""The founding world for tests of pages: loaded once for each module, inside a transaction that is rolled back."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from pytest_django import DjangoDbBlocker

from kb.exchange.importers.founding import read_folder
from kb.exchange.sync import sync
from kb.records.sources import FOUNDING


@pytest.fixture(scope="module")
def founding_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load fixtures/seed through publish()."""
    with django_db_blocker.unblock(), transaction.atomic():
        sync(FOUNDING, read_folder(settings.BASE_DIR / "fixtures" / "seed"), actor="seed", reason="The founding world.")
        yield
        transaction.set_rollback(True)
