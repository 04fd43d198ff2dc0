"""The ways to one node, found from it backwards, the shortest first and only as far as somebody asks. Pure."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from kb.lineage.graph import CARRIES, LEVELS, REPORTED, USES, WEAKEST, Graph
from kb.lineage.lists import Lists, Step

FULL = CARRIES.index("full")
_IS_USE = tuple(USES.tolist())
_BEST = LEVELS[0] + 1


class Way(NamedTuple):
    """An edge as an issue travels it. A use ends with its dates; an event holds for good."""

    edge: int
    parent: int
    child: int
    start: int
    end: int
    strength: int
    carries: int
    is_use: bool

    @property
    def is_full(self) -> bool:
        """Whether an issue that travels it is inherited, not just possibly."""
        return self.carries == FULL and self.strength >= REPORTED


class Reader:
    """Reads few edges of a graph one by one, which is quicker than asking for arrays of them."""

    def __init__(self, graph: Graph) -> None:
        self.carries, self._strength, self._predicate = (
            column.data for column in (graph.carries, graph.strength, graph.predicate)
        )
        self._start, self._end, self._statement = (column.data for column in (graph.start, graph.end, graph.statement))

    def ways(self, parent: int, onward: list[tuple[int, int]]) -> Iterator[Way]:
        """Yield ways from a parent, given as edges and children, by statement."""
        if len(onward) > 1:
            onward.sort(key=lambda way: self._statement[way[0]])
        for edge, child in onward:
            is_use = _IS_USE[self._predicate[edge]]
            yield Way(edge, parent, child, self._start[edge], self._end[edge], self._strength[edge], self.carries[edge], is_use)


class Shortest:
    """The ways to a node over edges of at least one strength, or over full ones alone, from the nearest nodes on."""

    def __init__(self, reader: Reader, above: Lists, node: int, level: int, full: bool) -> None:
        self._reader, self._above, self._level, self._full = reader, above, level, full
        # How far the node is from each that was come to, and the children there, twice where two edges lead to one.
        self.distance = {node: 0}
        self._children: dict[int, list[int]] = {node: []}
        self._frontier, self._steps = [node], 0

    def steps_from(self, origins: Collection[int]) -> int:
        """Return the fewest steps to the node from any of the origins, one of which leads to it."""
        distance = self.distance
        while True:
            known = [distance[origin] for origin in origins if origin in distance]
            if known:
                return min(known)
            self._further()

    def whole(self) -> "Shortest":
        """Go back as far as the ways lead, and return this."""
        while self._frontier:
            self._further()
        return self

    def onward(self, parent: int, within: int | None = None) -> Iterator[Way]:
        """Yield the ways from a parent by statement: all, or those alone that leave so many steps at most to the node."""
        children: Collection[int] = set(self._children.get(parent, ()))
        if within is not None:
            children = [child for child in children if self.distance[child] <= within]
        joining = [(edge, child) for child in children for target, _, edge in self._usable(child) if target == parent]
        return self._reader.ways(parent, joining)

    def _further(self) -> None:
        """Go one layer back."""
        above, children, whole = self._above, self._children, self._level <= WEAKEST and not self._full
        reached: list[int] = []
        for child in self._frontier:
            for parent, _, _ in above[child] if whole else self._usable(child):
                if parent in children:
                    children[parent].append(child)
                else:
                    children[parent] = [child]
                    reached.append(parent)
        self._steps += 1
        self.distance.update(dict.fromkeys(reached, self._steps))
        self._frontier = reached

    def _usable(self, child: int) -> list[Step]:
        """Return the steps up from a child that are strong enough, and full where that is asked."""
        level, carries = self._level, self._reader.carries
        if self._full:
            return [step for step in self._above[child] if step[1] >= level and carries[step[2]] == FULL]
        return [step for step in self._above[child] if step[1] >= level]


def strongest(above: Lists, node: int, full: Sequence[int] | None = None) -> dict[int, int]:
    """Return for each node above one how strong the strongest way from it is, in one pass: level by level, each edge once.

    With `full`, what each edge carries, over full ways alone.
    """
    waiting: dict[int, list[int]] = {level: [] for level in (_BEST, *LEVELS)}
    waiting[_BEST].append(node)
    found: dict[int, int] = {}
    for level, stack in waiting.items():
        while stack:
            child = stack.pop()
            if child in found:
                continue
            found[child] = level
            for parent, strength, edge in above[child]:
                if parent not in found and (full is None or (strength >= REPORTED and full[edge] == FULL)):
                    waiting[strength if strength < level else level].append(parent)
    return found
