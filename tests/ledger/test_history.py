"""Rows that editions changed are found by an index of their own, not by reading everything that was ever written."""

import pytest
from django.db import connection

from kb.ledger.history import rewritten_since
from kb.ledger.write import current_edition
from kb.records import changes as do
from kb.records.models import Evidence, Record
from tests import build

pytestmark = pytest.mark.django_db


def test_rows_that_were_only_inserted_are_not_rewritten() -> None:
    first, second = build.dataset("First"), build.dataset("Second")
    before = current_edition()
    assert list(rewritten_since(Record, 0)) == []
    build.publishing(do.RenameRecord(record=first.id, name="First of all"))
    build.dataset("Third")
    assert list(rewritten_since(Record, before)) == [first]
    build.publishing(do.RenameRecord(record=second.id, name="Second of all"))
    assert set(rewritten_since(Record, 0)) == {first, second}
    assert list(rewritten_since(Record, current_edition() - 1)) == [second]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a small table whole, whatever indexes it has")
@pytest.mark.parametrize(("model", "index"), [(Record, "records_record_rewritten"), (Evidence, "records_evidence_rewritten")])
def test_they_are_looked_up_by_the_index_of_such_rows(model: type[Record] | type[Evidence], index: str) -> None:
    assert index in rewritten_since(model, 7).values_list("id", flat=True).explain()
