"""Which artifacts an issue reaches, and how: present, inherited, possibly inherited, remediated.

Descent and presence are two claims. Present needs an impact statement on that very artifact; full edges pass an issue
on; any partial or unknown edge makes it possible, however well confirmed. Rules: VOCABULARY, relations of lineage.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.lineage.graph import AFTER_ALL, BEFORE_ALL, Filters, Graph
from kb.lineage.ways import AllBelow, Towards, Way, Ways
from kb.records.status import STRENGTH

CLASSES = ("present", "inherited", "possibly_inherited", "remediated")
STARTS = frozenset({"affected", "mitigated"})
_STOPS = frozenset({"fixed", "not_affected"})
# A lead neither starts nor stops an issue; what is refuted, retracted or unsourced never counts.
COUNTING = frozenset({"confirmed", "corroborated", "reported", "disputed"})


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

    def __init__(self, said: "_Said", ways: Ways) -> None:
        self.starts, self.present, self.stopped, self.ways = said.starts, said.present, said.stopped, ways

    def exposures(self) -> dict[int, Exposure]:
        """Return the exposure of every node that the issue touches, by node."""
        found = {node: Exposure(node, "present", impact, own=impact) for node, impact in self.present.items()}
        return found | {exposure.node: exposure for exposure in self._arrivals()}

    def exposure_of(self, node: int) -> Exposure | None:
        """Return the exposure of one node; whatever decides about it is found first."""
        if node in self.present:
            return Exposure(node, "present", self.present[node], own=self.present[node])
        return next(self._arrivals(node), None)

    def _arrivals(self, only: int | None = None) -> Iterator[Exposure]:
        """Yield exposures of nodes reached, or of one of them alone; each node's first is the one that decides."""
        seen = set(self.present)
        yield from self._collect("inherited", self.stopped, seen, only)
        yield from self._collect("possibly_inherited", self.stopped, seen, only)
        if self.stopped:
            yield from self._collect("remediated", {}, seen, only)

    def _collect(self, category: str, stops: Mapping[int, Impact], seen: set[int], only: int | None) -> Iterator[Exposure]:
        """Yield nodes reached and not seen yet, by the strongest path first and then the shortest."""
        full = category == "inherited"
        for level in self.ways.levels(self.present, full):
            for arrival in self._flow(level, full, stops):
                node = arrival.node
                if node not in seen and node not in stops and only in {None, node}:
                    seen.add(node)
                    yield Exposure(node, category, arrival.origin, arrival.path(), self.stopped.get(node))

    def _flow(self, level: int, full: bool, stops: Mapping[int, Impact]) -> Iterator[_Arrival]:
        """Yield arrivals, fewest steps first: breadth-first, where only an arrival on further days is a new one."""
        queue = deque(_Arrival(impact.node, impact.start, impact.end, impact) for impact in self.starts)
        known: dict[int, list[_Arrival]] = defaultdict(list)
        while queue:
            at = queue.popleft()
            for way in self.ways.onward(at.node, level, full):
                arrival = self._step(at, way, stops.get(at.node))
                if arrival and not any(other.covers(arrival) for other in known[way.child]):
                    known[way.child].append(arrival)
                    queue.append(arrival)
                    yield arrival

    def _step(self, at: _Arrival, way: Way, stop: Impact | None) -> _Arrival | None:
        """Follow an edge where the child was made, or the use held, while the issue was in the parent."""
        if way.child in self.present:  # its own impact says since when and until when the issue was in it
            return None
        if way.start > at.end or way.end < at.start or (stop and not _was_before(way.end, stop)):
            return None
        # An event carries what the parent contained then, for good.
        end = min(way.end, at.end) if way.is_use else AFTER_ALL
        return _Arrival(way.child, max(way.start, at.start), end, at.origin, way.edge, at)


class _Said:
    """What is said of an issue: where it starts, where it is present and where it is stopped."""

    def __init__(self, impacts: Iterable[Impact]) -> None:
        counting = sorted((impact for impact in impacts if impact.status in COUNTING), key=_telling_first)
        self.starts = [impact for impact in counting if impact.says in STARTS]
        self.present = _first_by_node(self.starts)
        stops = _first_by_node(impact for impact in counting if impact.says in _STOPS)
        self.stopped = {node: impact for node, impact in stops.items() if node not in self.present}


class Descent:
    """What one node descends from, walked once: every issue's way to it lies inside."""

    def __init__(self, graph: Graph, node: int, filters: Filters | None = None) -> None:
        self.node, self.ways = node, Towards(graph, node, filters or Filters())

    @property
    def nodes(self) -> Iterable[int]:
        """The node and all that it descends from."""
        return self.ways.nodes

    def exposure_to(self, impacts: Iterable[Impact]) -> Exposure | None:
        """Return how an issue, given by its impacts, stands to the node: as `exposures` says of it among all others.

        Impacts on nodes that it does not descend from can neither start nor stop anything on the way.
        """
        said = _Said(impact for impact in impacts if impact.node in self.ways.nodes)
        return _Spread(said, self.ways).exposure_of(self.node) if said.starts else None


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
    said = _Said(impacts)
    return _Spread(said, AllBelow(graph, said.present, filters or Filters())).exposures()


def weakest_step(graph: Graph, exposure: Exposure) -> int | None:
    """Return the edge that decides how sure the exposure is: the one that carries least, then the weakest."""
    if not exposure.path:
        return None
    return min(exposure.path, key=lambda edge: (int(graph.carries[edge]), int(graph.strength[edge])))
