"""Which parties a proposal accuses of anything, so that each is asked for its reply before publication."""

from collections.abc import Iterable, Iterator

from django.db.models import Q

from kb.records import changes as do
from kb.records.models import Record, Reply, Statement
from kb.records.predicates import RESPONSIBLE_ROLES
from kb.records.queries import members, records_by_id, responsible_parties, speaker

_PRESENT = frozenset({"affected", "mitigated"})
_OTHER_WORD = (do.AddEvidence, do.AmendEvidence)
_WORDED_ANEW = (do.RestoreRecord, do.RenameRecord, do.AmendDetail)


def parties_to_ask(changes: list[do.Change]) -> set[int]:
    """Return the parties that answer for the artifacts which changes say an issue is present in."""
    affected = set(_affected(changes))
    on_file = [member.id for ref in affected if isinstance(ref, int) for member in _group(ref)]
    found = {party for parties in responsible_parties(on_file).values() for party in parties}
    found |= _accused_anew(changes)
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


def is_issue(ref: do.Ref) -> bool:
    """Whether a reference is to an issue on file."""
    return isinstance(ref, int) and Record.objects.filter(id=ref, kind="issue").exists()


def _accused_anew(changes: list[do.Change]) -> set[int]:
    """The parties that answer for what an issue on file affects of which changes say something more, or anew.

    Who was asked about that issue before, or replied to it, has had the word where only its title or a field changes, or another
    source tells the same; on what else is said of it everybody is asked again.
    """
    worded = _issues({change.record for change in changes if isinstance(change, _WORDED_ANEW)} | _subjects(changes, _OTHER_WORD))
    added = {change.subject for change in changes if isinstance(change, do.AddStatement) and change.predicate != "impact"}
    said = _issues(added | _subjects(changes, (do.AmendStatement,)))
    had = Reply.objects.filter(record__in=worded - said).values_list("party", flat=True)
    return (_answering_for(worded - said) - set(had)) | _answering_for(said)


def _issues(refs: Iterable[do.Ref]) -> set[int]:
    named = {ref for ref in refs if isinstance(ref, int)}
    return set(Record.objects.filter(id__in=named, kind="issue").values_list("id", flat=True))


def _subjects(changes: list[do.Change], kinds: tuple[type[do.Change], ...]) -> set[do.Ref]:
    """What the statements are about that changes of some kinds alter."""
    altering = [change for change in changes if isinstance(change, kinds)]
    evidence = {change.evidence for change in altering if isinstance(change, do.AmendEvidence)}
    numbers = {change.statement for change in altering if isinstance(change, do.AmendStatement | do.AddEvidence)}
    altered = Statement._base_manager.filter(Q(id__in=numbers) | Q(evidence__in=evidence))
    return set(altered.values_list("subject", flat=True))


def _answering_for(issues: set[int]) -> set[int]:
    rows = Statement._base_manager.filter(subject__in=issues, predicate="impact", qualifier__in=_PRESENT, object__isnull=False)
    # What a withdrawn issue said was taken back with it, and stands again with it.
    rows = rows.filter(Q(retracted=False) | Q(subject__withdrawn__isnull=False))
    affected = {member.id for row in rows for member in _group(row.object_id or 0)}
    return {party for parties in responsible_parties(affected).values() for party in parties}


def _group(record_id: int) -> list[Record]:
    """A record, the one that speaks for it, and all that it speaks for."""
    record = Record.objects.filter(id=record_id).first()
    return members(speaker(record)) if record else []
