"""The edges that lead from anywhere towards one node, read node by node as they are needed, with all work counted. Pure."""

from typing import NamedTuple

from kb.lineage.counts import OPPOSITE
from kb.lineage.graph import LEVELS, Direction, Filters, Graph
from kb.lineage.near import Near
from kb.lineage.walk import closure

# Edges looked at: half a second at most.
WORK = 300_000


class Spent(Exception):
    """The work that a search may do is done."""


class Step(NamedTuple):
    """One edge on the way to the end: how far the end is behind it at least, where it leads, how strong it is."""

    rest: int
    statement: int
    edge: int
    to: int
    strength: int


class Towards:
    """What is left of a graph where all ways that do not lead to the end are closed."""

    def __init__(self, graph: Graph, end: int, direction: Direction, filters: Filters) -> None:
        back = closure(graph, end, OPPOSITE[direction], filters)
        self.graph, self.end = graph, end
        self.near = Near(graph, direction, filters)
        self.rest, self.onward = back.depth.copy(), back.strength.copy()
        self.rest[end], self.onward[end] = 0, LEVELS[0]
        self._known: dict[int, list[Step]] = {}
        self.work = WORK

    def steps(self, node: int) -> list[Step]:
        """Return the edges from a node on which the end can be reached, the nearest first."""
        self.spend(1)
        if node not in self._known:
            self._known[node] = self._read(node)
            self.spend(len(self._known[node]))
        return self._known[node]

    def spend(self, work: int) -> None:
        """Count work. Raises Spent when there was too much of it."""
        self.work -= work
        if self.work < 0:
            raise Spent

    def _read(self, node: int) -> list[Step]:
        best: dict[int, tuple[int, int]] = {}
        for to, strength, edge in self.near.steps[node]:
            if self.onward[to] > 0:
                best.setdefault(to, (edge, strength))  # of parallel edges the best stands first
        statement = self.graph.statement
        return sorted(Step(int(self.rest[to]), int(statement[edge]), edge, to, strength) for to, (edge, strength) in best.items())
