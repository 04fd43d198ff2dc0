"""Addresses of reports that an edition lets stand beside an issue about unlawful material: none may lead on to any (SAFETY 1).

Which hosts may stand there is judged before, in review.
"""

from collections.abc import Iterator

from kb.core.behind_host import check_behind_host
from kb.core.errors import InvalidInput
from kb.core.safety import UnsafeText
from kb.records.hazards import beside_hazards, reports_of, statements_of
from kb.records.merged import groups
from kb.records.models import Evidence, ReportDetail, Statement
from kb.records.workspace import Workspace


def check_addresses(work: Workspace) -> None:
    """Raise InvalidInput where something stands behind the host of such an address that must not stand there."""
    written = {row.record_id: row.url for row in work.written(ReportDetail)}
    reports = set(_newly_beside(work)) | _altered(work)
    on_file = dict(ReportDetail.objects.filter(record__in=reports - set(written)).values_list("record_id", "url"))
    for report in sorted(reports):
        try:
            check_behind_host(written.get(report, on_file.get(report, "")))
        except UnsafeText as refusal:
            raise InvalidInput(
                f"The address of {work.record(report).name} may not stand beside a finding about unlawful material: "
                f"it holds {refusal.label}."
            ) from None


def _newly_beside(work: Workspace) -> Iterator[int]:
    """What such issues name or rest on by what this edition writes, and all that those do which it makes such issues."""
    strict = [row for row in work.written(Statement) if not row.retracted and _is_strict(work, row)]
    yield from (end for row in strict for end in (row.subject_id, row.object_id) if end is not None)
    yield from reports_of({row.id for row in strict} | statements_of(work.held))
    for row in work.written(Evidence):
        if _is_strict(work, work.row(Statement, row.statement_id)):
            yield from (report for report in (row.report_id, row.cited_in_id) if report is not None)


def _is_strict(work: Workspace, statement: Statement) -> bool:
    return not work.hazards.isdisjoint((statement.subject_id, statement.object_id))


def _altered(work: Workspace) -> set[int]:
    """The reports beside such issues whose address this edition changes, or for which it lets others speak."""
    amended = {write.row.record_id for write in work.writes if isinstance(write.row, ReportDetail) and write.action == "update"}
    merged = {record for record in work.regrouped if work.record(record).kind == "report"}
    speaker_of = groups(work, amended | merged)
    strict = {speaker_of[report] for report in beside_hazards(speaker_of)}
    return {report for report, speaker in speaker_of.items() if speaker in strict}
