"""How an issue comes to nodes, step by step, with the days on which it may have been there. Pure."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from kb.lineage.graph import AFTER_ALL, WEAKEST
from kb.lineage.impacts import Exposure, Impact, Said
from kb.lineage.ways import AllBelow, Towards, Way, Ways

# So many arrivals are tried along the shortest ways and those of a few steps more, before all ways are gone.
_TRIES = 500
_DETOUR = 4


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

    def __init__(self, said: Said, ways: Ways) -> None:
        self.said, self.ways = said, ways

    def flow(self, level: int, full: bool, stops: Mapping[int, Impact]) -> Iterator[_Arrival]:
        """Yield arrivals, fewest steps first: breadth-first, where only an arrival on further days is a new one."""
        queue = deque(_starting(self.said))
        known: dict[int, list[_Arrival]] = defaultdict(list)
        while queue:
            at = queue.popleft()
            for arrival in self._further(at, self.ways.onward(at.node, level, full), stops):
                if not any(other.covers(arrival) for other in known[arrival.node]):
                    known[arrival.node].append(arrival)
                    queue.append(arrival)
                    yield arrival

    def _further(self, at: _Arrival, ways: Iterable[Way], stops: Mapping[int, Impact]) -> Iterator[_Arrival]:
        stop = stops.get(at.node)
        for way in ways:
            arrival = self._step(at, way, stop)
            if arrival:
                yield arrival

    def _step(self, at: _Arrival, way: Way, stop: Impact | None) -> _Arrival | None:
        """Follow an edge where the child was made, or the use held, while the issue was in the parent."""
        if way.child in self.said.present:  # its own impact says since when and until when the issue was in it
            return None
        if way.start > at.end or way.end < at.start or (stop and not _was_before(way.end, stop)):
            return None
        # An event carries what the parent contained then, for good.
        end = min(way.end, at.end) if way.is_use else AFTER_ALL
        return _Arrival(way.child, max(way.start, at.start), end, at.origin, way.edge, at)


class Spread(_Spread):
    """One issue's way to every node below its origins."""

    ways: AllBelow

    def exposures(self) -> dict[int, Exposure]:
        """Return the exposure of every node that the issue touches: by the strongest path first and then the shortest."""
        found = _present(self.said)
        for category, stops in self.said.classes():
            full = category == "inherited"
            for level in self.ways.levels(full):
                for arrival in self.flow(level, full, stops):
                    node = arrival.node
                    if node not in found and node not in stops:
                        found[node] = _exposure(self.said, category, arrival)
        return found


class Approach(_Spread):
    """One issue's way to one node: what `Spread` says of that node, with a look at as few others as possible."""

    ways: Towards

    def exposure(self) -> Exposure | None:
        """Return how the issue stands to the node."""
        node = self.ways.node
        if node in self.said.present:
            return _present(self.said)[node]
        closed: Mapping[int, Impact] | None = None
        for category, stops in self.said.classes():
            if node in stops or stops is closed:
                continue
            full = category == "inherited"
            for level in self.ways.levels(self.said.present, full):
                first = self._by_few_steps(level, full, stops)
                if first is None and not self._arrives(WEAKEST, False, stops):
                    closed = stops  # on the other levels, which lead to less, too
                    break
                first = first or self._arrives(level, full, stops)
                if first:
                    return _exposure(self.said, category, first)
        return None

    def _by_few_steps(self, level: int, full: bool, stops: Mapping[int, Impact]) -> _Arrival | None:
        """Return the first arrival that comes by the fewest steps or by a few more, where some tries find one.

        What dates and stops leave open is tried in the order of starts and statements, so that it is the arrival which
        the whole flow brings first.
        """
        shortest, tries = self.ways.shortest(level, full), count()
        fewest = shortest.steps_from(self.said.present)
        for limit in range(fewest, fewest + _DETOUR + 1):
            starts = (at for at in _starting(self.said) if shortest.distance.get(at.node, limit + 1) <= limit)
            trail: list[Iterator[_Arrival]] = [starts]
            while trail:
                if next(tries) > _TRIES:
                    return None
                at = next(trail[-1], None)
                if at is None:
                    trail.pop()
                elif at.node == self.ways.node:
                    return at
                else:
                    trail.append(self._further(at, shortest.onward(at.node, limit - len(trail)), stops))
            shortest.whole()
        return None

    def _arrives(self, level: int, full: bool, stops: Mapping[int, Impact]) -> _Arrival | None:
        """Return the first arrival that the whole flow brings to the node."""
        return next((arrival for arrival in self.flow(level, full, stops) if arrival.node == self.ways.node), None)


def _starting(said: Said) -> list[_Arrival]:
    return [_Arrival(impact.node, impact.start, impact.end, impact) for impact in said.starts]


def _present(said: Said) -> dict[int, Exposure]:
    return {node: Exposure(node, "present", impact, own=impact) for node, impact in said.present.items()}


def _exposure(said: Said, category: str, arrival: _Arrival) -> Exposure:
    return Exposure(arrival.node, category, arrival.origin, arrival.path(), said.stopped.get(arrival.node))


def _was_before(end: int, stop: Impact) -> bool:
    """Whether something was over for certain before a fix: a fix does not reach back to what was made earlier."""
    return stop.says == "fixed" and end < stop.start
