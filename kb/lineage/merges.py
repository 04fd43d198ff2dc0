"""Merges as they stood at an edition, and those that editions took back: read from records and their payloads."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.ledger import history
from kb.ledger.models import Change, Payload
from kb.records.models import Record

_TABLE = Record._meta.db_table
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Parting:
    """An edition in which one record ceased to be merged into another."""

    edition: int
    record: int
    other: int


def merged_at(edition: int) -> dict[int, int]:
    """Return every record that was merged at an edition, with the one that it was merged into."""
    standing = Record.objects.filter(edition__lte=edition).exclude(merged_into=None)
    merged: dict[int, int | None] = dict(standing.values_list("id", "merged_into_id"))
    # Asked after the rows were read, so that none falls between. What was created since is of no interest.
    changed = Change.objects.filter(table=_TABLE, edition_id__gt=edition, version__gt=1).values_list("row_id", flat=True)
    merged |= {record: row["merged_into_id"] for record, row in history.rows_at(_TABLE, changed, edition).items()}
    return {record: into for record, into in merged.items() if into is not None}


def partings(after: int, until: int) -> list[Parting]:
    """Return the merges that the editions after one and until another took back, in their order."""
    changed = history.rewritten_since(Record, after)
    found: list[Parting] = []
    for chunk in _chunks(changed.values_list("id", flat=True)):
        found += [one for one in _partings_of(chunk, until) if one.edition > after]
    return sorted(found, key=lambda one: (one.edition, one.record))


def _partings_of(records: list[int], until: int) -> Iterator[Parting]:
    """Follow what each record was merged into through its versions; purged ones are passed over."""
    payloads = Payload.objects.filter(change__table=_TABLE, change__row_id__in=records, change__edition_id__lte=until)
    told = payloads.exclude(body="").order_by("change_id")
    into: dict[int, int | None] = {}
    for edition, record, body in told.values_list("change__edition_id", "change__row_id", "body"):
        before, into[record] = into.get(record), json.loads(body)["merged_into_id"]
        if before is not None and before != into[record]:
            yield Parting(edition, record, before)


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))
