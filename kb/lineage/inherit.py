"""Which artifacts an issue reaches, and how: present, inherited, possibly inherited, remediated.

Descent and presence are two claims. Present needs an impact statement on that very artifact; full edges pass an issue
on; any partial or unknown edge makes it possible, however well confirmed. Rules: VOCABULARY, relations of lineage.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kb.lineage.graph import AFTER_ALL, BEFORE_ALL, CARRIES, LEVELS, REPORTED, USES, Filters, Graph, Ints
from kb.records.status import STRENGTH

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


@dataclass(frozen=True, slots=True)
class _Arrival:
    """One way in which the issue came to a node, and the days on which it may have been in it on that way."""

    node: int
    start: int
    end: int
    origin: Impact
    edge: int = -1
    before: "_Arrival | None" = None

    def covers(self, other: "_Arrival") -> bool:
        return self.start <= other.start and self.end >= other.end

    def path(self) -> tuple[int, ...]:
        edges, at = [], self
        while at.before is not None:
            edges.append(at.edge)
            at = at.before
        return tuple(reversed(edges))


class _Spread:
    """One issue's way through the graph."""

    def __init__(self, graph: Graph, impacts: Sequence[Impact], filters: Filters) -> None:
        counting = sorted((impact for impact in impacts if impact.status in _COUNTING), key=_telling_first)
        self.graph = graph
        self.starts = [impact for impact in counting if impact.says in _STARTS]
        self.present = _first_by_node(self.starts)
        stops = _first_by_node(impact for impact in counting if impact.says in _STOPS)
        self.stopped = {node: impact for node, impact in stops.items() if node not in self.present}
        mask = graph.mask(filters) & (graph.carries > 0)
        self.possible = graph.by_parent[mask[graph.by_parent]]
        strong = mask & (graph.carries == FULL) & (graph.strength >= REPORTED)
        self.full = graph.by_parent[strong[graph.by_parent]]

    def exposures(self) -> dict[int, Exposure]:
        """Return the exposure of every node that the issue touches, by node."""
        found = {node: Exposure(node, "present", impact, own=impact) for node, impact in self.present.items()}
        self._collect(found, "inherited", self.full, stops=self.stopped)
        self._collect(found, "possibly_inherited", self.possible, stops=self.stopped)
        if self.stopped:
            self._collect(found, "remediated", self.possible, stops={})
        return found

    def _collect(self, found: dict[int, Exposure], category: str, edges: Ints, stops: Mapping[int, Impact]) -> None:
        """Add nodes reached over these edges, by the strongest path first and then the shortest."""
        strength = self.graph.strength[edges]
        for level in LEVELS:
            if not np.any(strength == level):
                continue
            for arrival in self._flow(edges[strength >= level], stops):
                node = arrival.node
                if node not in found and node not in stops:
                    found[node] = Exposure(node, category, arrival.origin, arrival.path(), self.stopped.get(node))

    def _flow(self, edges: Ints, stops: Mapping[int, Impact]) -> Iterator[_Arrival]:
        """Yield arrivals, fewest steps first: breadth-first, where only an arrival on further days is a new one."""
        outgoing = _by_parent(self.graph, edges)
        queue = deque(_Arrival(impact.node, impact.start, impact.end, impact) for impact in self.starts)
        known: dict[int, list[_Arrival]] = defaultdict(list)
        while queue:
            at = queue.popleft()
            for edge in outgoing(at.node):
                arrival = self._step(at, edge, stops.get(at.node))
                if arrival and not any(other.covers(arrival) for other in known[arrival.node]):
                    known[arrival.node].append(arrival)
                    queue.append(arrival)
                    yield arrival

    def _step(self, at: _Arrival, edge: int, stop: Impact | None) -> _Arrival | None:
        """Follow an edge where the child was made, or the use held, while the issue was in the parent."""
        child, start, end = (int(column[edge]) for column in (self.graph.child, self.graph.start, self.graph.end))
        if child in self.present:  # its own impact says since when and until when the issue was in it
            return None
        if start > at.end or end < at.start or (stop and not _was_before(end, stop)):
            return None
        ends = USES[self.graph.predicate[edge]]  # an event carries what the parent contained then, for good
        return _Arrival(child, max(start, at.start), min(end, at.end) if ends else AFTER_ALL, at.origin, edge, at)


def _telling_first(impact: Impact) -> tuple[bool, int, int, int]:
    """A mitigation on record is always told; else the best supported impact speaks for its node."""
    return impact.says != "mitigated", -STRENGTH[impact.status], impact.node, impact.statement


def _first_by_node(impacts: Iterable[Impact]) -> dict[int, Impact]:
    found: dict[int, Impact] = {}
    for impact in impacts:
        found.setdefault(impact.node, impact)
    return found


def _was_before(end: int, stop: Impact) -> bool:
    """Whether something was over for certain before a fix: a fix does not reach back to what was made earlier."""
    return stop.says == "fixed" and end < stop.start


def _by_parent(graph: Graph, edges: Ints) -> Callable[[int], Iterable[int]]:
    """Return what finds the edges out of a node; `edges` are in the order of `graph.by_parent`."""
    parents = graph.parent[edges]

    def outgoing(node: int) -> Iterable[int]:
        start, end = np.searchsorted(parents, (node, node + 1))
        return (int(edge) for edge in edges[start:end])

    return outgoing


def exposures(graph: Graph, impacts: Sequence[Impact], filters: Filters | None = None) -> dict[int, Exposure]:
    """Return how an issue, given by its impacts, stands to every node that it touches."""
    return _Spread(graph, impacts, filters or Filters()).exposures()


def weakest_step(graph: Graph, exposure: Exposure) -> int | None:
    """Return the edge that decides how sure the exposure is: the one that carries least, then the weakest."""
    if not exposure.path:
        return None
    return min(exposure.path, key=lambda edge: (int(graph.carries[edge]), int(graph.strength[edge])))
