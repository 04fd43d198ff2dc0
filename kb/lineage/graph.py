"""The graph of lineage: frozen arrays of one edition, with the masks that filters are.

Nodes are artifacts, read canonically; an edge runs from child to parent as its statement does. Pure numpy:
`load.py` makes a graph of rows, `walk.py` follows it. Statuses, kinds and predicates are small integers here.
A graph is a base, whose rows are built once, with younger edges laid over it and withdrawn ones taken out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kb.lineage.base import Base
from kb.lineage.codes import (
    AFTER_ALL,
    BEFORE_ALL,
    CARRIES,
    FAMILY,
    FAMILY_PLACE,
    INFERRED,
    KIND_CODES,
    LEVELS,
    PREDICATE_CODES,
    REPORTED,
    USES,
    WEAKEST,
    Direction,
    EdgeRow,
    Ints,
    Mask,
    edge_columns_of,
    node_columns,
    places,
)
from kb.lineage.columns import Array, Columns
from kb.lineage.filters import Filters
from kb.lineage.kept import serials
from kb.lineage.lists import RowLists, Step, Younger, best_first

__all__ = [
    "AFTER_ALL", "BEFORE_ALL", "CARRIES", "FAMILY", "INFERRED", "KIND_CODES", "LEVELS", "PREDICATE_CODES", "REPORTED",
    "USES", "WEAKEST", "Direction", "EdgeRow", "Filters", "Graph", "Ints", "Mask",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Graph:
    """All lineage of one edition. `silent` nodes are records that another one speaks for, `younger` lies over the base."""

    edition: int
    nodes: Columns
    edges: Columns
    base: Base
    withdrawn: Array = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    silent: frozenset[int] = frozenset()
    younger: Mapping[Direction, Younger] = field(default_factory=lambda: {"downstream": Younger(), "upstream": Younger()})
    serial: int = field(default_factory=lambda: next(serials))

    @classmethod
    def build(cls, edition: int, nodes: Sequence[tuple[int, str]], rows: Sequence[EdgeRow]) -> "Graph":
        """Build the arrays from nodes (record id, kind) and edges. Raises ValueError for an edge to an unknown node."""
        return cls.of(edition, node_columns(sorted(nodes)), edge_columns_of(rows))

    @classmethod
    def of(cls, edition: int, nodes: dict[str, Array], edges: dict[str, Array], silent: frozenset[int] = frozenset()) -> "Graph":
        """Build a graph of columns, whose edges name records. Raises ValueError for an edge to an unknown node."""
        ids = nodes["ids"]
        edges |= {"child": places(ids, edges["child"]), "parent": places(ids, edges["parent"])}
        return cls(edition, Columns.of(**nodes), Columns.of(**edges), Base.build(len(ids), edges), silent=silent)

    @property
    def room(self) -> int:
        """Number of places for nodes, silent ones among them."""
        return self.nodes.length

    @property
    def size(self) -> int:
        """Number of nodes."""
        return self.nodes.length - len(self.silent)

    @cached_property
    def ids(self) -> Ints:
        """The record behind each node, ascending."""
        return self.nodes["ids"]

    @cached_property
    def kind(self) -> NDArray[np.int8]:
        """The kind of each node."""
        return self.nodes["kind"]

    @cached_property
    def child(self) -> Array:
        """The node that descends."""
        return self.edges["child"]

    @cached_property
    def parent(self) -> Array:
        """The node descended from."""
        return self.edges["parent"]

    @cached_property
    def predicate(self) -> Array:
        """Place among PREDICATE_CODES."""
        return self.edges["predicate"]

    @cached_property
    def carries(self) -> Array:
        """Place among CARRIES."""
        return self.edges["carries"]

    @cached_property
    def strength(self) -> Array:
        """Strength of the status; the bigger the stronger."""
        return self.edges["strength"]

    @cached_property
    def start(self) -> Array:
        """Ordinal of the first day."""
        return self.edges["start"]

    @cached_property
    def end(self) -> Array:
        """Ordinal of the last day."""
        return self.edges["end"]

    @cached_property
    def statement(self) -> Array:
        """The statement behind each edge."""
        return self.edges["statement"]

    def version_not_stated(self, edges: Ints | Sequence[int]) -> Mask:
        """Which of some edges only say that a family has this version."""
        return np.asarray(self.predicate[np.asarray(edges, dtype=np.int64)] == FAMILY_PLACE)

    def leads(self, edges: Ints | Sequence[int]) -> Mask:
        """Which of some edges are leads: inferred, or a family's having a version, which is that at most, even where disputed."""
        inferred = self.strength[np.asarray(edges, dtype=np.int64)] == INFERRED
        return np.asarray(inferred | self.version_not_stated(edges))

    def index_of(self, record_id: int) -> int | None:
        """Return the node of a record, or None where lineage knows nothing of it or another record speaks for it."""
        place = int(np.searchsorted(self.ids, record_id))
        known = place < self.room and self.ids[place] == record_id and record_id not in self.silent
        return place if known else None

    def kind_of(self, node: int) -> str:
        """Return the kind of a node."""
        return KIND_CODES[int(self.kind[node])]

    @cached_property
    def fresh(self) -> Ints:
        """Edges that were laid over the base and may be followed or shown."""
        added = np.arange(self.base.edges, self.edges.length)
        return added[~np.isin(added, self.withdrawn)]

    @cached_property
    def lists(self) -> Mapping[Direction, RowLists]:
        """The rows of each direction as this edition has them."""
        if not self.overlay:
            return self.base.lists
        return {side: news.laid_over(self.base.lists[side], self.gone, self.best_first) for side, news in self.younger.items()}

    @cached_property
    def best_first(self) -> Callable[[Step], tuple[int, ...]]:
        """What the steps of a row are sorted by."""
        return best_first(self.carries, self.statement)

    @cached_property
    def gone(self) -> frozenset[int]:
        """Edges that were withdrawn."""
        return frozenset(self.withdrawn.tolist())

    def passes(self, edges: Array, filters: Filters) -> Mask:
        """Return which of these edges pass the filters; withdrawn ones are not looked for."""
        mask: Mask = self.strength[edges] >= filters.weakest
        if filters.predicates is not None:
            mask &= filters.allowed[self.predicate[edges]]
        if filters.on is not None:
            mask &= self.start[edges] <= filters.on
            mask &= ~USES[self.predicate[edges]] | (self.end[edges] >= filters.on)
        return mask

    def mask(self, filters: Filters) -> Mask:
        """Return which edges pass the filters. Refuted and retracted statements never do, nor do withdrawn edges."""
        mask = self.passes(slice(None), filters)  # type: ignore[arg-type]
        mask[self.withdrawn] = False
        return mask

    @property
    def overlay(self) -> int:
        """How much lies over the base: edges added and withdrawn."""
        return self.edges.length - self.base.edges + len(self.withdrawn)
