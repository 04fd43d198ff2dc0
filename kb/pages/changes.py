"""What an edition changed, in words: each change row with the record it is about."""

from dataclasses import dataclass

from kb.ledger.guard import public_models
from kb.ledger.models import Change, Edition, PublicRow
from kb.records.models import Evidence, Record, Statement
from kb.records.predicates import PREDICATES

_VERBS = {"insert": "added", "update": "changed", "delete": "removed", "purge": "purged"}
_NOUNS = {
    "records_record": "record", "records_name": "name", "records_identifier": "identifier", "records_sourcekey": "source key",
    "records_retiredslug": "former slug", "records_statement": "statement", "records_evidence": "evidence",
    "records_reportdetail": "report details", "records_issuedetail": "issue details", "records_partydetail": "party details",
    "records_legislationdetail": "law details", "records_provision": "provision", "records_action": "action",
    "records_reply": "reply", "records_dispute": "dispute",
    "ledger_payload": "stored text",
}  # fmt: skip


@dataclass(frozen=True)
class ChangeLine:
    """One change: what was done to which noun, and the record it is about."""

    sequence: int
    verb: str
    noun: str
    record: Record | None
    words: str


def describe_changes(edition: Edition, limit: int) -> list[ChangeLine]:
    """Describe the changes of an edition, at most `limit` of them."""
    changes = list(edition.changes.exclude(action="open")[:limit])
    rows = _rows(changes)
    records = Record.objects.in_bulk({subject for row in rows.values() if (subject := _subject(row))})
    return [_line(change, rows.get((change.table, change.row_id)), records) for change in changes]


def _rows(changes: list[Change]) -> dict[tuple[str, int], PublicRow]:
    """The rows that the changes are about, as they are now."""
    found: dict[tuple[str, int], PublicRow] = {}
    for model in public_models():
        table = model._meta.db_table
        ids = [change.row_id for change in changes if change.table == table]
        stored = model._base_manager.select_related("statement") if model is Evidence else model._base_manager
        found |= {(table, row.id): row for row in (stored.filter(id__in=ids) if ids else ())}
    return found


def _subject(row: PublicRow) -> int | None:
    """The record that a row is about: itself, its statement's subject, or the record it belongs to."""
    if isinstance(row, Record):
        return row.id
    if isinstance(row, Evidence):
        return row.statement.subject_id
    return row.subject_id if isinstance(row, Statement) else getattr(row, "record_id", None)


def _line(change: Change, row: PublicRow | None, records: dict[int, Record]) -> ChangeLine:
    statement = row.statement if isinstance(row, Evidence) else row
    words = PREDICATES[statement.predicate].label if isinstance(statement, Statement) else ""
    subject = _subject(row) if row else None
    noun = _NOUNS.get(change.table, change.table)
    return ChangeLine(change.sequence, _VERBS[change.action], noun, records.get(subject or 0), words)
