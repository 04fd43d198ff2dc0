"""The columns that a graph is made of: nodes and edges, in arrays that only grow.

A younger edition appends to the columns of an older one and both go on reading them, each as far as it knows.
Appending writes into room left at the end, so that a hundred edges cost no copy of three million.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
ROOM = 12_288


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns of equal length. `filled` is shared by all that grew out of one another: who is last may append in place."""

    whole: Mapping[str, Array]
    length: int
    filled: list[int] = field(default_factory=lambda: [0])
    _lock: Lock = field(default_factory=Lock, repr=False)

    @classmethod
    def of(cls, **columns: Array) -> "Columns":
        """Take arrays as they are; room is made when the first row is appended."""
        length = len(next(iter(columns.values())))
        return cls(columns, length, [length])

    def __getitem__(self, name: str) -> Array:
        return self.whole[name][: self.length]

    def extended(self, **more: Array) -> "Columns":
        """Return the columns with further rows; these stay as they are."""
        count = len(next(iter(more.values())))
        if not count:
            return self
        with self._lock:
            grown = self if self._has_room(count) else self._with_room(count)
            for name, values in more.items():
                grown.whole[name][self.length : self.length + count] = values
            grown.filled[0] = self.length + count
        return replace(grown, length=self.length + count)

    def let_go(self, older: "Columns") -> None:
        """Give back the room of the rows that came after the older columns, which nobody will read again."""
        with self._lock:
            if self.whole is older.whole and self.filled[0] == self.length:
                self.filled[0] = older.length

    def _has_room(self, count: int) -> bool:
        """Whether nobody has appended here before, and there is room that may be written."""
        first = next(iter(self.whole.values()))
        return self.filled[0] == self.length and self.length + count <= len(first) and first.flags.writeable

    def _with_room(self, count: int) -> "Columns":
        size = self.length + max(2 * count, ROOM)
        grown = {}
        for name, values in self.whole.items():
            grown[name] = np.empty(size, dtype=values.dtype)
            grown[name][: self.length] = values[: self.length]
        return Columns(grown, self.length, [self.length])


def names_of(row: type) -> tuple[str, ...]:
    """Names of the fields of a dataclass, which are names of columns."""
    return tuple(one.name for one in fields(row))
