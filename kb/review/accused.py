"""Whom an issue on file accuses: who answers for what it is present in, and whom it names as the one whose doing it is.

A merged record is read with all that are merged with it, since they show as one. What a proposal would add to this is said in
`asked.py`, who may not judge it then in `interest.py`.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from kb.records.evidence import responsible_parties
from kb.records.merged import ON_FILE, groups
from kb.records.models import Record, Statement
from kb.records.predicates import RESPONSIBLE_ROLES
from kb.records.queries import records_by_id, speaker

PRESENT = frozenset({"affected", "mitigated"})
# What is said for who answers for an artifact: the issue is not there, no longer, or something was done about it.
RELIEVING = frozenset({"fixed", "mitigated", "not_affected"})
# Who found, reported, judged or suffers an issue is named by it as well, and not accused.
ACCUSED_ROLES = RESPONSIBLE_ROLES | {"defendant", "distributor", "host", "importer", "parent_company", "respondent"}


def accused_by(issues: Iterable[int]) -> set[int]:
    """Return the parties that issues accuse."""
    said = _said_of(subject__in=grouped(issues))
    affected = said.filter(predicate="impact", qualifier__in=PRESENT).values_list("object", flat=True)
    named = said.filter(predicate__in=ACCUSED_ROLES).values_list("object", flat=True)
    return answering_for(one for one in affected if one) | speakers(one for one in named if one)


def answering_for(records: Iterable[int]) -> set[int]:
    """Return the parties that answer for records, by a role that somebody says they hold."""
    return speakers(party for parties in responsible_parties(grouped(records)).values() for party in parties)


def holds_an_issue(record: int) -> bool:
    """Whether any issue is present in a record."""
    return _said_of(object__in=grouped([record])).filter(predicate="impact", qualifier__in=PRESENT).exists()


def issues_among(records: Iterable[int]) -> set[int]:
    """Return which of the records are issues."""
    return set(Record.objects.filter(id__in=set(records), kind="issue").values_list("id", flat=True))


def grouped(records: Iterable[int]) -> set[int]:
    """Return the ids of records with those that speak for them, and of all that these speak for."""
    return set(groups(ON_FILE, records))


def speakers(records: Iterable[int]) -> set[int]:
    """Return the ids of the records that speak for records."""
    return {speaker(record).id for record in records_by_id(records).values()}


def _said_of(**ends: set[int]) -> "QuerySet[Statement]":
    # What a withdrawn issue said was taken back with it, and stands again with it.
    standing = Q(retracted=False) | Q(subject__withdrawn__isnull=False)
    return Statement._base_manager.filter(standing, object__isnull=False, **ends)
