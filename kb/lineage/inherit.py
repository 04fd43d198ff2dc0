"""Which artifacts an issue reaches, and how: present, inherited, possibly inherited, remediated.

Descent and presence are two claims. Present needs an impact statement on that very artifact; full edges pass an issue
on; any partial or unknown edge makes it possible, however well confirmed. Rules: VOCABULARY, relations of lineage.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kb.lineage.graph import AFTER_ALL, BEFORE_ALL, CARRIES, REPORTED, USES, Filters, Graph
from kb.lineage.walk import within_reach
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


class _Way(NamedTuple):
    """An edge as an issue travels it. A use ends with its dates; an event holds for good."""

    edge: int
    parent: int
    child: int
    start: int
    end: int
    strength: int
    carries: int
    is_use: bool


@dataclass(slots=True)
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
        self.starts = [impact for impact in counting if impact.says in _STARTS]
        self.present = _first_by_node(self.starts)
        stops = _first_by_node(impact for impact in counting if impact.says in _STOPS)
        self.stopped = {node: impact for node, impact in stops.items() if node not in self.present}
        self.possible = _ways(graph, self.present, filters)
        self.full = [way for way in self.possible if way.carries == FULL and way.strength >= REPORTED]

    def exposures(self) -> dict[int, Exposure]:
        """Return the exposure of every node that the issue touches, by node."""
        found = {node: Exposure(node, "present", impact, own=impact) for node, impact in self.present.items()}
        self._collect(found, "inherited", self.full, stops=self.stopped)
        self._collect(found, "possibly_inherited", self.possible, stops=self.stopped)
        if self.stopped:
            self._collect(found, "remediated", self.possible, stops={})
        return found

    def _collect(self, found: dict[int, Exposure], category: str, ways: list[_Way], stops: Mapping[int, Impact]) -> None:
        """Add nodes reached over these edges, by the strongest path first and then the shortest."""
        for level in sorted({way.strength for way in ways}, reverse=True):
            for arrival in self._flow(_by_parent(way for way in ways if way.strength >= level), stops):
                node = arrival.node
                if node not in found and node not in stops:
                    found[node] = Exposure(node, category, arrival.origin, arrival.path(), self.stopped.get(node))

    def _flow(self, outgoing: Mapping[int, list[_Way]], stops: Mapping[int, Impact]) -> Iterator[_Arrival]:
        """Yield arrivals, fewest steps first: breadth-first, where only an arrival on further days is a new one."""
        queue = deque(_Arrival(impact.node, impact.start, impact.end, impact) for impact in self.starts)
        known: dict[int, list[_Arrival]] = defaultdict(list)
        while queue:
            at = queue.popleft()
            for way in outgoing.get(at.node, ()):
                arrival = self._step(at, way, stops.get(at.node))
                if arrival and not any(other.covers(arrival) for other in known[way.child]):
                    known[way.child].append(arrival)
                    queue.append(arrival)
                    yield arrival

    def _step(self, at: _Arrival, way: _Way, stop: Impact | None) -> _Arrival | None:
        """Follow an edge where the child was made, or the use held, while the issue was in the parent."""
        if way.child in self.present:  # its own impact says since when and until when the issue was in it
            return None
        if way.start > at.end or way.end < at.start or (stop and not _was_before(way.end, stop)):
            return None
        # An event carries what the parent contained then, for good.
        end = min(way.end, at.end) if way.is_use else AFTER_ALL
        return _Arrival(way.child, max(way.start, at.start), end, at.origin, way.edge, at)


def _ways(graph: Graph, origins: Iterable[int], filters: Filters) -> list[_Way]:
    """Return every edge that an issue could travel from its origins, by statement. Only these are looked at in Python."""
    below = within_reach(graph, origins, "downstream", filters)
    edges = np.flatnonzero(graph.mask(filters) & (graph.carries > 0) & below[graph.parent])
    edges = edges[np.argsort(graph.statement[edges], kind="stable")]
    columns = (graph.parent, graph.child, graph.start, graph.end, graph.strength, graph.carries)
    return list(map(_Way, edges.tolist(), *(column[edges].tolist() for column in columns), USES[graph.predicate[edges]].tolist()))


def _by_parent(ways: Iterable[_Way]) -> dict[int, list[_Way]]:
    outgoing: dict[int, list[_Way]] = defaultdict(list)
    for way in ways:
        outgoing[way.parent].append(way)
    return outgoing


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


def exposures(graph: Graph, impacts: Sequence[Impact], filters: Filters | None = None) -> dict[int, Exposure]:
    """Return how an issue, given by its impacts, stands to every node that it touches."""
    return _Spread(graph, impacts, filters or Filters()).exposures()


def weakest_step(graph: Graph, exposure: Exposure) -> int | None:
    """Return the edge that decides how sure the exposure is: the one that carries least, then the weakest."""
    if not exposure.path:
        return None
    return min(exposure.path, key=lambda edge: (int(graph.carries[edge]), int(graph.strength[edge])))
