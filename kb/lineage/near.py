"""A node's neighbours, read row by row: what a walk needs that stays small, whatever the size of the graph.

The base's rows, the younger edges laid over them and the withdrawn ones taken out are put together here.
"""

from collections.abc import Iterable, Sequence
from itertools import compress, pairwise

import numpy as np

from kb.lineage.graph import WEAKEST, Direction, Filters, Graph, Ints

# Target, strength and number of an edge.
Step = tuple[int, int, int]
# Rows by node: the part of a graph around some roots.
Vicinity = dict[int, list[Step]]
# So many rows are read one by one.
_FEW = 5


class Near:
    """The edges that a walk in one direction may follow under the filters."""

    def __init__(self, graph: Graph, direction: Direction, filters: Filters) -> None:
        self.graph, self.direction, self.filters = graph, direction, filters
        self._rows = graph.base.rows(direction)
        self._is_plain = filters.of_kind == (None, None) and filters.weakest == WEAKEST
        self._is_bare = not graph.overlay
        self._younger: Vicinity = {} if self._is_bare else graph.younger[direction]

    def steps(self, node: int) -> list[Step]:
        """Return every edge from a node: by target, and of parallel ones the best first."""
        rows, (start, end) = self._rows, self._rows.bounds(node)
        columns = (rows.target[start:end], rows.strength[start:end], rows.edge[start:end])
        if not self._is_plain and end > start:
            kept = self.graph.passes(columns[2], self.filters)
            columns = (columns[0][kept], columns[1][kept], columns[2][kept])
        found = list(zip(*(column.tolist() for column in columns), strict=True))
        return found if self._is_bare else self._brought_up(node, found)

    def steps_of(self, nodes: Sequence[int]) -> list[list[Step]]:
        """Return the edges of several nodes; many are read in one go."""
        if len(nodes) < _FEW or not len(self._rows.target):
            return [self.steps(node) for node in nodes]
        rows, at = self._rows, np.array(nodes)
        at = np.minimum(at, rows.size)  # a node that came later has an empty row after the last
        start, end = rows.indptr[at], rows.indptr[np.minimum(at + 1, rows.size)]
        stops = np.cumsum(end - start)
        places = np.arange(stops[-1]) + np.repeat(end - stops, end - start)
        if not self._is_plain:
            kept = self.graph.passes(rows.edge[places], self.filters)
            stops = np.concatenate(([0], np.cumsum(kept)))[stops]
            places = places[kept]
        found = list(zip(*(column[places].tolist() for column in (rows.target, rows.strength, rows.edge)), strict=True))
        cut = [found[first:last] for first, last in pairwise([0, *stops.tolist()])]
        return cut if self._is_bare else [self._brought_up(node, steps) for node, steps in zip(nodes, cut, strict=True)]

    def degree(self, nodes: Sequence[int]) -> int:
        """Return how many edges nodes have together, at most."""
        rows = self._rows
        if len(nodes) < _FEW:
            count = sum(end - start for start, end in map(rows.bounds, nodes))
        else:
            at = np.minimum(np.array(nodes), rows.size)
            count = int((rows.indptr[np.minimum(at + 1, rows.size)] - rows.indptr[at]).sum())
        return count if self._is_bare else count + sum(len(self._younger.get(node, ())) for node in nodes)

    def _brought_up(self, node: int, steps: list[Step]) -> list[Step]:
        """Take out what was withdrawn and add what came later."""
        found = [step for step in steps if step[2] not in self.graph.gone]
        more = self._younger_of(node)
        return sorted(found + more, key=self._order) if more else found

    def _younger_of(self, node: int) -> list[Step]:
        """Edges of a node that came after the base."""
        more = self._younger.get(node, [])
        if self._is_plain or not more:
            return more
        return list(compress(more, self.graph.passes(np.array([edge for _, _, edge in more]), self.filters).tolist()))

    def best(self, source: int, target: int) -> int:
        """Return the best edge between two nodes that are known to be joined."""
        joining = self._rows.between(source, target)
        joining = joining[self.graph.passes(joining, self.filters)]
        edges: list[int] = [edge for edge in joining.tolist() if edge not in self.graph.gone]
        edges += [edge for to, _, edge in self._younger_of(source) if to == target]
        return min(edges, key=lambda edge: self._order((target, int(self.graph.strength[edge]), edge)))

    def tools(self, node: int) -> list[int]:
        """Return the edges of a node that carry nothing."""
        graph, near = self.graph, self.graph.parent if self.direction == "downstream" else self.graph.child
        edges = np.concatenate((graph.base.tools(self.direction).at(node), _carrying_nothing(graph, near, node)))
        edges = np.sort(edges[graph.passes(edges, self.filters)])
        return [edge for edge in edges.tolist() if edge not in graph.gone]

    def _order(self, step: Step) -> tuple[int, int, int, int]:
        target, strength, edge = step
        return target, -strength, -int(self.graph.carries[edge]), int(self.graph.statement[edge])


def ends(graph: Graph, direction: Direction) -> tuple[Ints, Ints]:
    """Return where each edge leads from and to, in a direction."""
    return (graph.parent, graph.child) if direction == "downstream" else (graph.child, graph.parent)


def _carrying_nothing(graph: Graph, near: Ints, node: int) -> Ints:
    found: Ints = graph.fresh[(graph.carries[graph.fresh] == 0) & (near[graph.fresh] == node)]
    return found


def bound(graph: Graph) -> int:
    """How many edges a walk may look at before the whole matrix is quicker."""
    return 2000 + graph.room // 200


def explore(near: Near, roots: Iterable[int], limit: int, depth: int | None = None) -> Vicinity | None:
    """Return the rows of the roots and of all that they reach, or None where these hold more edges than the limit.

    With a depth, nodes further away are not entered.
    """
    found: Vicinity = {}
    frontier, steps, left = list(dict.fromkeys(roots)), 0, limit
    while frontier:
        left -= len(frontier) + near.degree(frontier)
        if left < 0:
            return None
        found.update(zip(frontier, near.steps_of(frontier), strict=True))
        if depth is not None and steps >= depth:
            return found
        frontier = list(dict.fromkeys(to for node in frontier for to, _, _ in found[node] if to not in found))
        steps += 1
    return found
