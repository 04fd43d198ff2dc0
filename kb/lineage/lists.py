"""Rows as tuples of plain integers, which a small walk goes through far faster than through slices of arrays.

A row is read when it is first asked for; short ones are kept, as many as there is room for. Pure.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from kb.lineage.columns import Array
from kb.lineage.sparse import Rows

# Target, strength and number of an edge.
Step = tuple[int, int, int]
# Longer rows are read anew each time.
SHORT = 64
# So many steps are kept at most: about 15 MB.
ROOM = 100_000
# A layer that is not so many times as large as the one after it is joined with it.
_LIKE = 4


class Lists(dict[int, tuple[Step, ...]]):
    """Rows by node. When there is no room left, all are let go: what is asked for often is soon there again."""

    def __init__(self, read: Callable[[int], tuple[Step, ...]], room: int = ROOM) -> None:
        super().__init__()
        self._read, self._left, self._room = read, room, room

    def __missing__(self, node: int) -> tuple[Step, ...]:
        found = self._read(node)
        if len(found) <= SHORT:
            if self._left <= len(found):
                self.clear()
                self._left = self._room
            self._left -= len(found) + 1
            self[node] = found
        return found


@dataclass(frozen=True, eq=False)
class RowLists:
    """The steps from each node, by target and then best first. `degree` bounds their number without reading them."""

    steps: Lists
    degree: Callable[[int], int]


def of_rows(rows: Rows) -> RowLists:
    """Return the rows of a base. A node that came later has an empty one."""
    size = rows.size
    indptr, target, strength, edge = (column.data for column in (rows.indptr, rows.target, rows.strength, rows.edge))

    def steps(node: int) -> tuple[Step, ...]:
        if node >= size:
            return ()
        row = slice(indptr[node], indptr[node + 1])
        return tuple(zip(target[row], strength[row], edge[row], strict=True))

    def degree(node: int) -> int:
        return indptr[node + 1] - indptr[node] if node < size else 0

    return RowLists(Lists(steps), degree)


@dataclass(frozen=True, eq=False)
class Younger:
    """What younger editions changed in one direction: the steps added, by the node that they lead from, in layers, oldest first.

    A node that only a step of the base was withdrawn from has none. An edition adds a layer and shares those before it with
    the edition that it grew from; layers of like size are joined, so that there are few.
    """

    layers: tuple[Mapping[int, tuple[Step, ...]], ...] = ()

    def grown(self, sources: Iterable[int], steps: Iterable[Step], lost_at: Iterable[int]) -> "Younger":
        """Return this with further steps; `lost_at` are nodes that an edge of the base was withdrawn from."""
        newest: dict[int, tuple[Step, ...]] = dict.fromkeys(lost_at, ())
        for source, step in zip(sources, steps, strict=True):
            newest[source] = (*newest.get(source, ()), step)
        if not newest:
            return self
        older = list(self.layers)
        while older and len(older[-1]) < _LIKE * len(newest):
            newest = _joined(older.pop(), newest)
        return Younger((*older, newest))

    def added(self, node: int) -> list[Step]:
        """The steps added from a node, those of edges that were withdrawn since among them."""
        return [step for layer in self.layers for step in layer.get(node, ())]

    def laid_over(self, base: RowLists, gone: Collection[int], order: Callable[[Step], tuple[int, ...]]) -> RowLists:
        """Return the rows with this laid over them: those of the nodes that changed are put together anew."""

        def steps(node: int) -> tuple[Step, ...]:
            if not any(node in layer for layer in self.layers):
                return base.steps[node]
            return tuple(sorted([step for step in (*base.steps[node], *self.added(node)) if step[2] not in gone], key=order))

        def degree(node: int) -> int:
            return base.degree(node) + len(self.added(node))

        return RowLists(Lists(steps), degree)


def _joined(older: Mapping[int, tuple[Step, ...]], newer: Mapping[int, tuple[Step, ...]]) -> dict[int, tuple[Step, ...]]:
    return {**older, **{node: (*older.get(node, ()), *steps) for node, steps in newer.items()}}


def best_first(carries: Array, statement: Array) -> Callable[[Step], tuple[int, ...]]:
    """Return what the steps of a row are sorted by: target, strength, what they carry, and statement."""
    carried, said = carries.data, statement.data
    return lambda step: (step[0], -step[1], -carried[step[2]], said[step[2]])


def sifted(whole: RowLists, passes: Callable[[Step], bool]) -> RowLists:
    """Return the rows of the steps that pass."""
    return RowLists(Lists(lambda node: tuple(filter(passes, whole.steps[node]))), whole.degree)
