"""An issue that becomes one about unlawful material, or is merged with one: what is on record with it is read again.

It was read by the milder rules when it was published. The addresses that it cites are read in `addresses.py`.
"""

from collections.abc import Iterator

from django.db.models import Q

from kb.ledger.models import PublicRow
from kb.records.merged import groups
from kb.records.models import Dispute, Evidence, IssueDetail, Record, Reply, RetiredSlug, Statement
from kb.records.workspace import Workspace


def hold_strictly(work: Workspace, record: Record) -> None:
    """Let the strict rules hold for an issue and for all that it is merged with.

    Raises InvalidInput where a text that is on record with one of them breaks them.
    """
    group = set(groups(work, {record.id}))
    for one in sorted(group):
        work.record(one)  # tells the workspace whether the rules hold for it already
    for one in sorted(group - work.hazards):
        _read(work, work.record(one))
    work.hazards |= group
    work.held |= group


def _read(work: Workspace, record: Record) -> None:
    for row in (*_rows(record), *(write.row for write in work.writes)):
        work.check_texts(row, hazard=True)
    for slug in (record.slug, *RetiredSlug.objects.filter(record=record.id).values_list("slug", flat=True)):
        work.check_slug(slug, hazard=True)


def _rows(record: Record) -> Iterator[PublicRow]:
    """What stands on record with an issue, at either end of whose statements it stands."""
    statements = list(Statement.objects.filter(Q(subject=record.id) | Q(object=record.id)))
    yield from (record, *record.names.all(), *record.identifiers.all(), *IssueDetail.objects.filter(record=record.id))
    yield from statements
    yield from Evidence.objects.filter(statement__in=statements)
    for model in (Reply, Dispute):
        yield from model._base_manager.filter(Q(record=record.id) | Q(statement__in=statements))
