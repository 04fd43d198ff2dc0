"""From rows to arrays: the one module of the engine that knows the ORM.

A graph is loaded once for each edition and kept; masks do the rest.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.db.models import Q

from kb.core.dates import earliest_ordinal, latest_ordinal
from kb.ledger import history
from kb.ledger.write import current_edition
from kb.lineage.graph import AFTER_ALL, BEFORE_ALL, FAMILY, EdgeRow, Graph
from kb.lineage.inherit import Impact
from kb.records.kinds import ARTIFACTS
from kb.records.models import Record, StatementVersion
from kb.records.predicates import LINEAGE

_KEPT = 4
StatementRow = dict[str, Any]
_PREDICATES = (*LINEAGE, FAMILY, "impact", "disclosure")
_SILENT = frozenset({"not_disclosed", "withheld", "withdrawn"})
_NOT_HELD = frozenset({"needs_source", "refuted", "retracted"})


@dataclass(frozen=True, slots=True)
class World:
    """The graph of an edition with what goes beside it: impacts by issue, undisclosed nodes, merges."""

    graph: Graph
    impacts: dict[int, tuple[Impact, ...]]
    undisclosed: frozenset[int]
    canonical: dict[int, int]

    def speaker(self, record_id: int) -> int:
        """Return the record that speaks for a record: itself, unless it was merged."""
        return _speaker(self.canonical, record_id)


_worlds: dict[int, World] = {}
_lock = Lock()


def world_at(edition: int | None = None) -> World:
    """Return the world of an edition, the newest by default. Raises InvalidInput for one that does not exist."""
    number = current_edition() if edition is None else history.check_edition(edition)
    with _lock:
        if number not in _worlds:
            while len(_worlds) >= _KEPT:
                _worlds.pop(min(_worlds))
            _worlds[number] = _load(number)
        return _worlds[number]


def forget_worlds() -> None:
    """Drop what is kept; for tests, whose editions are numbered anew."""
    _worlds.clear()


def _load(edition: int) -> World:
    kinds, canonical = _records(edition)
    rows = list(_statement_rows(edition))
    nodes = {record: kind for record, kind in kinds.items() if record not in canonical}
    # A purged record has no payload to be read back from, so a past edition may lack an end.
    edges = [edge for row in rows if (edge := _edge(row, canonical)) and edge.child in nodes and edge.parent in nodes]
    graph = Graph.build(edition, list(nodes.items()), edges)
    impacts: dict[int, list[Impact]] = defaultdict(list)
    undisclosed: set[int] = set()
    for row in rows:
        if row["rank"] == "deprecated":
            continue
        if row["predicate"] == "impact":
            _add_impact(impacts, row, graph, canonical)
        elif (row["predicate"], row["qualifier"]) == ("disclosure", "training_data") and _is_silent(row):
            undisclosed.add(_speaker(canonical, row["subject_id"]))
    return World(graph, {issue: tuple(found) for issue, found in impacts.items()}, frozenset(undisclosed), canonical)


def _records(edition: int) -> tuple[dict[int, str], dict[int, int]]:
    """Return the kind of every artifact, and for each merged record the one that speaks for it, at an edition."""
    kinds: dict[int, str] = {}
    merged: dict[int, int] = {}
    stored = list(Record.objects.values_list("id", "kind", "merged_into_id"))
    # Asked after the rows were read: what an edition changes in between is then taken from the ledger.
    changed = history.rows_changed_since(Record._meta.db_table, edition)
    for record, kind, into in stored:
        if record not in changed:
            kinds[record] = kind
            if into is not None:
                merged[record] = into
    for record, row in history.rows_at(Record._meta.db_table, changed, edition).items():
        kinds[record] = row["kind"]
        if row["merged_into_id"] is not None:
            merged[record] = row["merged_into_id"]
    artifacts = {record: kind for record, kind in kinds.items() if kind in ARTIFACTS}
    return artifacts, {record: _last(merged, record) for record in merged}


def _speaker(canonical: dict[int, int], record_id: int) -> int:
    return canonical.get(record_id, record_id)


def _last(merged: dict[int, int], record: int) -> int:
    while record in merged:
        record = merged[record]
    return record


def _statement_rows(edition: int) -> Iterable[StatementRow]:
    alive = Q(born__lte=edition) & (Q(died=None) | Q(died__gt=edition))
    rows: Iterable[Any] = (
        StatementVersion.objects.filter(alive, predicate__in=_PREDICATES)
        .order_by("statement_id")
        .values(
            "statement_id", "subject_id", "predicate", "object_id", "value_code", "qualifier", "start", "end", "status", "rank"
        )
        .iterator(2000)
    )  # fmt: skip
    return rows


def _edge(row: StatementRow, canonical: dict[int, int]) -> EdgeRow | None:
    if row["predicate"] not in LINEAGE and row["predicate"] != FAMILY:
        return None
    if row["rank"] == "deprecated":
        return None
    child, parent = _speaker(canonical, row["subject_id"]), _speaker(canonical, row["object_id"])
    start, end = _days(row)
    if row["start"] and not row["end"] and row["predicate"] in LINEAGE and not LINEAGE[row["predicate"]].is_use:
        end = latest_ordinal(row["start"], AFTER_ALL)  # an event with one date happened then; a use or membership goes on
    return EdgeRow(row["statement_id"], child, parent, row["predicate"], row["status"], start, end)


def _days(row: StatementRow) -> tuple[int, int]:
    return earliest_ordinal(row["start"], BEFORE_ALL), latest_ordinal(row["end"], AFTER_ALL)


def _add_impact(impacts: dict[int, list[Impact]], row: StatementRow, graph: Graph, canonical: dict[int, int]) -> None:
    node = graph.index_of(_speaker(canonical, row["object_id"]))
    if node is not None:
        start, end = _days(row)
        impact = Impact(row["statement_id"], node, row["qualifier"], row["status"], start, end)
        impacts[_speaker(canonical, row["subject_id"])].append(impact)


def _is_silent(row: StatementRow) -> bool:
    """Silence is on record: somebody has said so, nobody has refuted it, and it has not ended."""
    return row["value_code"] in _SILENT and row["status"] not in _NOT_HELD and not row["end"]
