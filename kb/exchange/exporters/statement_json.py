"""Statements as exports show them: both ends, the value with its type and words, the status and all evidence."""

from collections.abc import Iterable, Sequence
from typing import Annotated

from kb.core.vocabulary import plain
from kb.exchange.exporters.evidence_json import EvidenceRow, evidence_row
from kb.exchange.exporters.reference import RecordReference, optional_reference, record_reference
from kb.exchange.exporters.response_json import Answered, answered
from kb.records.evidence import evidence_by_statement
from kb.records.models import Evidence, Statement
from kb.records.predicates import PREDICATES, Predicate
from kb.records.responses import contested, responses_to_statements
from kb.records.vocabularies import RANKS, STATUSES

Value = str | int | float
VALUE_TYPES = plain(
    "value type",
    record="A record", code="A code", text="Text", integer="A whole number", decimal="A number", date="A partial date",
)  # fmt: skip


class StatementRow(Answered):
    """One statement with its evidence. What is not recorded is null."""

    id: Annotated[int, "Number of the statement."]
    subject: RecordReference
    predicate: Annotated[str, "One of the predicates of /api/v1/vocabulary/."]
    reads: Annotated[str, "The words between subject and object or value."]
    object: Annotated[RecordReference | None, "The record at the other end; null where the statement has a value."]
    value: Annotated[Value | None, "The value; null where the statement has an object."]
    value_type: Annotated[str, VALUE_TYPES]
    value_label: Annotated[str | None, "The label of a value that is a code."]
    unit: str | None
    qualifier: Annotated[str | None, "What the statement is said of: a measure, a topic, a kind of impact."]
    qualifier_label: str | None
    start: Annotated[str | None, "Partial date: YYYY, YYYY-MM or YYYY-MM-DD."]
    end: Annotated[str | None, "Partial date."]
    rank: Annotated[str, RANKS]
    status: Annotated[str, STATUSES]
    needs_source: Annotated[bool, "Whether no evidence is on record."]
    override_reason: Annotated[str | None, "Why an editor set the status by hand."]
    note: str | None
    evidence: list[EvidenceRow]


def statement_rows(statements: Sequence[Statement]) -> list[StatementRow]:
    """Shape statements, read with both ends, with all that stands beside each of them."""
    numbers = [one.id for one in statements]
    evidence, responses, disputed = evidence_by_statement(numbers), responses_to_statements(numbers), contested()
    return [
        _statement_row(one, evidence[one.id], answered(responses[one.id], contested=disputed.holds(one))) for one in statements
    ]


def _statement_row(statement: Statement, evidence: Iterable[Evidence], beside: Answered) -> StatementRow:
    row = PREDICATES[statement.predicate]
    return {
        "id": statement.id,
        "subject": record_reference(statement.subject),
        "predicate": statement.predicate,
        "reads": row.reading(statement.qualifier),
        "object": optional_reference(statement.object),
        "value": _value(statement, row),
        "value_type": "record" if row.column == "object" else row.column.removeprefix("value_"),
        "value_label": row.codes.label(statement.value_code) if row.codes and statement.value_code else None,
        "unit": statement.unit or None,
        "qualifier": statement.qualifier or None,
        "qualifier_label": row.qualifiers.label(statement.qualifier) if row.qualifiers and statement.qualifier else None,
        "start": statement.start or None,
        "end": statement.end or None,
        "rank": statement.rank,
        "status": statement.status,
        "needs_source": statement.status == "needs_source",
        "override_reason": statement.override_reason or None,
        "note": statement.note or None,
        "evidence": [evidence_row(piece) for piece in evidence],
        **beside,
    }


def _value(statement: Statement, row: Predicate) -> Value | None:
    if row.column == "object":
        return None
    value = getattr(statement, row.column)
    return float(value) if row.column == "value_decimal" else value
