"""Moving a statement or an alias to another record: what a split is made of (`kb.records.split`)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Field

from kb.core.errors import Conflict, InvalidInput
from kb.core.ids import fold
from kb.ledger.chain import LEDGER_COLUMNS
from kb.ledger.models import PublicRow
from kb.records import changes as do
from kb.records.apply.statements import statement_identity
from kb.records.checks import check_ends, known_predicate
from kb.records.models import Dispute, Evidence, Name, Record, Reply, Statement
from kb.records.workspace import Workspace


def _move_statement(change: do.MoveStatement, work: Workspace) -> None:
    """Everything moves as it stands: words, dates and an editor's override are copied to the letter."""
    record, to, old = work.record(change.record), work.record(change.to), work.row(Statement, change.statement)
    if record.id not in (old.subject_id, old.object_id):
        raise InvalidInput(f"Statement {old.id} is not about {record.name}.")
    if old.retracted:
        raise Conflict(f"Statement {old.id} was taken back.")
    subject, target = (_moved(work, end, record, to) for end in (old.subject_id, old.object_id))
    assert subject is not None
    hazard = subject.id in work.hazards or bool(target and target.id in work.hazards)
    new = work.insert(Statement, hazard=hazard, **_columns(old), **_ends(work, old, subject, target), retracted=False)
    for piece in Evidence.objects.filter(statement=old.id):
        work.insert(Evidence, hazard=hazard, **(_columns(piece) | {"statement_id": new.id}))
    answers: list[Reply | Dispute] = [*work.adopt(Reply.objects.filter(statement=old.id))]
    answers += work.adopt(Dispute.objects.filter(statement=old.id))
    for row in answers:
        about = to.id if row.record_id == record.id else row.record_id
        work.update(row, {"statement_id": new.id, "record_id": about}, hazard=hazard)
    work.update(old, {"retracted": True})


def _moved(work: Workspace, end: int | None, record: Record, to: Record) -> Record | None:
    if end is None:
        return None
    return to if end == record.id else work.record(end)


def _ends(work: Workspace, old: Statement, subject: Record, target: Record | None) -> dict[str, Any]:
    """Subject, object and identity at the new place. Raises Conflict where the same is stated there already."""
    row = known_predicate(old.predicate)
    check_ends(row, subject.kind, target.kind if target else None, work.party_types.get(target.id, "") if target else "")
    value = None if target else getattr(old, row.column)
    identity = statement_identity(subject.id, old.predicate, target.id if target else None, value, old.qualifier)
    if taken := Statement.objects.filter(identity=identity).first():
        raise Conflict(f"“{old.predicate}” is already stated there: statement {taken.id}.")
    work.claim(Statement, f"“{old.predicate}” of {subject.name}", identity=identity)
    return {"subject_id": subject.id, "object_id": target.id if target else None, "identity": identity}


_OF_ITS_OWN = LEDGER_COLUMNS | {"id", "subject_id", "object_id", "identity", "retracted"}


def _columns(row: PublicRow) -> dict[str, Any]:
    """The columns of a row that its copy has too."""
    fields: list[Field[Any, Any]] = list(row._meta.concrete_fields)
    return {field.attname: getattr(row, field.attname) for field in fields if field.attname not in _OF_ITS_OWN}


def _move_alias(change: do.MoveAlias, work: Workspace) -> None:
    record, to = work.record(change.record), work.record(change.to)
    name = Name.objects.filter(record=record.id, text=change.text).first()
    if name is None:
        raise Conflict(f"{record.name} has no other name “{change.text[:80]}”.")
    work.claim(Name, f"The name “{name.text}”", owner=to, record_id=to.id, text=name.text)
    values = {"record_id": to.id, "folded": fold(name.text)[:300]}
    work.update(work.row(Name, name.id), values, hazard=to.id in work.hazards)


HANDLERS: Mapping[type[do.Change], Callable[[Any, Workspace], None]] = {
    do.MoveStatement: _move_statement,
    do.MoveAlias: _move_alias,
}
