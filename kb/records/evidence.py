"""Reading evidence with everything that is told of it: its report, its publisher, whose word it is, whether it confirms.

Every answer of lineage asks for it, so its queries are prepared. How evidence is told is `telling.py`'s.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from kb.core.prepared import Prepared
from kb.records.models import Evidence, Record, ReportDetail, Statement
from kb.records.predicates import PREDICATES, RESPONSIBLE_ROLES
from kb.records.queries import past_rows, records_by_id
from kb.records.telling import confirms

_SHOWN = Prepared(lambda ids: Evidence.objects.filter(statement__in=ids, report__withdrawn=None).order_by("id"))
_EVER = Prepared(lambda ids: Evidence.objects.filter(statement__in=ids).order_by("id").values_list("id", flat=True))
_REPORTS = Prepared(lambda ids: ReportDetail.objects.filter(record__in=ids))
_SAID = Prepared(lambda ids: Statement.objects.filter(id__in=ids).values_list("id", "subject_id", "predicate"))
_ANSWERING = Prepared(
    lambda ids: (
        Statement.objects.filter(subject__in=ids, predicate__in=RESPONSIBLE_ROLES)
        .exclude(status__in=("needs_source", "refuted", "retracted"))
        .exclude(object=None)
        .values_list("subject_id", "object_id")
    )
)


def evidence_by_statement(statement_ids: Iterable[int], edition: int | None = None) -> dict[int, list[Evidence]]:
    """Return evidence grouped by statement, each with its report, publisher and voice, and told whether it confirms.

    What a withdrawn report says is left out.
    """
    ids = set(statement_ids)
    rows = _SHOWN.among(ids) if edition is None else past_rows(Evidence, _EVER.among(ids), edition)
    _bring_records(rows)
    _tell_confirming(ids, rows)
    grouped: dict[int, list[Evidence]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.id):
        grouped[row.statement_id].append(row)
    return grouped


def _bring_records(rows: Collection[Evidence]) -> None:
    """Read the reports of evidence, their publishers, and whose word it is, together."""
    documents = {number for row in rows for number in (row.report_id, row.cited_in_id) if number is not None}
    reports = _REPORTS.among(documents)
    voices = {number for number in (*(report.publisher_id for report in reports), *(row.said_by_id for row in rows)) if number}
    records = records_by_id(documents | voices)
    for report in reports:
        report.publisher = _of(records, report.publisher_id)
        records[report.record_id].report = report
    for row in rows:
        row.report = records[row.report_id]
        row.cited_in = _of(records, row.cited_in_id)
        row.said_by = _of(records, row.said_by_id)


def _of(records: dict[int, Record], number: int | None) -> Record | None:
    return None if number is None else records[number]


def _tell_confirming(statement_ids: Collection[int], rows: Iterable[Evidence]) -> None:
    """Mark the pieces that confirm: by their kind, or as the word of a party that answers for the subject."""
    said = {statement: (subject, predicate) for statement, subject, predicate in _SAID.among(statement_ids)}
    answering = responsible_parties(subject for subject, _ in said.values())
    for row in rows:
        subject, predicate = said[row.statement_id]
        own = PREDICATES[predicate].self_report_confirms
        row.confirms = confirms(row, frozenset(answering[subject] | {subject}), self_report_confirms=own)


def responsible_parties(subject_ids: Iterable[int]) -> dict[int, set[int]]:
    """Return the parties that answer for each record, by a role that somebody says they hold."""
    found: dict[int, set[int]] = defaultdict(set)
    for subject, party in _ANSWERING.among(set(subject_ids)):
        found[subject].add(party)
    return found
