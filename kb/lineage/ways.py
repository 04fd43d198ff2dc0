"""The edges that an issue may travel: all below its origins, or those alone that lead to one node. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np

from kb.lineage.graph import CARRIES, REPORTED, USES, Filters, Graph, Ints
from kb.lineage.near import Near, Vicinity, bound, explore
from kb.lineage.walk import within_reach

FULL = CARRIES.index("full")
_BEST = 1_000
_FEW = 20


class Way(NamedTuple):
    """An edge as an issue travels it. A use ends with its dates; an event holds for good."""

    edge: int
    parent: int
    child: int
    start: int
    end: int
    strength: int
    carries: int
    is_use: bool

    @property
    def is_full(self) -> bool:
        """Whether an issue that travels it is inherited, not just possibly."""
        return self.carries == FULL and self.strength >= REPORTED


class Ways(Protocol):
    """What an issue's spread asks: levels to try, strongest first, and the ways on from a node at a level."""

    def levels(self, origins: Iterable[int], full: bool) -> list[int]:
        """Levels of strength on which something may be reached from the origins."""

    def onward(self, parent: int, level: int, full: bool) -> list[Way]:
        """Ways from a parent of at least a strength, by statement."""


class AllBelow:
    """Every way below the origins."""

    def __init__(self, graph: Graph, origins: Iterable[int], filters: Filters) -> None:
        self._by_parent: dict[int, list[Way]] = defaultdict(list)
        for way in _as_ways(graph, _edges_below(graph, list(origins), filters)):
            self._by_parent[way.parent].append(way)

    def levels(self, origins: Iterable[int], full: bool) -> list[int]:
        """Every level that a way has."""
        ways = (way for found in self._by_parent.values() for way in found)
        return sorted({way.strength for way in ways if way.is_full or not full}, reverse=True)

    def onward(self, parent: int, level: int, full: bool) -> list[Way]:
        """Ways from a parent."""
        return [way for way in self._by_parent.get(parent, ()) if way.strength >= level and (way.is_full or not full)]


class Towards:
    """The ways that lead to one node. What lies above it is walked once, whatever the number of issues."""

    def __init__(self, graph: Graph, node: int, filters: Filters) -> None:
        self.graph, self.node = graph, node
        near = Near(graph, "upstream", filters)
        self._above = explore(near, [node], bound(graph)) or _wide_above(near, node)
        self._by_parent: dict[int, list[Way]] = {}

    @property
    def nodes(self) -> Collection[int]:
        """The node and all that it descends from."""
        return self._above

    def levels(self, origins: Iterable[int], full: bool) -> list[int]:
        """No level above that of the strongest path from one of the origins."""
        reach = self._reach(full)
        strongest = max((reach.get(origin, 0) for origin in origins), default=0)
        return [level for level in self._strengths if level <= strongest]

    def onward(self, parent: int, level: int, full: bool) -> list[Way]:
        """Ways from a parent to children from which the node can be reached on this level."""
        reach = self._reach(full)
        if parent not in self._by_parent:
            self._by_parent[parent] = self._read(parent, self._edges_from.get(parent, []))
        return [
            way for way in self._by_parent[parent]
            if way.strength >= level and (way.is_full or not full) and reach.get(way.child, 0) >= level
        ]  # fmt: skip

    def _read(self, parent: int, edges: list[tuple[int, int, int]]) -> list[Way]:
        """Few edges are read one by one, which is quicker than asking for arrays of them."""
        graph = self.graph
        if len(edges) > _FEW:
            return _as_ways(graph, np.array([edge for edge, _, _ in edges], dtype=np.int64))
        edges = sorted(edges, key=lambda one: int(graph.statement[one[0]])) if len(edges) > 1 else edges
        return [
            Way(
                edge, parent, child, int(graph.start[edge]), int(graph.end[edge]), strength, int(graph.carries[edge]),
                bool(USES[graph.predicate[edge]]),
            )
            for edge, child, strength in edges
        ]  # fmt: skip

    @cached_property
    def _edges_from(self) -> dict[int, list[tuple[int, int, int]]]:
        found: dict[int, list[tuple[int, int, int]]] = {}
        for child, steps in self._above.items():
            for parent, strength, edge in steps:
                if parent in found:
                    found[parent].append((edge, child, strength))
                else:
                    found[parent] = [(edge, child, strength)]
        return found

    @cached_property
    def _strengths(self) -> list[int]:
        return sorted({strength for steps in self._above.values() for _, strength, _ in steps}, reverse=True)

    def _reach(self, full: bool) -> dict[int, int]:
        return self._full_reach if full else self._any_reach

    @cached_property
    def _any_reach(self) -> dict[int, int]:
        return _strongest_to(self.node, self._above, self._strengths)

    @cached_property
    def _full_reach(self) -> dict[int, int]:
        carries = self.graph.carries
        full = {
            node: [step for step in steps if step[1] >= REPORTED and carries[step[2]] == FULL]
            for node, steps in self._above.items()
        }  # fmt: skip
        return _strongest_to(self.node, full, self._strengths)


def _strongest_to(node: int, above: Vicinity, levels: Iterable[int]) -> dict[int, int]:
    """Return the strength of the strongest path to the node from each above it: level by level, each edge looked at once."""
    waiting: dict[int, list[int]] = defaultdict(list)
    waiting[_BEST].append(node)
    found: dict[int, int] = {}
    for level in (_BEST, *levels):
        stack = waiting[level]
        while stack:
            at = stack.pop()
            if at not in found:
                found[at] = level
                for parent, strength, _ in above[at]:
                    waiting[min(level, strength)].append(parent)
    return found


def _wide_above(near: Near, node: int) -> Vicinity:
    """The rows of a node that descends from very much: the limit is off, since every one of them is needed."""
    found = explore(near, [node], near.graph.edges.length * 2 + near.graph.room)
    assert found is not None
    return found


def _edges_below(graph: Graph, origins: list[int], filters: Filters) -> Ints:
    """Return every edge that an issue could travel from its origins. Only these are looked at in Python."""
    vicinity = explore(Near(graph, "downstream", filters), origins, bound(graph))
    if vicinity is not None:
        return np.array([edge for steps in vicinity.values() for _, _, edge in steps], dtype=np.int64)
    below = within_reach(graph, origins, "downstream", filters)
    return np.flatnonzero(graph.mask(filters) & (graph.carries > 0) & below[graph.parent])


def _as_ways(graph: Graph, edges: Ints) -> list[Way]:
    """Return edges as ways, by statement."""
    edges = edges[np.argsort(graph.statement[edges], kind="stable")] if len(edges) > 1 else edges
    columns = (graph.parent, graph.child, graph.start, graph.end, graph.strength, graph.carries)
    return list(map(Way, edges.tolist(), *(column[edges].tolist() for column in columns), USES[graph.predicate[edges]].tolist()))
