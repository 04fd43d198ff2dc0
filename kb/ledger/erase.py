"""Erasing: after a purge, what was overwritten is taken off the database's own files too.

A database that deletes a row only forgets where it was. Backups, and archives of a PostgreSQL server's log, are left to
whoever keeps them.
"""

from collections.abc import Callable, Iterable, Mapping

from django.db import connection

from kb.core.errors import Conflict


def overwrite_what_is_deleted() -> None:
    """Let SQLite write zeros over whatever this connection deletes from now on."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def erase(tables: Iterable[str]) -> None:
    """Write the database's files anew without what was deleted from these tables. Call it outside of a transaction.

    Raises Conflict where another process holds on to what was: nothing is lost then, and it may be called again.
    """
    _ERASERS[connection.vendor](sorted(set(tables)))


def _sqlite(tables: list[str]) -> None:
    """All tables are in one file, which is rebuilt; the write-ahead log, which holds what was, is emptied."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (busy, *_) = cursor.fetchone()
    if busy:
        raise Conflict("Another process reads the database, so its log still holds what was taken out. Stop it and try again.")


def _postgresql(tables: list[str]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(table)}")


_ERASERS: Mapping[str, Callable[[list[str]], None]] = {"sqlite": _sqlite, "postgresql": _postgresql}
