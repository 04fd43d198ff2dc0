"""Answers that this process keeps, by ETag. An ETag names edition, address and release, so none grows stale."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest

import kb

_LARGEST = 512 * 1024
_SHAPING = ("py", "html", "css", "js", "svg")


class Body(NamedTuple):
    """What an answer says, and the headers that are its own."""

    content: bytes
    headers: Mapping[str, str]


class Bodies:
    """The bodies asked for last, within a room of so many bytes."""

    def __init__(self, room: int) -> None:
        self._room, self._held = room, 0
        self._bodies: OrderedDict[str, Body] = OrderedDict()
        self._lock = Lock()

    def get(self, etag: str) -> Body | None:
        """Return a body, if it is kept."""
        with self._lock:
            if etag in self._bodies:
                self._bodies.move_to_end(etag)
            return self._bodies.get(etag)

    def put(self, etag: str, body: Body) -> None:
        """Keep a body, and drop those that nobody asked for longest."""
        with self._lock:
            if len(body.content) > _LARGEST or etag in self._bodies:
                return
            self._bodies[etag] = body
            self._held += len(body.content)
            while self._held > self._room:
                self._held -= len(self._bodies.popitem(last=False)[1].content)


BODIES = Bodies(settings.KEPT_MB * 1024 * 1024)


def asked_for(request: HttpRequest) -> str:
    """Return path and query as they came, which are told apart where their bytes differ."""
    return f"{request.META['PATH_INFO']}?{request.META.get('QUERY_STRING', '')}"


def etag_of(*parts: str) -> str:
    """Return the ETag of what follows from these parts and from the release. It is a weak one: answers are compressed later."""
    told = "\0".join((_release(), *parts))
    return f'W/"{hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


@cache
def _release() -> str:
    """Digest code, templates, what pages link to and what all of it stands on: a release may shape the same edition anew."""
    digest, base = hashlib.sha256(), Path(settings.BASE_DIR)
    folders = (Path(kb.__file__).parent, base / "templates")
    own = sorted(path for folder in folders for ending in _SHAPING for path in folder.rglob(f"*.{ending}"))
    for path in (*own, *base.glob("requirements.txt")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
