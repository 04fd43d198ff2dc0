"""Rows of the database as lineage reads them: statements that draw edges or stand beside them, and what records are.

Beside `load.py` and `overlay.py` nothing of the engine knows the ORM.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Q, QuerySet

from kb.core.dates import earliest_ordinal, latest_ordinal
from kb.core.prepared import Prepared
from kb.lineage.codes import AFTER_ALL, BEFORE_ALL, FAMILY, PLACES, edge_columns
from kb.lineage.columns import Array
from kb.lineage.graph import Graph
from kb.lineage.inherit import Impact
from kb.records.models import StatementVersion
from kb.records.predicates import LINEAGE
from kb.records.status import STRENGTH

CHUNK = 10_000
# Where more came or went than this, reading everything anew is quicker.
MOST = 100_000
PREDICATES = (*LINEAGE, FAMILY, "impact", "disclosure")
_SILENT = frozenset({"not_disclosed", "withheld", "withdrawn"})
_NOT_HELD = frozenset({"needs_source", "refuted", "retracted"})


class StatementRow(NamedTuple):
    """A version of a statement."""

    statement: int
    subject: int
    predicate: str
    object: int
    value_code: str | None
    qualifier: str
    start: str
    end: str
    status: str
    rank: str


def statement_rows(condition: Q) -> Iterator[StatementRow]:
    """Yield the versions that lineage reads, of statements in the order of their ids."""
    return map(StatementRow._make, _columns(condition).iterator(CHUNK))


def rows_born(since: int, number: int) -> list[StatementRow]:
    """Return the versions that came after an edition and stand at another, of statements in the order of their ids.

    At most one more than MOST.
    """
    return [StatementRow._make(row) for row in _BORN(since, number)]


def _columns(condition: Q) -> "QuerySet[StatementVersion, tuple[Any, ...]]":
    versions = StatementVersion.objects.filter(condition, predicate__in=PREDICATES).order_by("statement_id")
    return versions.values_list(
        "statement_id", "subject_id", "predicate", "object_id", "value_code", "qualifier", "start", "end", "status", "rank"
    )


def alive_at(edition: int) -> Q:
    """The versions that stand at an edition."""
    return Q(born__lte=edition) & (Q(died=None) | Q(died__gt=edition))


_BORN = Prepared(lambda since, number: _columns(Q(born__gt=since) & alive_at(number))[: MOST + 1])


def draws_edge(row: StatementRow) -> bool:
    """Whether a statement is one of lineage. What is of deprecated rank draws nothing."""
    return row.predicate in PLACES and row.rank != "deprecated"


def edges_of(rows: Iterable[StatementRow], ids: Array, canonical: Mapping[int, int]) -> dict[str, Array]:
    """Return the edges of statements as columns, read canonically.

    A purged record has no payload to be read back from, so a past edition may lack an end: the edge is dropped.
    """
    values = np.fromiter((value for row in rows for value in _numbers(row)), dtype=np.int64).reshape(-1, 7)
    statement, child, parent, *others = values.T
    child, parent = _canonically(child, canonical), _canonically(parent, canonical)
    kept = _among(ids, child) & _among(ids, parent)
    return edge_columns(*(column[kept] for column in (statement, child, parent, *others)))


def _numbers(row: StatementRow) -> tuple[int, ...]:
    start, end = _days(row.predicate, row.start, row.end)
    return row.statement, row.subject, row.object, PLACES[row.predicate], STRENGTH[row.status], start, end


@lru_cache(100_000)
def _days(predicate: str, start: str, end: str) -> tuple[int, int]:
    """An event with one date happened then; a use, a membership or an impact goes on."""
    is_event = predicate in LINEAGE and not LINEAGE[predicate].is_use
    return earliest_ordinal(start, BEFORE_ALL), latest_ordinal(start if is_event and not end else end, AFTER_ALL)


def _canonically(records: Array, canonical: Mapping[int, int]) -> Array:
    if not canonical:
        return records
    keys = np.fromiter(canonical, dtype=np.int64, count=len(canonical))
    order = np.argsort(keys)
    keys, speakers = keys[order], np.fromiter(canonical.values(), dtype=np.int64, count=len(canonical))[order]
    places = np.minimum(np.searchsorted(keys, records), len(keys) - 1)
    return np.where(keys[places] == records, speakers[places], records)


def _among(ids: Array, records: Array) -> Array:
    if not len(ids):
        return np.zeros(len(records), dtype=np.bool_)
    found: Array = ids[np.minimum(np.searchsorted(ids, records), len(ids) - 1)] == records
    return found


def impact_of(row: StatementRow, graph: Graph, canonical: Mapping[int, int]) -> tuple[int, Impact] | None:
    """Return an issue and what is said of its impact; None where the row says nothing of the kind."""
    if row.predicate != "impact" or row.rank == "deprecated":
        return None
    node = graph.index_of(canonical.get(row.object, row.object))
    if node is None:
        return None
    impact = Impact(row.statement, node, row.qualifier, row.status, *_days(row.predicate, row.start, row.end))
    return canonical.get(row.subject, row.subject), impact


def is_silence(row: StatementRow) -> bool:
    """Silence is on record: somebody has said so, nobody has refuted it, and it has not ended."""
    if (row.predicate, row.qualifier) != ("disclosure", "training_data") or row.rank == "deprecated":
        return False
    return row.value_code in _SILENT and row.status not in _NOT_HELD and not row.end
