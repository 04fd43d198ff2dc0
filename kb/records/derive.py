"""Deriving the status of every statement that an edition touches: gather each case, ask the rule, note what changed."""

from collections import defaultdict
from collections.abc import Iterable

from kb.records.models import Evidence, ReportDetail, Statement
from kb.records.predicates import PREDICATES, RESPONSIBLE_ROLES
from kb.records.status import Case, Row, derive
from kb.records.workspace import Workspace

_CHUNK = 500
_NOT_HELD = ("refuted", "retracted", "needs_source")


def derive_statuses(work: Workspace) -> None:
    """Set the status of statements touched by the workspace, directly or through a role, a report or a reliance."""
    statement_ids = work.touched | _touched_through_others(work)
    ordered = sorted(statement_ids)
    for start in range(0, len(ordered), _CHUNK):
        _derive_chunk(work, ordered[start : start + _CHUNK])


def _touched_through_others(work: Workspace) -> set[int]:
    """Statements whose case changes because somebody became responsible or a report's origin became known."""
    statements = work.written(Statement)
    subjects = {statement.subject_id for statement in statements if statement.predicate in RESPONSIBLE_ROLES}
    reports = {statement.subject_id for statement in statements if statement.predicate == "relies_on"}
    reports |= {detail.record_id for detail in work.written(ReportDetail)}
    found: set[int] = set()
    for chunk in _chunks(subjects):
        found |= set(Statement.objects.filter(subject__in=chunk).values_list("id", flat=True))
    for chunk in _chunks(reports):
        found |= set(Evidence.objects.filter(report__in=chunk).values_list("statement_id", flat=True))
    return found


def _derive_chunk(work: Workspace, statement_ids: list[int]) -> None:
    statements = _current(work, statement_ids)
    evidence = _evidence_of(work, set(statements))
    reports = _reports_of(work, {row.report_id for rows in evidence.values() for row in rows})
    responsible = _responsible_for(work, {statement.subject_id for statement in statements.values()})
    reliance = _reliance(work, set(reports))
    for statement in statements.values():
        case = Case(
            rows=tuple(_row(row, reports.get(row.report_id)) for row in evidence[statement.id]),
            responsible=frozenset(responsible[statement.subject_id]),
            self_report_confirms=PREDICATES[statement.predicate].self_report_confirms,
            relies_on=reliance,
            retracted=statement.retracted,
            override=statement.override,
        )
        work.update(statement, {"status": derive(case)})


def _row(row: Evidence, report: ReportDetail | None) -> Row:
    publisher = report.publisher_id if report else None
    return Row(
        stance=row.stance,
        kind=row.kind,
        report=row.report_id,
        publisher=publisher,
        voice=row.said_by_id or publisher,
        independent=bool(report and report.independence == "original"),
        read_directly=row.cited_in_id is None,
    )


def _current(work: Workspace, statement_ids: list[int]) -> dict[int, Statement]:
    """Statements as the edition will leave them: those being written, and the others from the table."""
    written = {statement.id: statement for statement in work.written(Statement)}
    missing = [statement_id for statement_id in statement_ids if statement_id not in written]
    found = Statement.objects.in_bulk(missing)
    return {statement_id: written.get(statement_id) or found[statement_id] for statement_id in statement_ids}


def _evidence_of(work: Workspace, statement_ids: set[int]) -> dict[int, list[Evidence]]:
    rows: dict[int, dict[int, Evidence]] = defaultdict(dict)
    stored = Evidence.objects.filter(statement__in=statement_ids)
    for row in (*stored, *work.written(Evidence)):
        if row.statement_id in statement_ids:
            rows[row.statement_id][row.id] = row
    return defaultdict(list, {statement_id: list(by_id.values()) for statement_id, by_id in rows.items()})


def _reports_of(work: Workspace, report_ids: set[int]) -> dict[int, ReportDetail]:
    found: dict[int, ReportDetail] = {}
    for chunk in _chunks(report_ids):
        found |= {detail.record_id: detail for detail in ReportDetail.objects.filter(record__in=chunk)}
    found |= {detail.record_id: detail for detail in work.written(ReportDetail) if detail.record_id in report_ids}
    return found


def _responsible_for(work: Workspace, subject_ids: set[int]) -> dict[int, set[int]]:
    """Parties that hold a responsible role for each subject, by a statement that is itself supported."""
    found: dict[int, set[int]] = defaultdict(set)
    for chunk in _chunks(subject_ids):
        roles = Statement.objects.filter(subject__in=chunk, predicate__in=RESPONSIBLE_ROLES).exclude(status__in=_NOT_HELD)
        for subject, party in roles.values_list("subject_id", "object_id"):
            found[subject].add(party)
    for statement in work.written(Statement):
        if statement.predicate in RESPONSIBLE_ROLES and statement.object_id and not statement.retracted:
            found[statement.subject_id].add(statement.object_id)
    for subject in subject_ids:
        found[subject].add(subject)
    return found


def _reliance(work: Workspace, report_ids: set[int]) -> dict[int, frozenset[int]]:
    """Which reports each report relies on, as far as the origins of these reports reach."""
    links: dict[int, set[int]] = defaultdict(set)
    for statement in work.written(Statement):
        if statement.predicate == "relies_on" and statement.object_id:
            links[statement.subject_id].add(statement.object_id)
    seen: set[int] = set()
    frontier = set(report_ids)
    while frontier := frontier - seen:
        seen |= frontier
        stored = Statement.objects.filter(subject__in=frontier, predicate="relies_on", retracted=False)
        for subject, cited in stored.values_list("subject_id", "object_id"):
            links[subject].add(cited)
        frontier = {cited for subject in frontier for cited in links[subject]}
    return {report: frozenset(cited) for report, cited in links.items()}


def _chunks(ids: Iterable[int]) -> Iterable[list[int]]:
    ordered = sorted(ids)
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))
