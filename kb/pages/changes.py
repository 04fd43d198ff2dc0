"""What an edition changed, in words: each change row with the record it is about."""

from dataclasses import dataclass

from kb.ledger.models import Change, Edition
from kb.records.models import Evidence, Record, Statement
from kb.records.predicates import PREDICATES

_VERBS = {"insert": "added", "update": "changed", "delete": "removed", "purge": "purged"}
_NOUNS = {
    "records_record": "record", "records_name": "name", "records_identifier": "identifier", "records_sourcekey": "source key",
    "records_retiredslug": "former slug", "records_statement": "statement", "records_evidence": "evidence",
    "records_reportdetail": "report details", "records_issuedetail": "issue details", "records_partydetail": "party details",
    "records_legislationdetail": "law details", "records_provision": "provision", "records_action": "action",
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
    statements = Statement.objects.select_related("subject").in_bulk(_ids(changes, Statement))
    evidence = Evidence.objects.select_related("statement__subject").in_bulk(_ids(changes, Evidence))
    records = Record.objects.in_bulk(_ids(changes, Record))
    return [_line(change, records, statements, evidence) for change in changes]


def _ids(changes: list[Change], model: type[Record | Statement | Evidence]) -> list[int]:
    return [change.row_id for change in changes if change.table == model._meta.db_table]


def _line(
    change: Change, records: dict[int, Record], statements: dict[int, Statement], evidence: dict[int, Evidence]
) -> ChangeLine:
    statement = None
    if change.table == Statement._meta.db_table:
        statement = statements.get(change.row_id)
    elif change.table == Evidence._meta.db_table:
        row = evidence.get(change.row_id)
        statement = row.statement if row else None
    record = statement.subject if statement else None
    if change.table == Record._meta.db_table:
        record = records.get(change.row_id)
    words = PREDICATES[statement.predicate].label if statement else ""
    noun = _NOUNS.get(change.table, change.table)
    return ChangeLine(change.sequence, _VERBS[change.action], noun, record, words)
