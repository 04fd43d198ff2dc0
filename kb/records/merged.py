"""Who speaks for whom among many records: merges on file, with those of an edition in the making laid over them.

Of one record `queries.py` tells it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from kb.records.models import Record

_CHUNK = 500


class Merges(Protocol):
    """The merges of an edition in the making."""

    def merges(self) -> Mapping[int, int | None]:
        """Return what each record is merged into, of those whose merges it changes."""


class _OnFile:
    """No edition: merges are those on file."""

    def merges(self) -> Mapping[int, int | None]:
        return {}


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
    found |= {record: into for record, into in work.merges().items() if record in ids}
    return {record: into for record, into in found.items() if into is not None}


def _merged_here(work: Merges, ids: set[int]) -> Iterator[tuple[int, int]]:
    """Pairs of a record and the one of the ids that it was merged into."""
    changed = work.merges()
    for chunk in chunks(ids):
        for record, into in Record.objects.filter(merged_into__in=chunk).values_list("id", "merged_into_id"):
            if into is not None and record not in changed:
                yield record, into
    yield from ((record, into) for record, into in changed.items() if into is not None and into in ids)


def chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """Cut ids into lists that a query takes."""
    ordered = sorted(ids)
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))
