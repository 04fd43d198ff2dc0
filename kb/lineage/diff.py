"""What two answers to one question of lineage differ in: nodes and edges gained, lost and changed. Pure.

The answers are those of two editions or of two days. Tools and tests, which carry nothing, are not compared.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kb.lineage.answer import Edge, Node, Outline

Thing = TypeVar("Thing", Node, Edge)


@dataclass(frozen=True, slots=True)
class Pair(Generic[Thing]):
    """One node or edge that stands in both answers, and differs."""

    before: Thing
    after: Thing


@dataclass(frozen=True, slots=True)
class Changes(Generic[Thing]):
    """Nodes or edges: what only the later answer has, what only the earlier one had, and what differs."""

    gained: tuple[Thing, ...]
    lost: tuple[Thing, ...]
    changed: tuple[Pair[Thing], ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.gained or self.lost or self.changed)

    def first(self, most: int) -> "Changes[Thing]":
        """So many of each, in their order."""
        return Changes(self.gained[:most], self.lost[:most], self.changed[:most])


@dataclass(frozen=True, slots=True)
class Diff:
    """Everything that differs; products stand apart from the other nodes."""

    products: Changes[Node]
    others: Changes[Node]
    edges: Changes[Edge]
    broken: dict[int, int]

    @property
    def is_empty(self) -> bool:
        """Whether the two answers are the same."""
        return self.products.is_empty and self.others.is_empty and self.edges.is_empty

    def first(self, most: int) -> "Diff":
        """So many of each kind of change."""
        return Diff(self.products.first(most), self.others.first(most), self.edges.first(most), self.broken)


def diff(before: Outline, after: Outline) -> Diff:
    """Compare two answers. `broken` gives, for each lost node, the statement at which its path of before broke."""
    old, new = (*before.nodes, *before.lead_nodes), (*after.nodes, *after.lead_nodes)
    old_edges, new_edges = (*before.edges, *before.lead_edges), (*after.edges, *after.lead_edges)
    others = _nodes((node for node in old if node.kind != "product"), (node for node in new if node.kind != "product"))
    products = _nodes((node for node in old if node.kind == "product"), (node for node in new if node.kind == "product"))
    edges = _compared({edge.statement: edge for edge in old_edges}, {edge.statement: edge for edge in new_edges}, _said_of_edge)
    return Diff(products, others, edges, _broken((*products.lost, *others.lost), old_edges, edges.lost))


def _nodes(before: Iterable[Node], after: Iterable[Node]) -> Changes[Node]:
    return _compared({node.record: node for node in before}, {node.record: node for node in after}, _said_of_node)


def _said_of_node(node: Node) -> tuple[object, ...]:
    return node.status, node.is_lead, node.carries


def _said_of_edge(edge: Edge) -> tuple[object, ...]:
    return edge.status, edge.is_lead, edge.carries, edge.child, edge.parent


def _compared(before: dict[int, Thing], after: dict[int, Thing], said_of: Callable[[Thing], object]) -> Changes[Thing]:
    return Changes(
        gained=tuple(thing for key, thing in after.items() if key not in before),
        lost=tuple(thing for key, thing in before.items() if key not in after),
        changed=tuple(
            Pair(thing, after[key]) for key, thing in before.items() if key in after and said_of(thing) != said_of(after[key])
        ),
    )


def _broken(lost: Iterable[Node], edges: Iterable[Edge], lost_edges: Sequence[Edge]) -> dict[int, int]:
    statement_of = {edge.index: edge.statement for edge in edges}
    gone = {edge.statement for edge in lost_edges}
    found: dict[int, int] = {}
    for node in lost:
        steps = (statement_of[index] for index in node.path)
        first = next((statement for statement in steps if statement in gone), None)
        if first is not None:
            found[node.record] = first
    return found
