"""What changed on record since a proposal was drawn up, so that it never overwrites anything unseen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.text import Truncator

from kb.core.errors import Conflict
from kb.ledger import history
from kb.ledger.chain import LEDGER_COLUMNS
from kb.ledger.models import PublicRow
from kb.records import changes as do
from kb.records.detail import DETAILS
from kb.records.models import Evidence, Record, Statement
from kb.review.terms import field_label

_DERIVED = frozenset({"folded", "identity", *LEDGER_COLUMNS})
Row = tuple[type[PublicRow], int]


class Overwritten(Conflict):
    """Somebody else changed meanwhile what would be overwritten."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a row that was changed after the edition a proposal was drawn up on.

    Without a field the whole row is new, and `now` says what it reads.
    """

    table: str
    row_id: int
    field: str
    before: object
    now: object
    edition: int


def differences(changes: Iterable[do.Change], base_edition: int) -> list[Difference]:
    """Return every field of the rows that the changes alter which another edition has changed since.

    What falls, or goes elsewhere, with the rows that changes name is among them, and what was added to it since.
    """
    changes = list(changes)
    altered, found = _rows(changes), list[Difference]()
    for model, row_id in sorted(altered, key=lambda row: (row[0].__name__, row[1])):
        row = model._base_manager.filter(id=row_id, edition__gt=base_edition).first()
        if row is not None:
            found += _compared(row, base_edition)
    for row in _carried(changes, base_edition):
        if (type(row), row.pk) not in altered:
            found += _compared(row, base_edition) if _was_there(row, base_edition) else [_added(row)]
    return found


def _carried(changes: list[do.Change], base_edition: int) -> list[Statement | Evidence]:
    """What an edition since has written of the statements and evidence that changes take away, merge or move along."""
    taken = [one.record for one in changes if isinstance(one, do.WithdrawRecord | do.MergeRecord)]
    records = [ref for ref in taken if isinstance(ref, int)]
    numbers = [one.statement for one in changes if isinstance(one, do.RetractStatement | do.MoveStatement)]
    statements = Statement._base_manager.filter(Q(subject__in=records) | Q(object__in=records))
    evidence = Evidence._base_manager.filter(Q(statement__in=numbers) | Q(statement__in=statements.values("id")))
    return [row for rows in (statements, evidence) for row in rows.filter(edition__gt=base_edition).order_by("id")]


def _was_there(row: PublicRow, base_edition: int) -> bool:
    return bool(history.rows_at(row._meta.db_table, [row.pk], base_edition))


def _added(row: Statement | Evidence) -> Difference:
    now = row.gist if isinstance(row, Evidence) else row.note
    return Difference(row._meta.db_table, row.pk, "", None, now, row.edition or 0)


def refuse_overwriting(changes: Iterable[do.Change], base_edition: int) -> None:
    """Raise Overwritten where a field that changes set was changed after an edition, and say what it reads now."""
    for change in changes:
        fields = _set_by(change)
        for one in differences([change], base_edition) if fields else ():
            if one.field.removesuffix("_id") in fields:
                raise Overwritten(
                    f"“{field_label(one.field.removesuffix('_id'))}” was changed since you opened this form: it reads "
                    f"“{_short(one.now)}” now. Look at it, and send the form again if you still mean it."
                )


def _set_by(change: do.Change) -> set[str]:
    """The columns that a change sets to something else."""
    if isinstance(change, do.RenameRecord):
        return {"name", "slug"}
    return set(change.fields) if isinstance(change, do.AmendDetail | do.AmendStatement | do.AmendEvidence) else set()


def _short(value: object) -> str:
    return str(Truncator("" if value is None else str(value)).chars(200))


def _compared(row: PublicRow, base_edition: int) -> Iterator[Difference]:
    table = row._meta.db_table
    before: dict[str, Any] = history.rows_at(table, [row.pk], base_edition).get(row.pk, {})
    for field in row._meta.concrete_fields:
        name = field.attname
        if name in _DERIVED or name not in before:
            continue
        now = getattr(row, name)
        if field.to_python(before[name]) != now:
            yield Difference(table, row.pk, name, before[name], now, row.edition or 0)


def _rows(changes: Iterable[do.Change]) -> set[Row]:
    found: set[Row] = set()
    for change in changes:
        if isinstance(change, do.AmendStatement | do.RetractStatement | do.RestoreStatement | do.MoveStatement | do.AddEvidence):
            found.add((Statement, change.statement))
        elif isinstance(change, do.AmendEvidence):
            found.add((Evidence, change.evidence))
        elif isinstance(change, do.OnRecord) and isinstance(change.record, int):
            found |= _of_record(change, change.record)
        if isinstance(change, do.AddStatement | do.MergeRecord | do.MoveStatement | do.MoveAlias):
            found |= {(Record, ref) for ref in _ends(change) if isinstance(ref, int)}
    return found


def _ends(change: do.AddStatement | do.MergeRecord | do.MoveStatement | do.MoveAlias) -> tuple[do.Ref | None, ...]:
    """The records that a change joins: what became of them since matters to what it says."""
    if isinstance(change, do.AddStatement):
        return change.subject, change.object
    return (change.into if isinstance(change, do.MergeRecord) else change.to,)


def _of_record(change: do.OnRecord, record_id: int) -> set[Row]:
    rows: set[Row] = {(Record, record_id)}
    if isinstance(change, do.AmendDetail):
        record = Record.objects.filter(id=record_id).first()
        detail = DETAILS.get(record.kind) if record else None
        of_record: dict[str, Any] = {"record_id": record_id}
        row = detail.model._base_manager.filter(**of_record).first() if detail else None
        rows |= {(type(row), row.pk)} if row else set()
    return rows
