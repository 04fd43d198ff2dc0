"""A node's neighbours, and the part of a graph around some roots: what a walk needs that stays small.

Rows are read as `lists.py` keeps them; filters are asked edge by edge.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kb.lineage.codes import USES
from kb.lineage.graph import WEAKEST, Direction, Filters, Graph, Ints
from kb.lineage.lists import Lists, Step, sifted

_IS_USE = tuple(USES.tolist())


class Near:
    """The edges that a walk in one direction may follow under the filters, by node."""

    def __init__(self, graph: Graph, direction: Direction, filters: Filters) -> None:
        self.graph, self.direction, self.filters = graph, direction, filters
        self.passes = _sieve(graph, filters)
        rows = graph.lists[direction]
        rows = sifted(rows, self.passes) if self.passes else rows
        self.steps, self.degree = rows.steps, rows.degree

    def best(self, source: int, target: int) -> int:
        """Return the best edge between two nodes that are known to be joined."""
        joining = self.graph.base.rows(self.direction).between(source, target)
        joining = joining[self.graph.passes(joining, self.filters)]
        edges: list[int] = [edge for edge in joining.tolist() if edge not in self.graph.gone]
        younger = self.graph.younger[self.direction].added(source)
        edges += [edge for to, _, edge in filter(self.passes, younger) if to == target and edge not in self.graph.gone]
        return min(edges, key=lambda edge: self.graph.best_first((target, int(self.graph.strength[edge]), edge)))

    def tools(self, node: int) -> list[int]:
        """Return the edges of a node that carry nothing."""
        graph, near = self.graph, self.graph.parent if self.direction == "downstream" else self.graph.child
        edges = np.concatenate((graph.base.tools(self.direction).at(node), _carrying_nothing(graph, near, node)))
        edges = np.sort(edges[graph.passes(edges, self.filters)])
        return [edge for edge in edges.tolist() if edge not in graph.gone]


def _sieve(graph: Graph, filters: Filters) -> Callable[[Step], bool] | None:
    """Return what a step must pass, or nothing where all of them do."""
    if filters.of_kind == (None, None) and filters.weakest == WEAKEST:
        return None
    weakest, on = filters.weakest, filters.on
    allowed = filters.allowed.tolist()
    predicate, start, end = (column.data for column in (graph.predicate, graph.start, graph.end))

    def passes(step: Step) -> bool:
        _, strength, edge = step
        if strength < weakest or not allowed[predicate[edge]]:
            return False
        return on is None or (start[edge] <= on and (end[edge] >= on or not _IS_USE[predicate[edge]]))

    return passes


def ends(graph: Graph, direction: Direction) -> tuple[Ints, Ints]:
    """Return where each edge leads from and to, in a direction."""
    return (graph.parent, graph.child) if direction == "downstream" else (graph.child, graph.parent)


def _carrying_nothing(graph: Graph, near: Ints, node: int) -> Ints:
    found: Ints = graph.fresh[(graph.carries[graph.fresh] == 0) & (near[graph.fresh] == node)]
    return found


def bound(graph: Graph) -> int:
    """How many edges a walk may look at before the whole matrix is quicker."""
    return 2000 + graph.room // 200


@dataclass(frozen=True, eq=False)
class Vicinity:
    """Some roots and all that they reach: in layers, by fewest steps."""

    layers: list[list[int]]
    inside: Collection[int]
    rows: Lists

    def steps(self) -> Iterator[Step]:
        """Every edge from a node inside."""
        return (step for node in self.inside for step in self.rows[node])

    @cached_property
    def depth(self) -> dict[int, int]:
        """Fewest steps to each node."""
        return {node: steps for steps, layer in enumerate(self.layers) for node in layer}


def explore(near: Near, roots: Iterable[int], limit: int, depth: int | None = None) -> Vicinity | None:
    """Return what lies around the roots, or None where it holds more nodes and edges than the limit.

    With a depth, nodes further away are not entered.
    """
    rows, kept = near.steps, near.steps.get
    layer = list(dict.fromkeys(roots))
    inside, layers, left = set(layer), [], limit
    while layer:
        layers.append(layer)
        reached: list[int] = []
        for node in layer:
            steps = kept(node)
            if steps is None:
                if near.degree(node) > left:  # a hub is not even read
                    return None
                steps = rows[node]
            left -= 1 + len(steps)
            for to, _, _ in steps:
                if to not in inside:
                    inside.add(to)
                    reached.append(to)
        if left < 0:
            return None
        layer = reached if depth is None or len(layers) <= depth else []
    return Vicinity(layers, inside, rows)
