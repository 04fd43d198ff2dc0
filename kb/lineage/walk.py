"""Closures: everything up or down from a root, with depth, status and the best path to each node.

A path is as strong as its weakest edge; the strongest path is the answer, then the shortest. One breadth-first
pass for each level of status, strongest first, gives both. Cycles, self-loops and hubs are normal input.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from kb.lineage.graph import LEVELS, Direction, Filters, Graph, Ints, Mask, Side

UNREACHED = -1


@dataclass(frozen=True, slots=True)
class Pass:
    """One breadth-first pass over the edges of at least one strength: fewest steps, and whence and by which edge."""

    level: int
    depth: Ints
    came_from: Ints
    came_by: Ints


@dataclass(frozen=True, slots=True)
class Closure:
    """What a root reaches. `strength` is that of the best path, 0 where there is none; `depth` the fewest steps."""

    graph: Graph
    root: int
    direction: Direction
    side: Side
    depth: Ints
    strength: Ints
    passes: tuple[Pass, ...]

    @property
    def nodes(self) -> Ints:
        """Nodes reached, without the root, by depth and then by id."""
        reached = np.flatnonzero(self.strength > 0)
        return reached[np.lexsort((self.graph.ids[reached], self.depth[reached]))]

    def best_path(self, node: int) -> list[int]:
        """Return the edges of the best path, from the root on; empty for the root itself."""
        level = int(self.strength[node])
        return self._trail(next(one for one in self.passes if one.level == level), node) if level else []

    def paths(self, node: int) -> list[list[int]]:
        """Return the best path and every shorter one that a weaker step allows."""
        found: list[list[int]] = []
        for one in self.passes:
            if one.depth[node] > 0 and one.level <= self.strength[node]:
                trail = self._trail(one, node)
                if not found or len(trail) < len(found[-1]):
                    found.append(trail)
        return found

    def _trail(self, one: Pass, node: int) -> list[int]:
        edges: list[int] = []
        while node != self.root:
            edges.append(int(one.came_by[node]))
            node = int(one.came_from[node])
        return edges[::-1]


def closure(graph: Graph, root: int, direction: Direction, filters: Filters, depth: int | None = None) -> Closure:
    """Return everything that the root reaches, at most `depth` steps away if a depth is asked for."""
    side = graph.side(direction, filters)
    passes = [_breadth_first(side, root, level) for level in LEVELS if np.any(side.strength >= level)]
    strength = np.zeros(graph.size, dtype=np.int64)
    for one in passes:
        within = (one.depth > 0) & ((one.depth <= depth) if depth is not None else True)
        strength[within & (strength == 0)] = one.level
    fewest = passes[-1].depth if passes else np.full(graph.size, UNREACHED, dtype=np.int64)
    return Closure(graph, root, direction, side, fewest, strength, tuple(passes))


def within_reach(graph: Graph, roots: Iterable[int], direction: Direction, filters: Filters) -> Mask:
    """Return which nodes are among several roots or reached from any of them, in one pass from a node before them all."""
    side, starts, before = graph.side(direction, filters), np.fromiter(roots, dtype=np.int64), graph.size
    source = np.concatenate((side.source, np.full(len(starts), before)))
    target = np.concatenate((side.target, starts))
    matrix = csr_array((np.ones(len(source), dtype=np.float64), (source, target)), shape=(before + 1, before + 1))
    reached = np.zeros(before + 1, dtype=np.bool_)
    reached[breadth_first_order(matrix, before, directed=True, return_predecessors=False)] = True
    return reached[:before]


def _breadth_first(side: Side, root: int, level: int) -> Pass:
    used = side.strength >= level
    # float64 is what csgraph works on; any other type would be copied.
    matrix = csr_array(
        (np.ones(int(used.sum()), dtype=np.float64), (side.source[used], side.target[used])), shape=(side.size, side.size)
    )
    order, came_from = breadth_first_order(matrix, root, directed=True, return_predecessors=True)
    came_by = np.full(side.size, UNREACHED, dtype=np.int64)
    came_by[order[1:]] = side.edges_between(came_from[order[1:]], order[1:])
    return Pass(level, _depths(order, came_from, side.size), came_from, came_by)


def _depths(order: Ints, came_from: Ints, size: int) -> Ints:
    """Turn breadth-first order into depths: predecessors stand in the order of the nodes they lead to."""
    place = np.empty(size, dtype=np.int64)
    place[order] = np.arange(len(order))
    before = place[came_from[order[1:]]]
    depth = np.full(size, UNREACHED, dtype=np.int64)
    start, end, steps = 0, 1, 0
    while start < end:
        depth[order[start:end]] = steps
        start, end, steps = end, 1 + int(np.searchsorted(before, end)), steps + 1
    return depth
