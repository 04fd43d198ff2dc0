"""The records on file that typed changes are about: those they name, and those at the ends of statements they alter."""

from collections.abc import Iterable, Iterator

from django.db.models import Q

from kb.records import changes as do
from kb.records.models import Evidence, Statement

_ON_STATEMENT = (do.AmendStatement, do.RetractStatement, do.RestoreStatement, do.MoveStatement, do.AddEvidence)


def records_touched(changes: Iterable[do.Change]) -> set[int]:
    """Return the ids of the records on file that changes are about."""
    changes = list(changes)
    named = {ref for change in changes for ref in change.references() if isinstance(ref, int)}
    return named | set(_ends(changes))


def _ends(changes: list[do.Change]) -> Iterator[int]:
    evidence = {change.evidence for change in changes if isinstance(change, do.AmendEvidence)}
    statements = {change.statement for change in changes if isinstance(change, _ON_STATEMENT)}
    within = Q(id__in=statements) | Q(id__in=Evidence.objects.filter(id__in=evidence).values("statement"))
    for ends in Statement.objects.filter(within).values_list("subject", "object"):
        yield from (end for end in ends if end is not None)
