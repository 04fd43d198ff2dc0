"""Rows by id that are read when they are first asked for, many at a time: an answer names thousands, a page shows some."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

Row = TypeVar("Row")


class Shelf(dict[int, Row]):
    """A mapping that reads what it lacks. `read` takes ids and returns the rows that there are."""

    def __init__(self, read: Callable[[Iterable[int]], Mapping[int, Row]]) -> None:
        super().__init__()
        self._read = read

    def bring(self, ids: Iterable[int]) -> None:
        """Read the rows of these ids that are not here yet, together."""
        if wanted := set(ids) - self.keys():
            self.update(self._read(wanted))

    def __missing__(self, key: int) -> Row:
        """Read one row. Raises KeyError where there is none."""
        self.bring([key])
        if key not in self:
            raise KeyError(key)
        return self[key]
