"""What a change set announced to the ledger, as plain values: they outlive the transaction that is rolled back."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from kb.ledger.chain import LEDGER_COLUMNS
from kb.ledger.models import Edition, Payload, PublicRow
from kb.records.models import Record
from kb.records.queries import records_by_id

Body = Mapping[str, Any]


class Link(NamedTuple):
    """One row as an edition writes it; `body` is its payload."""

    table: str
    row_id: int
    action: str
    body: str


@dataclass(frozen=True, slots=True)
class Written:
    """One row as it stands at the end, with all its columns."""

    row_id: int
    is_new: bool
    body: Body


@dataclass(frozen=True)
class Announced:
    """Every row that some editions write, in order."""

    links: tuple[Link, ...] = ()

    @cached_property
    def rows(self) -> Mapping[tuple[str, int], Written]:
        """The rows by table and id, each as the last edition leaves it."""
        found: dict[tuple[str, int], Written] = {}
        for link in self.links:
            known = found.get(link[:2])
            is_new = known.is_new if known else link.action == "insert"
            found[link[:2]] = Written(link.row_id, is_new, json.loads(link.body))
        return found

    def of(self, model: type[PublicRow]) -> dict[int, Body]:
        """Return the rows of one table by id."""
        return {row_id: row.body for (table, row_id), row in self.rows.items() if table == model._meta.db_table}

    @property
    def only_adds(self) -> bool:
        """Whether every row is new, so that nothing that stood can be lost."""
        return all(link.action == "insert" for link in self.links)

    @cached_property
    def records(self) -> Mapping[int, Record]:
        """Records as they would be. One that would be created has no version."""
        table = Record._meta.db_table
        mine = [row for (name, _), row in self.rows.items() if name == table]
        stored = Record.objects.in_bulk([row.row_id for row in mine if not row.is_new])
        return {row.row_id: _as_it_would_be(row, stored.get(row.row_id)) for row in mine}

    def named(self, ids: Iterable[int]) -> dict[int, Record]:
        """Return records by id: as they would be, or as they are where nothing is written of them."""
        wanted = set(ids)
        mine = {record: self.records[record] for record in wanted & self.records.keys()}
        return records_by_id(wanted - mine.keys()) | mine


def announced_since(sequence: int) -> Announced:
    """Read what was announced after a link of the chain, inside the transaction that announced it."""
    told = Payload.objects.filter(change_id__gt=sequence).exclude(change__table=Edition._meta.db_table)
    columns = ("change__table", "change__row_id", "change__action", "body")
    return Announced(tuple(map(Link._make, told.order_by("change_id").values_list(*columns))))


def _as_it_would_be(row: Written, stored: Record | None) -> Record:
    record = stored or Record(id=row.row_id)
    for field in Record._meta.concrete_fields:
        if field.attname in row.body and field.attname not in LEDGER_COLUMNS:
            setattr(record, field.attname, field.to_python(row.body[field.attname]))
    return record
