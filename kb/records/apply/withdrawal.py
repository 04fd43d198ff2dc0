"""Withdrawing a record and taking that back. What is left to be seen of it is the business of `kb.records.tombstone`."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q

from kb.core.clock import today
from kb.core.errors import Conflict
from kb.records import changes as do
from kb.records.merged import groups
from kb.records.models import Evidence, Record, Statement
from kb.records.workspace import Workspace


def refuse_withdrawn(record: Record) -> None:
    """Raise Conflict where a record was withdrawn: nothing is said of it until it is restored."""
    if record.withdrawn is not None:
        raise Conflict(f"{record.public_id} {record.name} was withdrawn. Restore it first.")


def refuse_withdrawn_references(change: do.Change, work: Workspace) -> None:
    """Raise Conflict where a change refers to a withdrawn record, unless it is the one that restores it."""
    if isinstance(change, do.RestoreRecord):
        return
    for ref in change.references():
        record = work.records.get(work.refs.get(ref, 0) if isinstance(ref, str) else ref)
        if record is not None:
            refuse_withdrawn(record)


def _withdraw_record(change: do.WithdrawRecord, work: Workspace) -> None:
    record = work.record(change.record)
    if len(groups(work, {record.id})) > 1:
        raise Conflict(f"{record.name} is merged with other records. Take the merge back first.")
    for statement in _statements_at(record, work):
        work.update(statement, {"retracted": True})
    work.update(record, {"withdrawn": today()}, hazard=record.id in work.hazards)
    work.touched |= _resting_on(record)


def _statements_at(record: Record, work: Workspace) -> list[Statement]:
    """The live statements with the record at either end, on file or of this edition."""
    stored = Statement.objects.filter(Q(subject=record.id) | Q(object=record.id), retracted=False)
    written = [row for row in work.written(Statement) if record.id in (row.subject_id, row.object_id)]
    return list({row.id: row for row in (*work.adopt(stored), *written)}.values())


def _resting_on(record: Record) -> set[int]:
    """Statements that this report is evidence on: what a withdrawn report says counts no longer."""
    return set(Evidence.objects.filter(report=record.id).values_list("statement_id", flat=True))


def _restore_record(change: do.RestoreRecord, work: Workspace) -> None:
    record = work.record(change.record)
    if not work.update(record, {"withdrawn": None}, hazard=record.id in work.hazards):
        raise Conflict(f"{record.public_id} {record.name} was not withdrawn.")
    work.touched |= _resting_on(record)


HANDLERS: Mapping[type[do.Change], Callable[[Any, Workspace], None]] = {
    do.WithdrawRecord: _withdraw_record,
    do.RestoreRecord: _restore_record,
}
