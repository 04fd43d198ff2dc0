"""The k best explaining paths between two nodes, and a bounded count of how many more there are. Pure.

Better is: the stronger weakest edge, then fewer steps. A path visits no node twice and takes the best edge of each
pair of nodes. Yen's algorithm (1971), level of strength by level, with the distance to the end to guide it; all work is
counted, so that ten thousand paths or a knot of cycles take bounded time, and the answer says that it stopped.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import chain

from kb.lineage.counts import MOST_COUNTED, NONE, Count, equally_good
from kb.lineage.graph import LEVELS, Direction, Filters, Graph
from kb.lineage.towards import WORK, Spent, Towards
from kb.lineage.walk import closure

MOST_PATHS = 20
DEFAULT_PATHS = 5

Path = tuple[int, ...]
# Length of the whole path that an edge promises, minus the steps taken, statement, node, and place among its edges.
_Waiting = list[tuple[int, int, int, int, int]]


@dataclass(frozen=True, slots=True)
class BestPaths:
    """Paths, best first, each as the edges from the start on.

    `equal` counts all that are as strong and as short as the first, itself among them; `more` what is not listed.
    """

    paths: tuple[Path, ...] = ()
    more: Count = NONE
    equal: Count = NONE


def best_paths(
    graph: Graph, start: int, end: int, direction: Direction, filters: Filters, k: int = DEFAULT_PATHS, depth: int | None = None
) -> BestPaths:
    """Return the k best distinct simple paths from start to end, and how many more there are."""
    reached = closure(graph, start, direction, filters, depth)
    if start == end or not reached.strength[end]:
        return BestPaths()
    limit = depth if depth is not None else graph.size
    towards = Towards(graph, end, direction, filters)
    paths = _Search(towards, start, direction, limit).best(k, tuple(reached.best_path(end)))
    towards.work = WORK
    return BestPaths(tuple(paths), _more(towards, start, limit, len(paths)), equally_good(reached, end))


class _Search:
    """The search for paths of one start and end, of at most `limit` steps."""

    def __init__(self, towards: Towards, start: int, direction: Direction, limit: int) -> None:
        self.towards, self.start, self.limit = towards, start, limit
        self.graph = towards.graph
        self.far = self.graph.child if direction == "downstream" else self.graph.parent

    def best(self, k: int, first: Path) -> list[Path]:
        """Return up to k paths, best first. `first` is the best one, as every other view of lineage shows it."""
        found = [first]
        try:
            for path in chain.from_iterable(self._by_length(level, first) for level in LEVELS):
                if len(found) >= k:
                    break
                if path not in found:
                    found.append(path)
        except Spent:
            pass
        return found

    def _by_length(self, level: int, first: Path) -> Iterator[Path]:
        """Yield every path of edges of at least one strength, fewest steps first."""
        of_first = min(int(self.graph.strength[edge]) for edge in first)
        start = first if level == of_first else self._shortest(self.start, level, (), (), self.limit)
        waiting = [(len(start), self._order(start), start)] if start else []
        seen, yielded = {start}, list[Path]()
        while waiting:
            path = heappop(waiting)[2]
            yield path
            yielded.append(path)
            for other in self._deviations(path, level, yielded):
                if other not in seen:
                    seen.add(other)
                    heappush(waiting, (len(other), self._order(other), other))

    def _deviations(self, path: Path, level: int, yielded: list[Path]) -> Iterator[Path]:
        """Yield, for each node of a path, the best way on that no path before took from there."""
        nodes = [self.start, *(int(self.far[edge]) for edge in path[:-1])]
        for place, node in enumerate(nodes):
            root = path[:place]
            taken = {other[place] for other in yielded if other[:place] == root}
            tail = self._shortest(node, level, nodes[:place], taken, self.limit - place)
            if tail:
                yield root + tail

    def _shortest(self, source: int, level: int, closed: Collection[int], taken: Collection[int], limit: int) -> Path:
        """Return the shortest way from a node to the end, by A*, or an empty one.

        `closed` nodes are not entered and `taken` edges not followed from the source. Of a node's edges, which stand in
        the order of their distance to the end, only the next one waits: a hub costs no more than any other node.
        """
        came: dict[int, tuple[int, int]] = dict.fromkeys((source, *closed), (source, -1))
        waiting: _Waiting = []
        self._offer(waiting, source, 0, 0)
        while waiting and waiting[0][0] <= limit:
            _, minus_steps, _, node, place = heappop(waiting)
            self._offer(waiting, node, place + 1, minus_steps)
            step = self.towards.steps(node)[place]
            usable = step.strength >= level and self.towards.onward[step.to] >= level
            if not usable or step.to in came or (node == source and step.edge in taken):
                continue
            came[step.to] = (node, step.edge)
            if step.to == self.towards.end:
                return _trail(came, source, step.to)
            self._offer(waiting, step.to, 0, minus_steps - 1)
        return ()

    def _offer(self, waiting: _Waiting, node: int, place: int, minus_steps: int) -> None:
        """Let one edge of a node wait, by the length of the whole path that it promises."""
        steps = self.towards.steps(node)
        if place < len(steps):
            step = steps[place]
            heappush(waiting, (1 - minus_steps + step.rest, minus_steps, step.statement, node, place))

    def _order(self, path: Path) -> tuple[int, ...]:
        """Among equals the older statements come first, so that the same question has the same answer."""
        return tuple(self.graph.statement[list(path)].tolist())


def _trail(came: dict[int, tuple[int, int]], source: int, node: int) -> Path:
    edges: list[int] = []
    while node != source:
        node, edge = came[node]
        edges.append(edge)
    return tuple(reversed(edges))


def _more(towards: Towards, start: int, limit: int, shown: int) -> Count:
    """Count paths one after the other, up to a bound, and take off those that are shown."""
    count = 0
    try:
        for _ in _every_path(towards, start, limit):
            count += 1
            if count > MOST_COUNTED + shown:
                return Count(MOST_COUNTED, exact=False)
    except Spent:
        return Count(max(0, count - shown), exact=False)
    return Count(count - shown)


def _every_path(towards: Towards, start: int, limit: int) -> Iterator[None]:
    """Yield once for every simple path, depth first."""
    stack, trail, inside = [iter(towards.steps(start))], [start], {start}
    while stack:
        step = next(stack[-1], None)
        towards.spend(1)
        if step is None:
            stack.pop()
            inside.remove(trail.pop())
        elif len(stack) + step.rest > limit or step.to in inside:
            continue
        elif step.to == towards.end:
            yield
        else:
            stack.append(iter(towards.steps(step.to)))
            trail.append(step.to)
            inside.add(step.to)
