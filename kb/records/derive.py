"""Deriving the status of every statement that an edition touches: gather each case, ask the rule, note what changed.

Merged records count as one here as everywhere: two publishers that turn out the same are one source.
"""

from collections import defaultdict
from collections.abc import Mapping

from kb.records.merged import chunks, groups, speakers
from kb.records.models import Evidence, Record, ReportDetail, Statement
from kb.records.predicates import PREDICATES, RESPONSIBLE_ROLES
from kb.records.status import Case, Row, derive
from kb.records.workspace import Workspace

_NOT_HELD = ("refuted", "retracted", "needs_source")


def derive_statuses(work: Workspace) -> None:
    """Set the status of statements touched by the workspace, directly or through a role, a report, a reliance or a merge."""
    for chunk in chunks(work.touched | _touched_through_others(work)):
        _derive_chunk(work, chunk)


def _touched_through_others(work: Workspace) -> set[int]:
    """Statements whose case changes because somebody became responsible or a report's origin became known."""
    touched = [statement for chunk in chunks(work.touched) for statement in _current(work, chunk).values()]
    regrouped = set(groups(work, work.regrouped))
    subjects = {statement.subject_id for statement in touched if statement.predicate in RESPONSIBLE_ROLES} | regrouped
    reports = {statement.subject_id for statement in touched if statement.predicate == "relies_on"} | regrouped
    reports |= {detail.record_id for detail in work.written(ReportDetail)}
    found: set[int] = set()
    for chunk in chunks(regrouped):
        roles = Statement.objects.filter(object__in=chunk, predicate__in=RESPONSIBLE_ROLES)
        subjects |= set(roles.values_list("subject_id", flat=True))
        reports |= set(ReportDetail.objects.filter(publisher__in=chunk).values_list("record_id", flat=True))
        found |= set(Evidence.objects.filter(said_by__in=chunk).values_list("statement_id", flat=True))
    for chunk in chunks(groups(work, subjects)):
        found |= set(Statement.objects.filter(subject__in=chunk).values_list("id", flat=True))
    for chunk in chunks(_relying_on(work, reports)):
        found |= set(Evidence.objects.filter(report__in=chunk).values_list("statement_id", flat=True))
    return found


def _relying_on(work: Workspace, reports: set[int]) -> set[int]:
    """The reports and all that rely on them, directly or through others: their origins change together."""
    seen: set[int] = set()
    frontier = set(groups(work, reports))
    while frontier:
        seen |= frontier
        relying: set[int] = set()
        for chunk in chunks(frontier):
            stored = Statement.objects.filter(object__in=chunk, predicate="relies_on")
            relying |= set(stored.values_list("subject_id", flat=True))
        frontier = set(groups(work, relying)) - seen
    return seen


def _derive_chunk(work: Workspace, statement_ids: list[int]) -> None:
    statements = _current(work, statement_ids)
    evidence = _evidence_of(work, set(statements))
    rows = [row for of_one in evidence.values() for row in of_one]
    reports = _reports_of(work, {row.report_id for row in rows})
    responsible, subjects = _responsible_for(work, {statement.subject_id for statement in statements.values()})
    publishers = {report.publisher_id for report in reports.values()}
    named = {row.report_id for row in rows} | {row.said_by_id for row in rows} | publishers
    same = speakers(work, {record for record in named if record is not None})
    reliance = _reliance(work, set(reports))
    for statement in statements.values():
        case = Case(
            rows=tuple(_row(row, reports.get(row.report_id), same) for row in evidence[statement.id]),
            responsible=frozenset(responsible[subjects[statement.subject_id]]),
            self_report_confirms=PREDICATES[statement.predicate].self_report_confirms,
            relies_on=reliance,
            retracted=statement.retracted,
            override=statement.override,
        )
        work.update(statement, {"status": derive(case)})


def _row(row: Evidence, report: ReportDetail | None, same: Mapping[int, int]) -> Row:
    publisher = same.get(report.publisher_id or 0) if report else None
    return Row(
        stance=row.stance,
        kind=row.kind,
        report=same[row.report_id],
        publisher=publisher,
        voice=same.get(row.said_by_id or 0, publisher),
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
    stored = [row for chunk in chunks(statement_ids) for row in Evidence.objects.filter(statement__in=chunk)]
    for row in (*stored, *work.written(Evidence)):
        if row.statement_id in statement_ids:
            rows[row.statement_id][row.id] = row
    withdrawn = _withdrawn_among(work, {row.report_id for by_id in rows.values() for row in by_id.values()})
    return defaultdict(
        list,
        {statement_id: [row for row in by_id.values() if row.report_id not in withdrawn] for statement_id, by_id in rows.items()},
    )


def _withdrawn_among(work: Workspace, reports: set[int]) -> set[int]:
    """The reports that were withdrawn, as the edition will leave them: what they say counts for nothing."""
    known = {record_id for record_id in reports if record_id in work.records}
    found = {record_id for record_id in known if work.records[record_id].withdrawn is not None}
    for chunk in chunks(reports - known):
        found |= set(Record.objects.filter(id__in=chunk, withdrawn__isnull=False).values_list("id", flat=True))
    return found


def _reports_of(work: Workspace, report_ids: set[int]) -> dict[int, ReportDetail]:
    found: dict[int, ReportDetail] = {}
    for chunk in chunks(report_ids):
        found |= {detail.record_id: detail for detail in ReportDetail.objects.filter(record__in=chunk)}
    found |= {detail.record_id: detail for detail in work.written(ReportDetail) if detail.record_id in report_ids}
    return found


def _responsible_for(work: Workspace, subject_ids: set[int]) -> tuple[dict[int, set[int]], dict[int, int]]:
    """Parties that answer for each subject, by the subject's speaker, and these speakers. A party answers for itself."""
    subjects = groups(work, subject_ids)
    roles = _stated(work, set(subjects), RESPONSIBLE_ROLES)
    evidence = _evidence_of(work, {role.id for role in roles})
    held = [role for role in roles if role.object_id and _is_held(role, evidence[role.id])]
    parties = speakers(work, {role.object_id for role in held if role.object_id})
    found: dict[int, set[int]] = defaultdict(set)
    for role in held:
        found[subjects[role.subject_id]].add(parties[role.object_id or 0])
    for speaker in subjects.values():
        found[speaker].add(speaker)
    return found, subjects


def _is_held(role: Statement, evidence: list[Evidence]) -> bool:
    """Whether somebody says so. Read from evidence, not from status, so that the order of editions does not matter."""
    if role.retracted or role.override in _NOT_HELD:
        return False
    return bool(role.override) or any(row.stance == "supports" for row in evidence)


def _stated(work: Workspace, subjects: set[int], predicates: frozenset[str]) -> list[Statement]:
    """Statements of these predicates about the subjects, as the edition will leave them."""
    found: dict[int, Statement] = {}
    for chunk in chunks(subjects):
        found |= {row.id: row for row in Statement.objects.filter(subject__in=chunk, predicate__in=predicates)}
    written = (row for row in work.written(Statement) if row.predicate in predicates and row.subject_id in subjects)
    return list((found | {row.id: row for row in written}).values())


def _reliance(work: Workspace, report_ids: set[int]) -> dict[int, frozenset[int]]:
    """Which reports each report relies on, as far as the origins of these reports reach."""
    links: dict[int, set[int]] = defaultdict(set)
    seen: set[int] = set()
    frontier = set(report_ids)
    while frontier:
        members = groups(work, frontier)
        seen |= set(members)
        said = [row for row in _stated(work, set(members), frozenset({"relies_on"})) if _relies(row)]
        cited = speakers(work, {row.object_id for row in said if row.object_id})
        for row in said:
            links[members[row.subject_id]].add(cited[row.object_id or 0])
        frontier = set(cited.values()) - seen
    return {report: frozenset(cited) for report, cited in links.items()}


def _relies(row: Statement) -> bool:
    """A reliance counts even where nobody is cited for it: in doubt two reports are one source."""
    return bool(row.object_id) and not row.retracted and row.override not in ("refuted", "retracted")
