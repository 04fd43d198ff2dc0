"""What reports are called that an edition lets stand beside an issue about unlawful material: no name may lead on (SAFETY 1).

Their names were read by the milder rules when they came. What takes words out is never held up by others that wait to be.
"""

from collections.abc import Iterator
from typing import TypeVar

from kb.core.errors import InvalidInput
from kb.core.ids import slug_words
from kb.core.safety import UnsafeText, check_texts
from kb.ledger.models import PublicRow
from kb.records.apply.redaction import is_tombstone
from kb.records.hazards import beside_hazards, reports_of, statements_of
from kb.records.merged import groups
from kb.records.models import Evidence, Name, Record, RetiredSlug, Statement
from kb.records.workspace import Workspace

AnyRow = TypeVar("AnyRow", bound=PublicRow)


def check_names(work: Workspace) -> None:
    """Raise InvalidInput where such a report has a name or a slug that must not stand there."""
    reports = set(_newly_beside(work)) | _altered(work)
    for record in sorted(map(work.record, reports), key=lambda record: record.id):
        if record.kind == "report":
            _check(work, record)


def _check(work: Workspace, record: Record) -> None:
    names = {row.text for row in (*record.names.all(), *work.written(Name)) if row.record_id == record.id}
    slugs = {record.slug, *RetiredSlug.objects.filter(record=record.id).values_list("slug", flat=True)}
    try:
        check_texts((record.name, *names, *slugs, *map(slug_words, slugs)), hazard=True)
    except UnsafeText as refusal:
        raise InvalidInput(
            f"{record.public_id} may not stand beside a finding about unlawful material: what it is called holds {refusal.label}."
        ) from None


def _newly_beside(work: Workspace) -> Iterator[int]:
    """What such issues come to name or rest on, and all that those do which this edition makes such issues."""
    for row in _inserted(work, Statement):
        if not work.hazards.isdisjoint((row.subject_id, row.object_id)):
            yield from (end for end in (row.subject_id, row.object_id) if end is not None)
    for evidence in _inserted(work, Evidence):
        said = work.row(Statement, evidence.statement_id)
        if not work.hazards.isdisjoint((said.subject_id, said.object_id)):
            yield from (report for report in (evidence.report_id, evidence.cited_in_id) if report is not None)
    yield from reports_of(statements_of(work.held))


def _altered(work: Workspace) -> set[int]:
    """The reports beside such issues that this edition calls otherwise, or for which it lets others speak."""
    renamed = {row.id for row in _updated(work, Record) if row.withdrawn is None and not _is_emptied(row)}
    named = {row.record_id for row in work.written(Name) if not is_tombstone(row.text)}
    on_file = {record for record in renamed | named | work.regrouped if work.record(record).sequence is not None}
    speaker_of = groups(work, {record for record in on_file if work.record(record).kind == "report"})
    strict = {speaker_of[report] for report in beside_hazards(speaker_of)}
    return {report for report, speaker in speaker_of.items() if speaker in strict}


def _is_emptied(record: Record) -> bool:
    return is_tombstone(record.name) or is_tombstone(record.slug)


def _inserted(work: Workspace, model: type[AnyRow]) -> list[AnyRow]:
    return [write.row for write in work.writes if isinstance(write.row, model) and write.action == "insert"]


def _updated(work: Workspace, model: type[AnyRow]) -> list[AnyRow]:
    return [write.row for write in work.writes if isinstance(write.row, model) and write.action == "update"]
