"""What counts as a database that is busy or away, and what people are told of what they sent."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError
from psycopg import errors

from kb.core.busy import trouble_of


def raised(cause: Exception, kind: type[Exception] = OperationalError) -> Exception:
    """An error of the driver as Django raises it."""
    try:
        raise kind(*cause.args) from cause
    except Exception as error:
        return error


def locked(folder: Path) -> sqlite3.OperationalError:
    """What SQLite says to the second writer."""
    path = str(folder / "busy.sqlite3")
    with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(path, timeout=0)) as other:
        one.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError) as caught:
            other.execute("BEGIN IMMEDIATE")
        one.rollback()
    return caught.value


def test_a_writer_who_waited_in_vain_is_told_that_nothing_was_saved(tmp_path: Path) -> None:
    trouble = trouble_of(raised(locked(tmp_path)))
    assert trouble is not None
    assert trouble.whole == (
        "The database is busy. Others are writing, so nothing was saved. Please try again in a moment."
    )  # fmt: skip


@pytest.mark.parametrize("cause", [errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure])
def test_what_postgresql_undid_for_the_sake_of_others_was_not_saved(cause: type[Exception]) -> None:
    trouble = trouble_of(raised(cause("canceling statement\nCONTEXT:  while updating")))
    assert trouble is not None
    assert (trouble.title, trouble.is_undone, trouble.cause) == ("The database is busy", True, "canceling statement")


@pytest.mark.parametrize(
    "cause", [psycopg.OperationalError, errors.AdminShutdown, errors.TooManyConnections, errors.ConnectionFailure]
)
def test_where_the_connection_broke_nobody_says_that_nothing_was_saved(cause: type[Exception]) -> None:
    trouble = trouble_of(raised(cause("the connection is closed")))
    assert trouble is not None
    assert trouble.title == "The database does not answer"
    assert "look whether it arrived" in trouble.sentence and "nothing was saved" not in trouble.sentence
    assert "Look what was stored" in trouble.for_operators


def test_outside_of_the_act_itself_nobody_says_that_nothing_was_saved(tmp_path: Path) -> None:
    trouble = trouble_of(raised(locked(tmp_path)), sure=False)
    assert trouble is not None
    assert trouble.title == "The database is busy"
    assert "look whether it arrived" in trouble.sentence and "nothing was saved" not in trouble.sentence


@pytest.mark.parametrize(
    "error",
    [
        None, ValueError("locked"), OperationalError("database is locked"), DatabaseError("unlogged insert"),
        raised(sqlite3.OperationalError("no such table: x")), raised(errors.DiskFull("no space left on device")),
        raised(errors.QueryCanceled("statement timeout")), raised(errors.UniqueViolation("twice"), IntegrityError),
        raised(psycopg.InterfaceError("cursor already closed"), InterfaceError),
    ],
)  # fmt: skip
def test_every_other_error_stays_a_fault(error: Exception | None) -> None:
    assert trouble_of(error) is None
