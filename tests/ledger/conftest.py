"""The world that the tests of the ledger try to write to."""

import pytest

from tests import build


@pytest.fixture
def world(db: None) -> None:
    """Rows in every public table."""
    build.every_table()
