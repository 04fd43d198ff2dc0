"""Which parties a proposal accuses of anything, so that each is asked for its reply before publication."""

from collections.abc import Iterator

from kb.records import changes as do
from kb.records.models import Record, Statement
from kb.records.predicates import RESPONSIBLE_ROLES
from kb.records.queries import members, records_by_id, responsible_parties, speaker

_PRESENT = frozenset({"affected", "mitigated"})


def parties_to_ask(changes: list[do.Change]) -> set[int]:
    """Return the parties that answer for the artifacts which changes say an issue is present in."""
    affected = set(_affected(changes))
    on_file = [member.id for ref in affected if isinstance(ref, int) for member in _group(ref)]
    found = {party for parties in responsible_parties(on_file).values() for party in parties}
    found |= {
        change.object
        for change in changes
        if isinstance(change, do.AddStatement) and change.predicate in RESPONSIBLE_ROLES
        and isinstance(change.object, int) and (change.subject in affected or change.subject in on_file)
    }  # fmt: skip
    return {speaker(record).id for record in records_by_id(found).values()}


def _affected(changes: list[do.Change]) -> Iterator[do.Ref]:
    """The artifacts that an issue would come to be present in."""
    again = {change.statement for change in changes if isinstance(change, do.RestoreStatement)}
    moved = {change.statement: change.to for change in changes if isinstance(change, do.MoveStatement)}
    for change in changes:
        if isinstance(change, do.AddStatement) and change.predicate == "impact" and change.qualifier in _PRESENT:
            yield change.object if change.object is not None else change.subject
    rows = Statement.objects.filter(id__in=again | set(moved), predicate="impact", qualifier__in=_PRESENT, object__isnull=False)
    for row in rows:
        yield row.object_id or 0
        yield from (moved[row.id] for _ in [0] if row.id in moved)


def _group(record_id: int) -> list[Record]:
    """A record, the one that speaks for it, and all that it speaks for."""
    record = Record.objects.filter(id=record_id).first()
    return members(speaker(record)) if record else []
