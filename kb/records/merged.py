"""Who speaks for whom among many records: merges on file, with those of an edition in the making laid over them.

Of one record `queries.py` tells it.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Protocol

from kb.records.change import Ref
from kb.records.models import Record

_CHUNK = 500


class Merges(Protocol):
    """The merges of an edition in the making."""

    @property
    def regrouped(self) -> AbstractSet[int]:
        """The records whose merges it changes."""

    def record(self, ref: Ref) -> Record:
        """Return a record as the edition will leave it."""


class _OnFile:
    """No edition: merges are those on file."""

    regrouped: AbstractSet[int] = frozenset()

    def record(self, ref: Ref) -> Record:
        raise NotImplementedError


ON_FILE = _OnFile()


def speakers(work: Merges, ids: Iterable[int]) -> dict[int, int]:
    """Map each record to the one that speaks for it: itself, unless it was merged."""
    wanted = set(ids)
    into: dict[int, int] = {}
    frontier = wanted
    while frontier:
        found = _merged_into(work, frontier)
        frontier = set(found.values()) - set(into)
        into |= found
    return {record: _last(record, into) for record in wanted}


def groups(work: Merges, ids: Iterable[int]) -> dict[int, int]:
    """Map the records, and every other one that shares its speaker with one of them, to that speaker."""
    found = {speaker: speaker for speaker in speakers(work, ids).values()}
    frontier = dict(found)
    while frontier:
        frontier = {record: frontier[into] for record, into in _merged_here(work, set(frontier)) if record not in found}
        found |= frontier
    return found


def _last(record: int, into: dict[int, int]) -> int:
    while record in into:
        record = into[record]
    return record


def _merged_into(work: Merges, ids: set[int]) -> dict[int, int]:
    found: dict[int, int | None] = {}
    for chunk in chunks(ids):
        found |= dict(Record.objects.filter(id__in=chunk).exclude(merged_into=None).values_list("id", "merged_into_id"))
    found |= {record: work.record(record).merged_into_id for record in ids & work.regrouped}
    return {record: into for record, into in found.items() if into is not None}


def _merged_here(work: Merges, ids: set[int]) -> Iterator[tuple[int, int]]:
    """Pairs of a record and the one of the ids that it was merged into."""
    for chunk in chunks(ids):
        for record, into in Record.objects.filter(merged_into__in=chunk).values_list("id", "merged_into_id"):
            if into is not None and record not in work.regrouped:
                yield record, into
    for record in work.regrouped:
        now_into = work.record(record).merged_into_id
        if now_into is not None and now_into in ids:
            yield record, now_into


def chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """Cut ids into lists that a query takes."""
    ordered = sorted(ids)
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))
