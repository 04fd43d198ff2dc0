"""One breadth-first pass over the edges of at least one strength: fewest steps to each node, and whence it was come to.

A `Local` pass walks the vicinity of its root in plain Python, a `Wide` one the whole matrix at the speed of C.
Both give the same answer: rows are read in the order of their targets.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse.csgraph import breadth_first_order

from kb.lineage.columns import Array
from kb.lineage.graph import Ints
from kb.lineage.near import Near, Vicinity
from kb.lineage.sparse import Matrix

UNREACHED = -1


@dataclass(frozen=True, eq=False)
class Local:
    """A pass by node: steps, the node before, and the edge from there."""

    level: int
    found: dict[int, tuple[int, int, int]]

    @classmethod
    def walk(cls, vicinity: Vicinity, root: int, level: int, limit: int | None) -> "Local":
        """Walk edges of at least this strength, at most `limit` steps."""
        found = {root: (0, UNREACHED, UNREACHED)}
        frontier, steps = [root], 0
        while frontier and (limit is None or steps < limit):
            steps += 1
            reached: list[int] = []
            for node in frontier:
                for to, strength, edge in vicinity.rows[node]:
                    if strength >= level and to not in found:
                        found[to] = (steps, node, edge)
                        reached.append(to)
            frontier = reached
        return cls(level, found)

    def depth_of(self, node: int) -> int:
        """Fewest steps to a node."""
        return self.found[node][0] if node in self.found else UNREACHED

    def trail(self, node: int) -> list[int]:
        """The edges of the way to a node."""
        edges: list[int] = []
        while (step := self.found[node])[0]:
            edges.append(step[2])
            node = step[1]
        return edges[::-1]


@dataclass(frozen=True, eq=False)
class Wide:
    """A pass over a matrix: nodes in the order in which they were reached, and the node before each."""

    level: int
    near: Near
    order: Ints
    came_from: Ints

    @classmethod
    def walk(cls, near: Near, matrix: Matrix, root: int, level: int) -> "Wide":
        """Walk the whole matrix."""
        order, came_from = breadth_first_order(matrix.csr, root, directed=True, return_predecessors=True)
        return cls(level, near, order, came_from)

    @cached_property
    def depth(self) -> Array:
        """Fewest steps to every node."""
        order, came_from = self.order, self.came_from
        depth = np.full(len(came_from), UNREACHED, dtype=np.int32)
        start, end, steps = 0, 1, 0
        while start < end:
            depth[order[start:end]] = steps
            start, end, steps = end, self._end_of_layer(depth, end), steps + 1
        return depth

    def _end_of_layer(self, depth: Array, start: int) -> int:
        """Where the next layer ends: nodes stand in the order of those they were reached from, whose depth is known so far.

        The step doubles until it oversteps, since a chain has as many layers as nodes; then the place is halved down to.
        """

        def within(place: int) -> bool:
            return bool(depth[self.came_from[self.order[place]]] != UNREACHED)

        low, high, width = start, len(self.order), 1
        while low < high and within(min(low + width, high) - 1):
            low, width = min(low + width, high), width * 2
        high = min(low + width, high)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if within(middle) else (low, middle)
        return low

    def depth_of(self, node: int) -> int:
        """Fewest steps to a node."""
        return int(self.depth[node])

    def trail(self, node: int) -> list[int]:
        """The edges of the way to a node."""
        edges: list[int] = []
        while node != self.order[0]:
            before = int(self.came_from[node])
            edges.append(self.near.best(before, node))
            node = before
        return edges[::-1]
