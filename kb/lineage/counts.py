"""Counts of paths that stop at a bound and say so. Pure."""

from collections import defaultdict
from dataclasses import dataclass

from kb.lineage.graph import Direction
from kb.lineage.near import Near
from kb.lineage.walk import Closure

MOST_COUNTED = 1000
# Edges looked at while paths that are equally good are counted.
_WORK = 300_000
OPPOSITE: dict[Direction, Direction] = {"downstream": "upstream", "upstream": "downstream"}


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are: exactly so many, or more than so many."""

    count: int
    exact: bool = True


NONE = Count(0)


def equally_good(reached: Closure, end: int) -> Count:
    """Return how many paths to a node are as strong and as short as the best one, itself among them.

    Counted back from the node, one step at a time, over the nodes alone that lie on such a path: through each of them at
    least as many lead on as lead to it, so that no layer ever holds more than there are.
    """
    level = int(reached.strengths[end])
    if not level:
        return NONE
    best = reached.at_level(level)
    rows = Near(reached.graph, OPPOSITE[reached.direction], reached.filters).steps
    ways, work = {end: 1}, _WORK
    for depth in range(best.depth_of(end) - 1, -1, -1):
        nearer: dict[int, int] = defaultdict(int)
        for node, count in ways.items():
            steps = rows[node]
            work -= len(steps)
            if work < 0:
                return Count(sum(ways.values()) - 1, exact=False)
            for before in {to for to, strength, _ in steps if strength >= level and best.depth_of(to) == depth}:
                nearer[before] += count
        ways = nearer
        if sum(ways.values()) > MOST_COUNTED:
            return Count(MOST_COUNTED, exact=False)
    return Count(ways[reached.root])
