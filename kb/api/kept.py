"""Bodies of answers that this process keeps, by ETag. An ETag names edition, address and release, so none grows stale."""

from collections import OrderedDict
from threading import Lock

_LARGEST = 512 * 1024
_ROOM = 32 * 1024 * 1024


class Bodies:
    """The bodies asked for last, within a room of so many bytes."""

    def __init__(self, room: int) -> None:
        self._room, self._held = room, 0
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, etag: str) -> bytes | None:
        """Return a body, if it is kept."""
        with self._lock:
            if etag in self._bodies:
                self._bodies.move_to_end(etag)
            return self._bodies.get(etag)

    def put(self, etag: str, body: bytes) -> None:
        """Keep a body, and drop those that nobody asked for longest."""
        with self._lock:
            if len(body) > _LARGEST or etag in self._bodies:
                return
            self._bodies[etag] = body
            self._held += len(body)
            while self._held > self._room:
                self._held -= len(self._bodies.popitem(last=False)[1])


BODIES = Bodies(_ROOM)
