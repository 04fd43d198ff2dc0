"""Closures: everything up or down from a root, with depth, status and the best path to each node.

A path is as strong as its weakest edge; the strongest path is the answer, then the shortest. One breadth-first
pass for each level of status, strongest first, gives both. Cycles, self-loops and hubs are normal input.
Passes are made as they are asked for, in the root's vicinity where it is small, over whole matrices where it is not.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
from scipy.sparse.csgraph import breadth_first_order

from kb.lineage.columns import Array
from kb.lineage.graph import LEVELS, Direction, Filters, Graph, Ints, Mask
from kb.lineage.matrices import levels_of, matrix_of
from kb.lineage.near import Near, Vicinity, bound, explore
from kb.lineage.passes import UNREACHED, Local, Wide
from kb.lineage.sparse import Matrix

__all__ = ["UNREACHED", "Closure", "closure", "within_reach"]


class _Strengths(dict[int, int]):
    """Strength by node; none where a node is not reached."""

    def __missing__(self, node: int) -> int:
        return 0


class Closure:
    """What a root reaches, at most `limit` steps away where one is given."""

    def __init__(self, graph: Graph, root: int, direction: Direction, filters: Filters, limit: int | None = None) -> None:
        self.graph, self.root, self.direction, self.filters, self.limit = graph, root, direction, filters, limit
        self.near = Near(graph, direction, filters)
        self.vicinity: Vicinity | None = explore(self.near, [root], bound(graph), limit)
        self._passes: dict[int, Local | Wide] = {}

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """Levels of strength that edges here have, strongest first: on each a pass tells something of its own."""
        if self.vicinity is not None:
            return tuple(sorted({strength for _, strength, _ in self.vicinity.steps()}, reverse=True))
        return levels_of(self.graph, self.direction, self.filters)

    @cached_property
    def strengths(self) -> Mapping[int, int] | Array:
        """Strength of the best path to a node, 0 where there is none: to be asked by node."""
        return self._strengths_by_node() if self.vicinity is not None else self._strengths_of_all()

    @cached_property
    def strength(self) -> Array:
        """Strength of the best path to every node of the graph."""
        if not isinstance(self.strengths, Mapping):
            return self.strengths
        return self._spread(self.strengths, 0, np.int8)

    @cached_property
    def depth(self) -> Array:
        """Fewest steps to every node of the graph."""
        if self.vicinity is not None:
            return self._spread(self.vicinity.depth, UNREACHED, np.int32)
        return self._weakest.depth

    @cached_property
    def nodes(self) -> Ints:
        """Nodes reached, without the root, by depth and then by id."""
        if self.vicinity is not None:
            return np.array([node for layer in self.vicinity.layers[1:] for node in sorted(layer)], dtype=np.int64)
        reached = np.flatnonzero(self.strength > 0)
        return reached[np.argsort(self.depth[reached].astype(np.int16 if self.depth.max() < 2**15 else np.int32), kind="stable")]

    def reached_count(self) -> int:
        """How many nodes are reached whatever the status, the root among them, with no limit to the steps."""
        return len(self._weakest.order) if self.vicinity is None else len(self.vicinity.inside)

    def depth_of(self, node: int) -> int:
        """Fewest steps to a node."""
        return self._weakest.depth_of(node) if self.vicinity is None else self.vicinity.depth.get(node, UNREACHED)

    def depths_of(self, nodes: Ints) -> list[int]:
        """Fewest steps to each of many nodes."""
        if self.vicinity is not None:
            return [self.vicinity.depth.get(node, UNREACHED) for node in nodes.tolist()]
        return self._weakest.depth[nodes].tolist()  # type: ignore[no-any-return]

    def best_path(self, node: int) -> list[int]:
        """Return the edges of the best path, from the root on; empty for the root itself."""
        level = int(self.strengths[node])
        return self.at_level(level).trail(node) if level else []

    @property
    def _weakest(self) -> Wide:
        one = self.at_level(self.levels[-1] if self.levels else LEVELS[0])
        assert isinstance(one, Wide)
        return one

    def at_level(self, level: int) -> Local | Wide:
        """The pass over edges of at least a strength."""
        if level not in self._passes:
            self._passes[level] = self._walked(level)
        return self._passes[level]

    def _walked(self, level: int) -> Local | Wide:
        if self.vicinity is not None:
            return Local.walk(self.vicinity, self.root, level, self.limit)
        return Wide.walk(self.near, self._matrix(level), self.root, level)

    def _matrix(self, level: int) -> Matrix:
        return matrix_of(self.graph, self.direction, self.filters, level)

    def _strengths_by_node(self) -> _Strengths:
        """Strongest first; once all nodes are reached a weaker level tells nothing more."""
        found = _Strengths()
        for level in self.levels:
            one = self.at_level(level)
            assert isinstance(one, Local)
            for node in one.found:
                found.setdefault(node, level)
            if len(found) == self.reached_count():
                break
        found.pop(self.root, None)
        return found

    def _strengths_of_all(self) -> Array:
        strengths = np.zeros(self.graph.room, dtype=np.int8)
        for one in reversed(self._telling_passes()):
            reached = one.order if self.limit is None else np.flatnonzero((one.depth >= 0) & (one.depth <= self.limit))
            strengths[reached] = one.level
        strengths[self.root] = 0
        return strengths

    def _telling_passes(self) -> list[Wide]:
        found: list[Wide] = []
        for level in self.levels:
            one = self.at_level(level)
            assert isinstance(one, Wide)
            found.append(one)
            if self.limit is None and len(one.order) == self.reached_count():
                break
        return found

    def _spread(self, values: Mapping[int, int], otherwise: int, dtype: type) -> Array:
        """Turn values by node into an array of all nodes."""
        whole: Array = np.full(self.graph.room, otherwise, dtype=dtype)
        whole[list(values)] = list(values.values())
        return whole


def closure(graph: Graph, root: int, direction: Direction, filters: Filters, depth: int | None = None) -> Closure:
    """Return everything that the root reaches, at most `depth` steps away if a depth is asked for."""
    return Closure(graph, root, direction, filters, depth)


def within_reach(graph: Graph, roots: Iterable[int], direction: Direction, filters: Filters) -> Mask:
    """Return which nodes are among several roots or reached from any of them, in one pass from a node before them all."""
    starts = np.unique(np.fromiter(roots, dtype=np.int32))
    reached = np.zeros(graph.room + 1, dtype=np.bool_)
    vicinity = explore(Near(graph, direction, filters), starts.tolist(), bound(graph))
    if vicinity is not None:
        reached[list(vicinity.inside)] = True
        return reached[: graph.room]
    matrix = matrix_of(graph, direction, filters, filters.weakest)
    count = np.int32(len(matrix.target) + len(starts))
    whole = Matrix(np.append(matrix.indptr, count), np.concatenate((matrix.target, starts)))
    reached[breadth_first_order(whole.csr, graph.room, directed=True, return_predecessors=False)] = True
    return reached[: graph.room]
