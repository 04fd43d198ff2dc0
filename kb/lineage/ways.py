"""The edges that an issue may travel: all below its origins, or those alone that lead to one node. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Set
from functools import cached_property
from typing import Protocol

import numpy as np

from kb.lineage.graph import LEVELS, REPORTED, USES, WEAKEST, Filters, Graph, Ints
from kb.lineage.near import Near, bound, explore
from kb.lineage.shortest import Reader, Shortest, Way, strongest
from kb.lineage.walk import within_reach

__all__ = ["AllBelow", "Towards", "Way", "Ways"]


class Ways(Protocol):
    """What an issue's spread asks: the ways on from a node at a level, by statement."""

    def onward(self, parent: int, level: int, full: bool) -> Iterable[Way]:
        """Ways from a parent of at least a strength."""


class AllBelow:
    """Every way below the origins."""

    def __init__(self, graph: Graph, origins: Iterable[int], filters: Filters) -> None:
        self._by_parent: dict[int, list[Way]] = defaultdict(list)
        for way in _as_ways(graph, _edges_below(graph, list(origins), filters)):
            self._by_parent[way.parent].append(way)

    def levels(self, full: bool) -> list[int]:
        """Every level that a way has."""
        ways = (way for found in self._by_parent.values() for way in found)
        return sorted({way.strength for way in ways if way.is_full or not full}, reverse=True)

    def onward(self, parent: int, level: int, full: bool) -> Iterable[Way]:
        """Ways from a parent."""
        return [way for way in self._by_parent.get(parent, ()) if way.strength >= level and (way.is_full or not full)]


class Towards:
    """The ways that lead to one node. What lies above it is walked once, whatever the number of issues."""

    def __init__(self, graph: Graph, node: int, filters: Filters) -> None:
        self.node = node
        self._above = Near(graph, "upstream", filters).steps
        self._reader = Reader(graph)
        self._shortest: dict[tuple[int, bool], Shortest] = {}
        self.nodes: Set[int] = self.shortest(WEAKEST, False).whole().distance.keys()

    def levels(self, origins: Iterable[int], full: bool) -> list[int]:
        """Return the levels on which ways lead from one of the origins to the node, strongest first."""
        reach = self._full_reach if full else self._any_reach
        best = max((reach.get(origin, 0) for origin in origins), default=0)
        return [level for level in LEVELS if level <= best and (level >= REPORTED or not full)]

    @cached_property
    def _any_reach(self) -> dict[int, int]:
        return strongest(self._above, self.node)

    @cached_property
    def _full_reach(self) -> dict[int, int]:
        return strongest(self._above, self.node, self._reader.carries)

    def shortest(self, level: int, full: bool) -> Shortest:
        """Return the ways to the node on a level, as far as they are known yet."""
        key = (level, full)
        if key not in self._shortest:
            self._shortest[key] = Shortest(self._reader, self._above, self.node, level, full)
        return self._shortest[key]

    def onward(self, parent: int, level: int, full: bool) -> Iterable[Way]:
        """Ways from a parent to children from which the node can be reached on this level."""
        return self.shortest(level, full).whole().onward(parent)


def _edges_below(graph: Graph, origins: list[int], filters: Filters) -> Ints:
    """Return every edge that an issue could travel from its origins. Only these are looked at in Python."""
    vicinity = explore(Near(graph, "downstream", filters), origins, bound(graph))
    if vicinity is not None:
        return np.array([edge for _, _, edge in vicinity.steps()], dtype=np.int64)
    below = within_reach(graph, origins, "downstream", filters)
    return np.flatnonzero(graph.mask(filters) & (graph.carries > 0) & below[graph.parent])


def _as_ways(graph: Graph, edges: Ints) -> list[Way]:
    """Return edges as ways, by statement."""
    edges = edges[np.argsort(graph.statement[edges], kind="stable")] if len(edges) > 1 else edges
    columns = (graph.parent, graph.child, graph.start, graph.end, graph.strength, graph.carries)
    return list(map(Way, edges.tolist(), *(column[edges].tolist() for column in columns), USES[graph.predicate[edges]].tolist()))
