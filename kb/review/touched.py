"""The records on file that typed changes are about: those they name, those at the ends of statements they alter, and those they
alter or join themselves, with what rests on these."""

from collections.abc import Iterable, Iterator

from django.db.models import Q

from kb.records import changes as do
from kb.records.merged import ON_FILE, groups
from kb.records.models import Evidence, Statement

_ON_STATEMENT = (do.AmendStatement, do.RetractStatement, do.RestoreStatement, do.MoveStatement, do.AddEvidence)


def records_touched(changes: Iterable[do.Change]) -> set[int]:
    """Return the ids of the records on file that changes are about."""
    changes = list(changes)
    named = {ref for change in changes for ref in change.references() if isinstance(ref, int)}
    return named | set(_ends(changes))


def records_altered(changes: Iterable[do.Change]) -> set[int]:
    """Return the ids of the records on file themselves that changes alter or join, not of those that they only name."""
    ends = (
        change.references() if isinstance(change, do.MergeRecord | do.MoveAlias) else (change.record,)
        for change in changes
        if isinstance(change, do.OnRecord)
    )
    return {ref for refs in ends for ref in refs if isinstance(ref, int)}


def records_resting_on(records: Iterable[int]) -> set[int]:
    """Return the ids of the records that something is said of which rests on reports among some records, merged ones included."""
    reports = set(groups(ON_FILE, records))
    ends = Evidence.objects.filter(report__in=reports).values_list("statement__subject", "statement__object")
    return {end for pair in ends.distinct() for end in pair if end is not None}


def _ends(changes: list[do.Change]) -> Iterator[int]:
    evidence = {change.evidence for change in changes if isinstance(change, do.AmendEvidence)}
    statements = {change.statement for change in changes if isinstance(change, _ON_STATEMENT)}
    within = Q(id__in=statements) | Q(id__in=Evidence.objects.filter(id__in=evidence).values("statement"))
    for ends in Statement.objects.filter(within).values_list("subject", "object"):
        yield from (end for end in ends if end is not None)
