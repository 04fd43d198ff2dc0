"""Changes of statements and of the evidence on them."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from kb.core.errors import Conflict, InvalidInput
from kb.ledger.chain import canonical
from kb.ledger.models import PublicRow
from kb.records import changes as do
from kb.records import vocabularies as words
from kb.records.apply.withdrawal import refuse_withdrawn
from kb.records.checks import (
    check_code,
    check_confidence,
    check_ends,
    check_evidence,
    check_override,
    check_period,
    check_statement,
    check_words,
    known_predicate,
    typed_value,
)
from kb.records.models import Evidence, Statement
from kb.records.predicate import Predicate
from kb.records.workspace import Workspace


def statement_identity(subject: int, predicate: str, target: int | None, value: object, qualifier: str) -> str:
    """Return the digest that makes a statement itself: what it says of what, without its dates."""
    parts = [subject, predicate, target, None if value is None else str(value), qualifier]
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def _add_statement(change: do.AddStatement, work: Workspace) -> None:
    row = known_predicate(change.predicate)
    check_statement(change, row)
    subject = work.record(change.subject)
    target = work.record(change.object) if change.object is not None else None
    party_type = work.party_types.get(target.id, "") if target else ""
    check_ends(row, subject.kind, target.kind if target else None, party_type)
    value = None if change.value is None else typed_value(row, change.value)
    hazard = subject.id in work.hazards or bool(target and target.id in work.hazards)
    identity = statement_identity(subject.id, row.code, target.id if target else None, value, change.qualifier)
    work.claim(Statement, f"“{row.code}” of {subject.name}", identity=identity)
    statement = work.insert(
        Statement, hazard=hazard, subject_id=subject.id, predicate=row.code, object_id=target.id if target else None,
        identity=identity, qualifier=change.qualifier, unit=change.unit, start=change.start, end=change.end,
        note=change.note, rank=change.rank, status="needs_source", **({row.column: value} if value is not None else {}),
    )  # fmt: skip
    for draft in change.evidence:
        _insert_evidence(work, statement, row, draft, hazard=hazard)


def _insert_evidence(work: Workspace, statement: Statement, row: Predicate, draft: do.EvidenceDraft, *, hazard: bool) -> None:
    check_evidence(draft, row)
    report = work.record(draft.report)
    cited_in, said_by = (work.record(ref) if ref is not None else None for ref in (draft.cited_in, draft.said_by))
    if report.kind != "report" or (cited_in and cited_in.kind != "report"):
        raise InvalidInput("Evidence cites a report.")
    if said_by and said_by.kind != "party":
        raise InvalidInput("Evidence is the word of a party.")
    same = {
        "statement_id": statement.id, "report_id": report.id, "stance": draft.stance, "locator": draft.locator,
        "cited_in_id": cited_in.id if cited_in else None,
    }  # fmt: skip
    work.claim(Evidence, f"This evidence from {report.name}", owner=statement, **same)
    work.insert(
        Evidence, hazard=hazard, **same, said_by_id=said_by.id if said_by else None, kind=draft.kind, gist=draft.gist.strip(),
        quotation=draft.quotation, start=draft.start, end=draft.end, confidence=draft.confidence,
        confidence_reason=draft.confidence_reason, accessed=draft.accessed, last_checked=draft.last_checked,
        first_seen=draft.first_seen,
    )  # fmt: skip


STATEMENT_FIELDS = frozenset({"start", "end", "note", "rank", "unit", "override", "override_reason"})
EVIDENCE_FIELDS = frozenset(
    {"gist", "quotation", "locator", "start", "end", "confidence", "confidence_reason", "accessed", "last_checked", "last_seen"}
)
_DAYS = frozenset({"accessed", "last_checked", "last_seen"})


def _amend_statement(change: do.AmendStatement, work: Workspace) -> None:
    refuse_other_fields(change.fields, STATEMENT_FIELDS)
    statement = work.row(Statement, change.statement)
    values = _as_amended(statement, STATEMENT_FIELDS, change.fields)
    check_code(words.RANKS, values["rank"])
    check_period(values["start"], values["end"])
    check_override(values["override"], values["override_reason"])
    work.update(statement, change.fields, hazard=is_hazard(work, statement))


def _retract_statement(change: do.RetractStatement, work: Workspace) -> None:
    work.update(work.row(Statement, change.statement), {"retracted": True})


def _restore_statement(change: do.RestoreStatement, work: Workspace) -> None:
    statement = work.row(Statement, change.statement)
    for end in (statement.subject_id, statement.object_id):
        if end is not None:
            refuse_withdrawn(work.record(end))
    if not work.update(statement, {"retracted": False}):
        raise Conflict(f"Statement {statement.id} was not taken back.")


def _add_evidence(change: do.AddEvidence, work: Workspace) -> None:
    statement = work.row(Statement, change.statement)
    work.touched.add(statement.id)
    row = known_predicate(statement.predicate)
    _insert_evidence(work, statement, row, change.evidence, hazard=is_hazard(work, statement))


def _amend_evidence(change: do.AmendEvidence, work: Workspace) -> None:
    refuse_other_fields(change.fields, EVIDENCE_FIELDS)
    evidence: PublicRow = work.row(Evidence, change.evidence)
    assert isinstance(evidence, Evidence)
    statement = work.row(Statement, evidence.statement_id)
    values = _as_amended(evidence, EVIDENCE_FIELDS - _DAYS, change.fields)
    check_words(values["gist"], values["quotation"])
    check_confidence(values["confidence"], values["confidence_reason"])
    check_period(values["start"], values["end"])
    if not all(value is None or type(value) is date for name, value in change.fields.items() if name in _DAYS):
        raise InvalidInput(f"{', '.join(sorted(_DAYS))} are days.")
    if values["locator"] != evidence.locator:
        same = {column: getattr(evidence, column) for column in ("statement_id", "report_id", "stance", "cited_in_id")}
        work.claim(Evidence, "Such evidence", owner=statement, locator=values["locator"], **same)
    work.update(evidence, change.fields, hazard=is_hazard(work, statement))


def _as_amended(row: PublicRow, columns: Iterable[str], fields: do.Fields) -> dict[str, str]:
    """The columns of a row as they will be. All of them hold text."""
    values = {column: fields.get(column, getattr(row, column)) for column in columns}
    if wrong := sorted(column for column, value in values.items() if not isinstance(value, str)):
        raise InvalidInput(f"{', '.join(wrong)} must be text.")
    return {column: str(value) for column, value in values.items()}


def is_hazard(work: Workspace, statement: Statement) -> bool:
    """Whether a hazard issue stands at one of its ends, so that the strict rules of the guard hold for its words."""
    ends = {statement.subject_id, statement.object_id} - {None}
    for record_id in ends:
        work.record(record_id or 0)
    return bool(ends & work.hazards)


def refuse_other_fields(fields: do.Fields, allowed: frozenset[str]) -> None:
    """Raise InvalidInput for a field that may not be amended."""
    if extra := sorted(set(fields) - allowed):
        raise InvalidInput(f"{', '.join(extra)} cannot be amended; amendable are {', '.join(sorted(allowed))}.")


HANDLERS: Mapping[type[do.Change], Callable[[Any, Workspace], None]] = {
    do.AddStatement: _add_statement,
    do.AmendStatement: _amend_statement,
    do.RetractStatement: _retract_statement,
    do.RestoreStatement: _restore_statement,
    do.AddEvidence: _add_evidence,
    do.AmendEvidence: _amend_evidence,
}
