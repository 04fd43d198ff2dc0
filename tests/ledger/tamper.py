"""Edits behind the ledger's back: what somebody with the database's password could do while the guard is down."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

from kb.ledger import guard
from kb.ledger.verify import faults


@contextmanager
def guard_down() -> Iterator[None]:
    """Take the guard down for a while. Deferred constraints are settled first, since PostgreSQL alters no table before."""
    connection.check_constraints()
    guard.drop(connection)
    yield
    connection.check_constraints()
    guard.install(connection)


def run(sql: str, *values: Any) -> None:
    """Run a statement as it stands."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def columns(model: type[models.Model], **replaced: str) -> tuple[str, str]:
    """The columns of a table as two lists: their names, and what to select to copy a row, with some replaced by SQL."""
    names = [field.column for field in model._meta.concrete_fields]
    quoted = [f'"{name}"' for name in names]
    return ", ".join(quoted), ", ".join(replaced.get(name, f'"{name}"') for name in names)


def faults_but_triggers() -> list[str]:
    """What `verify` finds apart from the triggers that a test has taken down."""
    return [line for line in faults() if not line.startswith("trigger ")]
