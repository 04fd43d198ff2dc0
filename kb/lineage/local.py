"""A bounded walk down from one record over statements as they stood at an edition, straight from the table.

For alarms, which ask about a few steps of editions that no graph is kept of, or that are about to be rolled back.
Merges are read as they stand, so that a merge by itself never looks like a loss.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kb.records.losses import NOT_HELD
from kb.records.models import Record, StatementVersion
from kb.records.predicates import LINEAGE

MOST_VISITED = 5000
_CHUNK = 500
_CARRYING = tuple(code for code, row in LINEAGE.items() if row.carries != "none")


@dataclass(frozen=True, slots=True)
class Below:
    """Records below another one, by the records that speak for them; not complete where there were too many."""

    records: frozenset[int]
    complete: bool = True


def below(record: int, edition: int, without: frozenset[int] = frozenset()) -> Below:
    """Return what descends from a record, over every held statement but those left out."""
    start = frozenset(speakers([record]).values())
    found, frontier = set(start), set(start)
    while frontier:
        frontier = _children(frontier, edition, without) - found
        found |= frontier
        if len(found) > MOST_VISITED:
            return Below(frozenset(found - start), complete=False)
    return Below(frozenset(found - start))


def speakers(records: Iterable[int]) -> dict[int, int]:
    """Map records to those that speak for them."""
    into = {record: record for record in records}
    while merged := _merged_into(set(into.values())):
        into = {record: merged.get(last, last) for record, last in into.items()}
    return into


def _merged_into(records: set[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for chunk in _chunks(records):
        rows = Record.objects.filter(id__in=chunk).exclude(merged_into=None).values_list("id", "merged_into_id")
        found |= {record: into for record, into in rows if into is not None}
    return found


def _children(records: set[int], edition: int, without: frozenset[int]) -> set[int]:
    """Records one step down: children, and from a version its family, whose users may have used this version."""
    found: set[int] = set()
    for chunk in _chunks(_members(records)):
        held = _held(edition)
        steps = held.filter(object__in=chunk, predicate__in=_CARRYING).values_list("statement_id", "subject_id")
        families = held.filter(subject__in=chunk, predicate="version_of").values_list("statement_id", "object_id")
        found |= {child for statement, child in (*steps, *families) if child is not None and statement not in without}
    return set(speakers(found).values())


def _held(edition: int) -> "QuerySet[StatementVersion]":
    alive = StatementVersion.objects.filter(Q(died=None) | Q(died__gt=edition), born__lte=edition)
    return alive.exclude(Q(rank="deprecated") | Q(status__in=NOT_HELD))


def _members(records: set[int]) -> set[int]:
    """The records and all that are merged into them."""
    found, frontier = set(records), set(records)
    while frontier:
        merged = set[int]()
        for chunk in _chunks(frontier):
            merged |= set(Record.objects.filter(merged_into__in=chunk).values_list("id", flat=True))
        frontier = merged - found
        found |= merged
    return found


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))
