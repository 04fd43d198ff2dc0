"""Somebody else who writes and does not end: what a busy database is to everybody else."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
from django.db import connection

_PATIENCE = 200  # milliseconds, instead of the twenty seconds of an installation


@contextmanager
def another_writer(table: str) -> Iterator[None]:
    """Hold the lock that a writer of a table needs, in a connection of its own, and let this thread wait for a moment only."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
        else:
            cursor.execute(f"SET lock_timeout = {_PATIENCE}")
    try:
        with _sqlite() if connection.vendor == "sqlite" else _postgres(table):
            yield
    finally:
        connection.close()


@contextmanager
def _sqlite() -> Iterator[None]:
    with closing(sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def _postgres(table: str) -> Iterator[None]:
    values = connection.get_connection_params()
    names = {name: values[name] for name in ("dbname", "user", "password", "host", "port") if values.get(name)}
    with psycopg.connect(**names) as other:
        other.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield
        other.rollback()
