"""Lineage in small integers: kinds, predicates, statuses and days, and the columns that nodes and edges become. Pure."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.lineage.columns import Array
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
_DENSE = 8
# A table of all ids is worth making for a good part of them, not for the few of one edition.
_MANY = 16
PLACES = {code: place for place, code in enumerate(PREDICATE_CODES)}
FAMILY_PLACE = PLACES[FAMILY]


def _carries(predicate: str) -> int:
    row = LINEAGE.get(predicate)
    return CARRIES.index(row.carries if row and row.carries else "unknown")


_CARRIED = np.array([_carries(code) for code in PREDICATE_CODES], dtype=np.int8)


class EdgeRow(NamedTuple):
    """One edge as it is loaded: record ids, codes, ordinals of the days it may have held."""

    statement: int
    child: int
    parent: int
    predicate: str
    status: str
    start: int = BEFORE_ALL
    end: int = AFTER_ALL


def node_columns(nodes: Sequence[tuple[int, str]]) -> dict[str, Array]:
    """Turn nodes, which are in order, into columns."""
    ids = np.fromiter((node for node, _ in nodes), dtype=np.int64, count=len(nodes))
    return {"ids": ids, "kind": np.fromiter((KIND_CODES.index(kind) for _, kind in nodes), np.int8, len(nodes))}


def edge_columns_of(rows: Sequence[EdgeRow]) -> dict[str, Array]:
    """Turn rows into columns."""
    codes = ((*row[:3], PLACES[row.predicate], STRENGTH[row.status], *row[5:]) for row in rows)
    table = np.fromiter((value for row in codes for value in row), dtype=np.int64, count=7 * len(rows)).reshape(-1, 7)
    return edge_columns(*table.T)


def edge_columns(
    statement: Array, child: Array, parent: Array, predicate: Array, strength: Array, start: Array, end: Array
) -> dict[str, Array]:
    """Return the columns of edges, whose ends are records still.

    A family's path goes on to its versions: the family takes the child's place, at most as an inference.
    """
    family = predicate == FAMILY_PLACE
    return {
        "child": np.where(family, parent, child), "parent": np.where(family, child, parent),
        "predicate": predicate.astype(np.int8), "carries": _CARRIED[predicate],
        "strength": np.where(family, np.minimum(strength, INFERRED), strength).astype(np.int8),
        "start": start.astype(np.int32), "end": end.astype(np.int32), "statement": statement.astype(np.int64),
    }  # fmt: skip


def places(ids: Array, wanted: Array) -> Array:
    """Return where records stand among the nodes; a missing one must not be taken for its neighbour."""
    if not len(wanted):
        return np.empty(0, dtype=np.int32)
    many = len(wanted) * _MANY > len(ids)
    if len(ids) and many and wanted.min() >= 0 and wanted.max() <= ids[-1] <= _DENSE * len(ids):
        # Many ids that lie close together are looked up, which is ten times as fast as searching.
        table = np.full(int(ids[-1]) + 1, -1, dtype=np.int32)
        table[ids] = np.arange(len(ids), dtype=np.int32)
        found = table[wanted]
    else:
        found = np.searchsorted(ids, wanted).astype(np.int32)
        found[found >= len(ids)] = -1
        found = np.where(ids[found] == wanted, found, -1) if len(ids) else found
    if np.any(found < 0):
        raise ValueError("An edge joins a record that is not a node.")
    return found
