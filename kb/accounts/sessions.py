"""The session store: rows that know their owner and keep the digest of a key, and what a person sees of their own.

A row that leaks opens nothing, since the browser holds the key. No address is kept; what the browser calls itself is,
in a word, so that a person can tell their sessions apart.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils import timezone

from kb.accounts.models import Session, User

_OPENED, _BROWSER = "opened", "browser"
# In this order: most browsers also name the ones that came before them.
_BROWSERS = ("Edg", "OPR", "Firefox", "Chromium", "Chrome", "Safari")
_NAMES = {"Edg": "Edge", "OPR": "Opera"}
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "CrOS", "Linux")


class SessionStore(DatabaseStore):
    """Django's store over our rows."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the rows' model."""
        return Session

    def load(self) -> dict[str, Any]:
        """Read the session that the key opens, or nothing."""
        row = Session.objects.filter(session_key=digest(self.session_key), expire_date__gt=timezone.now()).first()
        if row is None:
            self._session_key = None
            return {}
        return dict(self.decode(row.session_data))

    def exists(self, session_key: str) -> bool:
        """Whether a key opens a session."""
        return Session.objects.filter(session_key=digest(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row to be written."""
        row = cast(Session, super().create_model_instance(data))
        row.session_key = digest(row.session_key)
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return row

    def delete(self, session_key: str | None = None) -> None:
        """End a session."""
        if key := session_key or self.session_key:
            Session.objects.filter(session_key=digest(key)).delete()


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its owner sees it; `handle` names it without opening it."""

    handle: str
    browser: str
    opened: datetime
    until: datetime
    is_this: bool


def digest(key: str | None) -> str:
    """Return what is stored of a session's key."""
    return hashlib.sha256((key or "").encode()).hexdigest()


def note_opening(request: HttpRequest) -> None:
    """Remember when a session was opened and with what; sweep out the sessions that have run out."""
    request.session[_OPENED] = timezone.now().isoformat()
    request.session[_BROWSER] = browser_words(request.headers.get("User-Agent", ""))
    SessionStore.clear_expired()


def browser_words(agent: str) -> str:
    """Say in a few words what a browser calls itself."""
    browser = next((name for name in _BROWSERS if name in agent), "")
    system = next((name for name in _SYSTEMS if name in agent), "")
    words = _NAMES.get(browser, browser) or "A browser"
    return f"{words} on {system}" if system else words


def open_sessions(person: User, current_key: str | None) -> list[OpenSession]:
    """Return a person's sessions, the newest first."""
    rows = Session.objects.filter(user=person, expire_date__gt=timezone.now())
    return sorted((_seen(row, digest(current_key)) for row in rows), key=lambda one: one.opened, reverse=True)


def end_session(person: User, handle: str) -> bool:
    """End one of a person's own sessions; say whether there was one."""
    return handle.isalnum() and bool(Session.objects.filter(user=person, session_key=handle).delete()[0])


def end_other_sessions(person: User, current_key: str | None) -> int:
    """End all sessions of a person but this one; return how many."""
    return Session.objects.filter(user=person).exclude(session_key=digest(current_key)).delete()[0]


def _seen(row: Session, current: str) -> OpenSession:
    data = row.get_decoded()
    opened = datetime.fromisoformat(data[_OPENED]) if _OPENED in data else row.expire_date
    return OpenSession(row.session_key, data.get(_BROWSER, "A browser"), opened, row.expire_date, row.session_key == current)
