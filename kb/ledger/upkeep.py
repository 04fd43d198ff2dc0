"""Keeping the guard up: around migrations, and as a system check."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.db import connections

from kb.ledger import guard
from kb.ledger.models import Change


def before_migrations(using: str, plan: list[Any], **_: object) -> None:
    """Take the guard down where there is something to migrate: rebuilding a table copies its rows."""
    if plan:
        guard.drop(connections[using])


def after_migrations(using: str, **_: object) -> None:
    """Put the guard up; SQLite drops triggers with the table that a migration rebuilds."""
    guard.install(connections[using])


def check_triggers(
    app_configs: Sequence[AppConfig] | None, databases: Iterable[str] | None = None, **_: object
) -> list[CheckMessage]:
    """Report a database whose guard is not complete."""
    faults: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if Change._meta.db_table not in connection.introspection.table_names():
            continue
        if missing := guard.missing_triggers(connection):
            faults.append(Error(f"{len(missing)} triggers of the guard are missing, first {missing[0]}", id="ledger.E001"))
    return faults
