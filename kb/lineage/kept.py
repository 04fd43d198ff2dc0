"""What is kept for the next question, bounded in bytes: the least recently used goes first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from itertools import count
from threading import Lock
from typing import Any, Protocol, TypeVar

BUDGET = 512 * 1024 * 1024
serials = count(1)


class Sized(Protocol):
    """Something that says how many bytes it holds."""

    @property
    def nbytes(self) -> int:
        """Bytes of its own."""


Kept = TypeVar("Kept", bound=Sized)


class Store:
    """Values by key. Two threads may make the same value at once: no harm, one of them is kept."""

    def __init__(self, budget: int = BUDGET) -> None:
        self.budget = budget
        self.held = 0
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """Return the value of a key, made now where it is not kept."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                found: Kept = self._values[key]
                return found
        made = make()
        with self._lock:
            if key not in self._values:
                self._values[key] = made
                self.held += made.nbytes
            self._drop_oldest()
        return made

    def drop(self, serial: int) -> None:
        """Let go of everything that was kept under a serial number."""
        with self._lock:
            for key in [key for key in self._values if isinstance(key, tuple) and key[0] == serial]:
                self.held -= self._values.pop(key).nbytes

    def _drop_oldest(self) -> None:
        """Keep within the budget, and the newest value in any case."""
        while self.held > self.budget and len(self._values) > 1:
            _, dropped = self._values.popitem(last=False)
            self.held -= dropped.nbytes


store = Store()
