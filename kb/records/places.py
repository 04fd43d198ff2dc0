"""Every text on record with the place where it stands: live rows, every version that the ledger keeps, reasons of editions.

Read in chunks, so that memory stays small however much there is. What is done with a text is left to the caller.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from kb.core.ids import slug_words
from kb.ledger.models import Edition, Payload, PublicRow
from kb.records.apply.redaction import SLUGS
from kb.records.detail import TEXTS
from kb.records.hazards import all_hazards, statements_of
from kb.records.models import Record, Statement, StatementVersion
from kb.records.versions import VERSIONED_TEXTS

CHUNK = 500
# What a row points with to the record that it is about.
_RECORDS = ("record_id", "subject_id", "object_id")
_STATEMENT = "statement_id"
_QUOTATION = "quotation"
_REASON = ("actor", "reason")


class Place(NamedTuple):
    """One text and where it stands. `hazard`: the strict rules hold for it; `quotation`: it is another's very words."""

    table: str
    row: int
    version: int | None
    column: str
    where: str
    text: str
    hazard: bool
    quotation: bool = False


@dataclass(frozen=True, slots=True)
class Hazards:
    """The issues of hazard and the statements at whose ends they stand: what the strict rules hold for."""

    issues: frozenset[int]
    statements: frozenset[int]

    @classmethod
    def on_record(cls) -> "Hazards":
        """Read them."""
        issues = all_hazards()
        return cls(frozenset(issues), frozenset(statements_of(issues)))

    def concern(self, table: str, row: Mapping[str, Any]) -> bool:
        """Whether a row is about one of them."""
        records = {row.get(column) for column in _RECORDS} | ({row.get("id")} if table == Record._meta.db_table else set())
        return not self.issues.isdisjoint(records) or row.get(_STATEMENT) in self.statements


def public_texts() -> dict[type[PublicRow], tuple[str, ...]]:
    """The columns of each public table that the guard reads: the words, and slugs, which are made of words."""
    found = {model: tuple(columns) for model, columns in TEXTS.items() if issubclass(model, PublicRow)}
    for model, columns in SLUGS.items():
        found[model] = (*found.get(model, ()), *columns)
    return found


def public_places() -> Iterator[Place]:
    """Yield every text on record: rows, versions, and what the ledger keeps of both."""
    hazards = Hazards.on_record()
    columns = {model._meta.db_table: texts for model, texts in public_texts().items()}
    for model in public_texts():
        yield from _live(model, columns[model._meta.db_table], hazards)
    yield from _versions(hazards)
    yield from _payloads(columns, hazards)


def _live(model: type[PublicRow], columns: Iterable[str], hazards: Hazards) -> Iterator[Place]:
    table = model._meta.db_table
    pointing = {field.attname for field in model._meta.concrete_fields} & {*_RECORDS, _STATEMENT}
    rows = model._base_manager.order_by("id").values("id", "version", *columns, *pointing)
    for row in rows.iterator(CHUNK):
        yield from _places(table, row["id"], row["version"], "on record", columns, row, hazards.concern(table, row))


def _versions(hazards: Hazards) -> Iterator[Place]:
    table = Statement._meta.db_table
    rows = StatementVersion.objects.order_by("id").values("statement_id", "version", "subject_id", "object_id", *VERSIONED_TEXTS)
    for row in rows.iterator(CHUNK):
        concerned = hazards.concern(table, row)
        yield from _places(table, row[_STATEMENT], row["version"], "versions", VERSIONED_TEXTS, row, concerned)


def _payloads(columns: Mapping[str, tuple[str, ...]], hazards: Hazards) -> Iterator[Place]:
    kept = Payload.objects.exclude(body="").order_by("change_id")
    links = kept.values_list("change__table", "change__row_id", "change__version", "body")
    for table, row_id, version, body in links.iterator(CHUNK):
        if table == Edition._meta.db_table:
            yield from _places(table, row_id, version, "ledger", _REASON, json.loads(body), True)
        elif table in columns:
            said = json.loads(body)
            yield from _places(table, row_id, version, "ledger", columns[table], said, hazards.concern(table, said))


def _places(
    table: str, row_id: int, version: int, where: str, columns: Iterable[str], row: Mapping[str, Any], hazard: bool
) -> Iterator[Place]:
    for column in columns:
        if text := row.get(column):
            words = slug_words(text) if column == "slug" else text
            yield Place(table, row_id, version, column, where, words, hazard, column == _QUOTATION)
