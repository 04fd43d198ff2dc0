"""A database that is busy or does not answer: how that is told from a fault of ours, and what people get to read.

Pages, the API and commands answer in forms of their own. What is no trouble of this kind stays a fault, with its trace.
"""

import sqlite3
from dataclasses import dataclass

import psycopg
from django.db import OperationalError

RETRY_AFTER = 5  # seconds

_TITLE_BUSY, _TITLE_AWAY = "The database is busy", "The database does not answer"
_NOTHING = "Others are writing, so nothing was saved."
_LOOK = "Look what was stored"
_UNCERTAIN = "If you sent something, look whether it arrived before you send it again."

# PostgreSQL's codes (appendix A of its manual): a lock that took too long or could not be had; a transaction that was
# undone for the sake of others; no room, or a server that is starting or ending. Class 08 is the connection.
_UNDONE = frozenset({"55P03", "40001", "40P01"})
_AWAY = frozenset({"53300", "57P01", "57P02", "57P03"})
_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_PRIMARY = 0xFF  # SQLite's extended codes bear the primary one in their last byte


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is the matter, whether what was under way is certain to be undone, and the driver's own words for the log."""

    title: str
    is_undone: bool
    cause: str

    @property
    def sentence(self) -> str:
        """What people read under the title."""
        return f"{_NOTHING if self.is_undone else _UNCERTAIN} Please try again in a moment."

    @property
    def whole(self) -> str:
        """All of it where there is no title."""
        return f"{self.title}. {self.sentence}"

    @property
    def for_operators(self) -> str:
        """The one line that a command ends with: it may have stored something before, in transactions of their own."""
        outcome = "Nothing of the step under way was stored; what was stored before it stands" if self.is_undone else _LOOK
        return f"{self.title} ({self.cause}). {outcome}. Run the command again in a moment."


def trouble_of(error: BaseException | None, *, sure: bool = True) -> Trouble | None:
    """Return the trouble that an error tells of, or None.

    A transaction that did not get its lock has stored nothing. Where the connection broke nobody knows whether the last
    one was stored, nor is it known outside of the act itself: `sure` says that the error comes from there.
    """
    if not isinstance(error, OperationalError):
        return None
    cause, words = error.__cause__, next(iter(str(error).splitlines()), "") or type(error).__name__
    if _is_undone(cause):
        return Trouble(_TITLE_BUSY, sure, words)
    return Trouble(_TITLE_AWAY, False, words) if _is_away(cause) else None


def _is_undone(cause: BaseException | None) -> bool:
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & _PRIMARY in _SQLITE_BUSY
    return getattr(cause, "sqlstate", None) in _UNDONE


def _is_away(cause: BaseException | None) -> bool:
    """Whether there is no connection. PostgreSQL's driver gives no code where it never got as far as the server."""
    if not isinstance(cause, psycopg.OperationalError):
        return False
    return cause.sqlstate is None or cause.sqlstate in _AWAY or cause.sqlstate.startswith("08")
