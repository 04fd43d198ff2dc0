"""Which artifacts an issue reaches, and how: present, inherited, possibly inherited, remediated.

Descent and presence are two claims. Present needs an impact statement on that very artifact; full edges pass an issue
on; any partial or unknown edge makes it possible, however well confirmed. Rules: VOCABULARY, relations of lineage.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from kb.lineage.graph import AFTER_ALL, BEFORE_ALL, CARRIES, LEVELS, REPORTED, Filters, Graph, Ints

CLASSES = ("present", "inherited", "possibly_inherited", "remediated")
FULL = CARRIES.index("full")
_STARTS = frozenset({"affected", "mitigated"})
_STOPS = frozenset({"fixed", "not_affected"})
# A lead neither starts nor stops an issue; what is refuted, retracted or unsourced never counts.
_COUNTING = frozenset({"confirmed", "corroborated", "reported", "disputed"})


@dataclass(frozen=True, slots=True)
class Impact:
    """What one impact statement says of one node; `start` and `end` bound when the issue was in it."""

    statement: int
    node: int
    says: str
    status: str
    start: int = BEFORE_ALL
    end: int = AFTER_ALL


@dataclass(frozen=True, slots=True)
class Exposure:
    """How one issue stands to one node: the class, the impact it starts from, and the deciding path of edges."""

    node: int
    category: str
    origin: Impact
    path: tuple[int, ...] = ()
    own: Impact | None = None


@dataclass(slots=True)
class _Trace:
    """How far one pass came: for each node the edge it was reached by and the impact it started from."""

    came_by: dict[int, int] = field(default_factory=dict)
    origin: dict[int, Impact] = field(default_factory=dict)


class _Spread:
    """One issue's way through the graph."""

    def __init__(self, graph: Graph, impacts: Sequence[Impact], filters: Filters) -> None:
        counting = [impact for impact in impacts if impact.status in _COUNTING]
        self.graph = graph
        self.present = {impact.node: impact for impact in reversed(counting) if impact.says in _STARTS}
        self.stopped = {impact.node: impact for impact in counting if impact.says in _STOPS and impact.node not in self.present}
        mask = graph.mask(filters) & (graph.carries > 0)
        self.possible = np.flatnonzero(mask)
        self.full = np.flatnonzero(mask & (graph.carries == FULL) & (graph.strength >= REPORTED))

    def exposures(self) -> dict[int, Exposure]:
        """Return the exposure of every node that the issue touches, by node."""
        found = {node: Exposure(node, "present", impact, own=impact) for node, impact in self.present.items()}
        self._collect(found, "inherited", self.full, stops=self.stopped)
        self._collect(found, "possibly_inherited", self.possible, stops=self.stopped)
        self._collect(found, "remediated", self.possible, stops={})
        return found

    def _collect(self, found: dict[int, Exposure], category: str, edges: Ints, stops: dict[int, Impact]) -> None:
        """Add nodes reached over these edges, by the strongest path first and then the shortest."""
        for level in LEVELS:
            trace = self._flow(edges[self.graph.strength[edges] >= level], stops)
            for node, origin in trace.origin.items():
                if node not in found:
                    found[node] = Exposure(node, category, origin, _path(self.graph, trace, node), self.stopped.get(node))

    def _flow(self, edges: Ints, stops: dict[int, Impact]) -> _Trace:
        outgoing = _by_parent(self.graph, edges)
        trace = _Trace()
        queue: deque[int] = deque()

        def arrive(edge: int, origin: Impact) -> None:
            child = int(self.graph.child[edge])
            if child not in trace.origin and child not in stops and child != origin.node:
                trace.origin[child], trace.came_by[child] = origin, edge
                queue.append(child)

        self._leave_origins(outgoing, arrive)
        while queue:
            node = queue.popleft()
            for edge in outgoing(node):
                arrive(edge, trace.origin[node])
        return trace

    def _leave_origins(self, outgoing: Callable[[int], Iterable[int]], arrive: Callable[[int, Impact], None]) -> None:
        """Take the first step: only where the child was made, or the use held, while the issue was in the parent."""
        for node, impact in sorted(self.present.items()):
            for edge in outgoing(node):
                if self.graph.start[edge] <= impact.end and self.graph.end[edge] >= impact.start:
                    arrive(edge, impact)


def _by_parent(graph: Graph, edges: Ints) -> Callable[[int], Iterable[int]]:
    order = np.lexsort((graph.statement[edges], graph.parent[edges]))
    ordered, parents = edges[order], graph.parent[edges][order]

    def outgoing(node: int) -> Iterable[int]:
        start, end = np.searchsorted(parents, (node, node + 1))
        return (int(edge) for edge in ordered[start:end])

    return outgoing


def _path(graph: Graph, trace: _Trace, node: int) -> tuple[int, ...]:
    edges: list[int] = []
    origin = trace.origin[node].node
    while node != origin:
        edges.append(trace.came_by[node])
        node = int(graph.parent[edges[-1]])
    return tuple(reversed(edges))


def exposures(graph: Graph, impacts: Sequence[Impact], filters: Filters | None = None) -> dict[int, Exposure]:
    """Return how an issue, given by its impacts, stands to every node that it touches."""
    return _Spread(graph, impacts, filters or Filters()).exposures()


def weakest_step(graph: Graph, exposure: Exposure) -> int | None:
    """Return the edge that decides how sure the exposure is: the one that carries least, then the weakest."""
    if not exposure.path:
        return None
    return min(exposure.path, key=lambda edge: (int(graph.carries[edge]), int(graph.strength[edge])))


