"""The k best explaining paths between two nodes, and a bounded count of how many more there are. Pure.

Better is: the stronger weakest edge, then fewer steps. A path visits no node twice and takes the best edge of each
pair of nodes. Yen's algorithm, level of strength by level, with the distance to the end to guide it; all work is counted,
so that a node with ten thousand paths, or a knot of cycles, takes bounded time and the answer says that it stopped.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from kb.lineage.graph import LEVELS, Direction, Filters, Graph, Side
from kb.lineage.walk import closure

MOST_PATHS = 20
DEFAULT_PATHS = 5
MOST_COUNTED = 1000
# Edges looked at: half a second at most.
_WORK = 300_000
_OPPOSITE: dict[Direction, Direction] = {"downstream": "upstream", "upstream": "downstream"}

Path = tuple[int, ...]


class _Step(NamedTuple):
    """One edge on the way to the end: where it leads, how strong it is, and how far the end is from there at least."""

    edge: int
    to: int
    strength: int
    rest: int


@dataclass(frozen=True, slots=True)
class More:
    """How many further paths there are: exactly so many, or more than so many."""

    count: int = 0
    exact: bool = True


@dataclass(frozen=True, slots=True)
class BestPaths:
    """Paths, best first, each as the edges from the start on."""

    paths: tuple[Path, ...] = ()
    more: More = More()


class _Spent(Exception):
    """The work that a search may do is done."""


def best_paths(
    graph: Graph, start: int, end: int, direction: Direction, filters: Filters, k: int = DEFAULT_PATHS, depth: int | None = None
) -> BestPaths:
    """Return the k best distinct simple paths from start to end, and how many more there are."""
    reached = closure(graph, start, direction, filters, depth)
    if start == end or not reached.strength[end]:
        return BestPaths()
    search = _Search(graph, start, end, direction, filters, depth)
    paths = search.best(k, tuple(reached.best_path(end)))
    return BestPaths(tuple(paths), search.count_beyond(len(paths)))


class _Search:
    """The edges that lead from start towards end, read node by node as they are needed."""

    def __init__(self, graph: Graph, start: int, end: int, direction: Direction, filters: Filters, depth: int | None) -> None:
        back = closure(graph, end, _OPPOSITE[direction], filters)
        self.start, self.end = start, end
        self.side: Side = graph.side(direction, filters)
        self.statement = graph.statement
        self.rest, self.onward = back.depth, back.strength
        self.limit = depth if depth is not None else graph.size
        self.known: dict[int, list[_Step]] = {}
        self.work = _WORK

    def best(self, k: int, first: Path) -> list[Path]:
        """Return up to k paths, best first. `first` is the best one, as every other view of lineage shows it."""
        found = [first]
        try:
            for level in LEVELS:
                for path in self._by_length(level, first):
                    if len(found) >= k:
                        return found
                    if path not in found:
                        found.append(path)
        except _Spent:
            pass
        return found[:k]

    def count_beyond(self, shown: int) -> More:
        """Count paths one after the other, up to a limit, and take off those that are shown."""
        self.work = _WORK
        count = 0
        try:
            for _ in self._every_path():
                count += 1
                if count > MOST_COUNTED + shown:
                    return More(MOST_COUNTED, exact=False)
        except _Spent:
            return More(max(0, count - shown), exact=False)
        return More(count - shown)

    def _by_length(self, level: int, first: Path) -> Iterator[Path]:
        """Yield every path of edges of at least one strength, fewest steps first (Yen 1971)."""
        yielded: list[Path] = []
        start = first if self._holds(first, level) else self._shortest(self.start, level, (), (), self.limit)
        waiting = [(len(start), self._order(start), start)] if start else []
        seen = {start}
        while waiting:
            path = heappop(waiting)[2]
            yield path
            yielded.append(path)
            for other in self._deviations(path, level, yielded):
                if other not in seen:
                    seen.add(other)
                    heappush(waiting, (len(other), self._order(other), other))

    def _holds(self, path: Path, level: int) -> bool:
        """Whether the first path belongs here: it is the shortest of its own strength only."""
        nodes = self._nodes(path)
        return min(self._step(nodes[place], edge).strength for place, edge in enumerate(path)) == level

    def _deviations(self, path: Path, level: int, yielded: list[Path]) -> Iterator[Path]:
        """Yield, for each node of a path, the best way on that no path before took from there."""
        nodes = self._nodes(path)
        for place in range(len(path)):
            root = path[:place]
            taken = {other[place] for other in yielded if other[:place] == root}
            tail = self._shortest(nodes[place], level, nodes[:place], taken, self.limit - place)
            if tail:
                yield root + tail

    def _shortest(self, source: int, level: int, closed: Collection[int], taken: Collection[int], limit: int) -> Path:
        """Return the shortest way from a node to the end, by A*, or an empty one.

        `closed` nodes are not entered and `taken` edges not followed from the source.
        """
        came: dict[int, tuple[int, int]] = {node: (-1, -1) for node in (source, *closed)}
        waiting = [(0, 0, 0, source)]
        while waiting:
            _, minus_steps, _, node = heappop(waiting)
            if node == self.end:
                return _trail(came, source, node)
            for step in self._steps(node):
                ahead = 1 - minus_steps + step.rest
                usable = step.strength >= level and self.onward[step.to] >= level
                if usable and step.to not in came and ahead <= limit and not (node == source and step.edge in taken):
                    came[step.to] = (node, step.edge)
                    heappush(waiting, (ahead, minus_steps - 1, int(self.statement[step.edge]), step.to))
        return ()

    def _every_path(self) -> Iterator[None]:
        """Yield once for every simple path, depth first."""
        stack = [iter(self._steps(self.start))]
        trail = [self.start]
        while stack:
            step = next(stack[-1], None)
            if step is None:
                stack.pop()
                trail.pop()
            elif len(stack) + step.rest <= self.limit and step.to not in trail:
                if step.to == self.end:
                    yield
                else:
                    stack.append(iter(self._steps(step.to)))
                    trail.append(step.to)

    def _steps(self, node: int) -> list[_Step]:
        """Return the edges from a node on which the end can be reached, the nearest first."""
        if node not in self.known:
            self.known[node] = self._read(node)
        steps = self.known[node]
        self.work -= 1 + len(steps)
        if self.work < 0:
            raise _Spent
        return steps

    def _read(self, node: int) -> list[_Step]:
        first, last = np.searchsorted(self.side.source, (node, node + 1))
        target = self.side.target[first:last]
        useful = first + np.flatnonzero((self.onward[target] > 0) | (target == self.end))
        columns = (self.side.edge[useful], self.side.target[useful], self.side.strength[useful])
        steps = zip(*(column.tolist() for column in columns), strict=True)
        found = [_Step(edge, to, strength, 0 if to == self.end else int(self.rest[to])) for edge, to, strength in steps]
        return sorted(found, key=lambda step: (step.rest, self.statement[step.edge]))

    def _step(self, node: int, edge: int) -> _Step:
        return next(step for step in self._steps(node) if step.edge == edge)

    def _nodes(self, path: Path) -> list[int]:
        """Return the nodes from which the edges of a path set out."""
        nodes = [self.start]
        for edge in path[:-1]:
            nodes.append(self._step(nodes[-1], edge).to)
        return nodes

    def _order(self, path: Path) -> tuple[int, ...]:
        """Among equals the older statements come first, so that the same question has the same answer."""
        return tuple(int(self.statement[edge]) for edge in path)


def _trail(came: dict[int, tuple[int, int]], source: int, node: int) -> Path:
    edges: list[int] = []
    while node != source:
        node, edge = came[node]
        edges.append(edge)
    return tuple(reversed(edges))
