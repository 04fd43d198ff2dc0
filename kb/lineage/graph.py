"""The graph of lineage: frozen arrays of one edition, with the masks that filters are.

Nodes are artifacts, read canonically; an edge runs from child to parent as its statement does. Pure numpy:
`load.py` makes a graph of rows, `walk.py` follows it. Statuses, kinds and predicates are small integers here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.records.kinds import KINDS
from kb.records.predicates import LINEAGE
from kb.records.status import STRENGTH

Direction = Literal["downstream", "upstream"]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

KIND_CODES = tuple(KINDS)
# `version_of` is membership; from a family the walk goes on to each version, as "version not stated".
FAMILY = "version_of"
PREDICATE_CODES = (*LINEAGE, FAMILY)
CARRIES = ("none", "unknown", "partial", "full")
USES = np.array([code in LINEAGE and LINEAGE[code].is_use for code in PREDICATE_CODES])
LEVELS = tuple(STRENGTH[status] for status in ("confirmed", "corroborated", "reported", "inferred", "disputed"))
WEAKEST = LEVELS[-1]
INFERRED = STRENGTH["inferred"]
REPORTED = STRENGTH["reported"]
BEFORE_ALL, AFTER_ALL = 0, 10_000_000
_CACHED_FILTERS = 32


class EdgeRow(NamedTuple):
    """One edge as it is loaded: record ids, codes, ordinals of the days it may have held."""

    statement: int
    child: int
    parent: int
    predicate: str
    status: str
    start: int = BEFORE_ALL
    end: int = AFTER_ALL


@dataclass(frozen=True, slots=True)
class Filters:
    """Which edges an answer follows. `on` is the ordinal of a day; None in any place means no limit."""

    predicates: frozenset[str] | None = None
    min_status: str | None = None
    on: int | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """The edges that a walk in one direction may follow, one for each pair of nodes: the strongest."""

    source: Ints
    target: Ints
    edge: Ints
    strength: Ints
    keys: Ints
    size: int

    def edges_between(self, sources: Ints, targets: Ints) -> Ints:
        """Return the edges that join pairs of nodes which are known to be joined."""
        return self.edge[np.searchsorted(self.keys, sources.astype(np.int64) * self.size + targets)]


@dataclass(frozen=True, eq=False)
class Graph:
    """All lineage of one edition."""

    edition: int
    ids: Ints
    kind: NDArray[np.int8]
    child: Ints
    parent: Ints
    predicate: Ints
    carries: Ints
    strength: Ints
    start: Ints
    end: Ints
    statement: Ints
    _sides: dict[tuple[Direction, Filters], Side] = field(default_factory=dict, repr=False)

    @classmethod
    def build(cls, edition: int, nodes: Sequence[tuple[int, str]], rows: Sequence[EdgeRow]) -> "Graph":
        """Build the arrays from nodes (record id, kind) and edges. Raises ValueError for an edge to an unknown node."""
        ordered = sorted(nodes)
        ids = np.array([node for node, _ in ordered], dtype=np.int64)
        codes = {code: place for place, code in enumerate(PREDICATE_CODES)}
        predicate = _column(codes[row.predicate] for row in rows)
        strength = _column(STRENGTH[row.status] for row in rows)
        family = predicate == codes[FAMILY]
        # A family's path goes on to its versions: the family takes the child's place, at most as an inference.
        child = np.where(family, _column(row.parent for row in rows), _column(row.child for row in rows))
        parent = np.where(family, _column(row.child for row in rows), _column(row.parent for row in rows))
        return cls(
            edition=edition,
            ids=ids,
            kind=np.array([KIND_CODES.index(kind) for _, kind in ordered], dtype=np.int8),
            child=_places(ids, child),
            parent=_places(ids, parent),
            predicate=predicate,
            carries=_column(_carries(row.predicate) for row in rows),
            strength=np.where(family, np.minimum(strength, INFERRED), strength),
            start=_column(row.start for row in rows),
            end=_column(row.end for row in rows),
            statement=_column(row.statement for row in rows),
        )

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.ids)

    @cached_property
    def version_not_stated(self) -> Mask:
        """Which edges only say that a family has this version."""
        return np.asarray(self.predicate == PREDICATE_CODES.index(FAMILY))

    @cached_property
    def leads(self) -> Mask:
        """Which edges are leads: inferred, or a family's having a version, which is that at most, even where disputed."""
        return np.asarray((self.strength == INFERRED) | self.version_not_stated)

    def index_of(self, record_id: int) -> int | None:
        """Return the node of a record, or None where lineage knows nothing of it."""
        place = int(np.searchsorted(self.ids, record_id))
        return place if place < self.size and self.ids[place] == record_id else None

    def kind_of(self, node: int) -> str:
        """Return the kind of a node."""
        return KIND_CODES[int(self.kind[node])]

    def mask(self, filters: Filters) -> Mask:
        """Return which edges pass the filters. Refuted and retracted statements never do."""
        weakest = STRENGTH[filters.min_status] if filters.min_status else WEAKEST
        mask: Mask = self.strength >= weakest
        if filters.predicates is not None:
            mask &= np.isin(self.predicate, [PREDICATE_CODES.index(code) for code in filters.predicates])
        if filters.on is not None:
            mask &= (self.start <= filters.on) & (~USES[self.predicate] | (self.end >= filters.on))
        return mask

    def side(self, direction: Direction, filters: Filters) -> Side:
        """Return the edges to follow in a direction under the filters; kept for the next walk."""
        key = (direction, filters)
        if key not in self._sides:
            if len(self._sides) >= _CACHED_FILTERS:
                self._sides.clear()
            self._sides[key] = self._make_side(direction, filters)
        return self._sides[key]

    def _make_side(self, direction: Direction, filters: Filters) -> Side:
        followed = np.flatnonzero(self.mask(filters) & (self.carries > 0))
        source, target = (self.parent, self.child) if direction == "downstream" else (self.child, self.parent)
        source, target = source[followed], target[followed]
        order = np.lexsort((self.statement[followed], -self.carries[followed], -self.strength[followed], target, source))
        keys = source[order] * self.size + target[order]
        first = order[np.concatenate(([True], keys[1:] != keys[:-1]))] if len(order) else order
        return Side(
            source=source[first], target=target[first], edge=followed[first], strength=self.strength[followed[first]],
            keys=source[first] * self.size + target[first], size=self.size,
        )  # fmt: skip


def _places(ids: Ints, wanted: Ints) -> Ints:
    """Return where records stand among the nodes; a missing one must not be taken for its neighbour."""
    places = np.searchsorted(ids, wanted)
    if np.any(places >= len(ids)) or np.any(ids[places] != wanted):
        raise ValueError("An edge joins a record that is not a node.")
    return places


def _column(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _carries(predicate: str) -> int:
    row = LINEAGE.get(predicate)
    return CARRIES.index(row.carries if row and row.carries else "unknown")
