"""Findings about unlawful material that nobody has published yet: they stay under embargo first (SAFETY 9).

Which code makes a finding one is said in `kb.records.issue_codes`; what an embargo does in `decide.py`.
"""

from collections.abc import Iterable, Iterator

from kb.records import changes as do
from kb.records.hazards import hazards_among
from kb.records.issue_codes import HAZARDS
from kb.records.merged import ON_FILE, groups
from kb.records.models import Evidence, Record, Statement


def is_unreported(changes: list[do.Change], *, hazard: bool) -> bool:
    """Whether a finding that changes would make rests on nothing that anybody can be shown to have published.

    A finding is a new issue, where `hazard` says that the proposal concerns unlawful material; and for an issue on file another
    record that it would affect, a code by which it becomes one, or a merge by which it speaks as one with such a finding.
    """
    findings = list(_findings(changes, hazard))
    published = _published_by(changes) | _on_file({ref for cited in findings for ref in cited})
    return any(cited.isdisjoint(published) for cited in findings)


def _findings(changes: list[do.Change], hazard: bool) -> Iterator[set[do.Ref]]:
    """For each finding the reports that it cites."""
    created = {change.ref for change in changes if isinstance(change, do.CreateRecord) and change.kind == "issue"}
    becoming: set[do.Ref] = {one.record for one in changes if isinstance(one, do.AmendDetail) and _makes_hazard(one)}
    yield from (_cited_of_issue(issue, changes) for issue in (created if hazard else set()) | becoming)
    for change in changes:
        if isinstance(change, do.AddStatement) and _says_present(change) and _is_hazard(change.subject):
            yield _cited(change)
        elif isinstance(change, do.MoveStatement) and _affects_anew(change):
            yield _cited_on_file([change.statement], changes)
        elif isinstance(change, do.MergeRecord):
            strict = {end for end in (change.record, change.into) if end in becoming or _is_hazard(end)}
            yield from (_cited_of_issue(end, changes) for end in {change.record, change.into} - strict if strict)


def _says_present(change: do.AddStatement) -> bool:
    return change.predicate == "impact" and change.qualifier != "not_affected"


def _makes_hazard(change: do.AmendDetail) -> bool:
    code = change.fields.get("code")
    return isinstance(code, str) and code in HAZARDS and not _is_hazard(change.record)


def _cited(change: do.AddStatement) -> set[do.Ref]:
    return {draft.report for draft in change.evidence}


def _affects_anew(change: do.MoveStatement) -> bool:
    """Whether an impact comes to a hazard issue, or one of such an issue to another record."""
    row = Statement.objects.filter(id=change.statement, predicate="impact").first()
    return row is not None and (_is_hazard(change.to) or _is_hazard(row.subject_id))


def _cited_of_issue(issue: do.Ref, changes: list[do.Change]) -> set[do.Ref]:
    """The reports that anything rests on which is said of an issue, or would be."""
    group: set[do.Ref] = {issue, *groups(ON_FILE, [issue] if isinstance(issue, int) else [])}
    added = [change for change in changes if isinstance(change, do.AddStatement) and change.subject in group]
    said = {report for change in added for report in _cited(change)}
    on_file = Statement.objects.filter(subject__in=[one for one in group if isinstance(one, int)], retracted=False)
    return said | _cited_on_file(on_file.values_list("id", flat=True), changes)


def _cited_on_file(statements: Iterable[int], changes: list[do.Change]) -> set[do.Ref]:
    """The reports cited on statements on file, and by what changes add there."""
    numbers = set(statements)
    added = {one.evidence.report for one in changes if isinstance(one, do.AddEvidence) and one.statement in numbers}
    return added | set(Evidence.objects.filter(statement__in=numbers).values_list("report", flat=True))


def _is_hazard(ref: do.Ref) -> bool:
    """Whether a record on file, or one that is merged with it, is an issue about unlawful material."""
    return isinstance(ref, int) and bool(hazards_among({ref}))


def _published_by(changes: list[do.Change]) -> set[do.Ref]:
    """The reports that a proposal puts on file with an address at which they were published."""
    created = [change for change in changes if isinstance(change, do.CreateRecord) and change.kind == "report"]
    return {one.ref for one in created if one.detail.get("type") != "submission" and one.detail.get("url")}


def _on_file(cited: set[do.Ref]) -> set[do.Ref]:
    numbers = [ref for ref in cited if isinstance(ref, int)]
    published = Record.objects.filter(id__in=numbers).exclude(report__type="submission").exclude(report__url="")
    return set(published.values_list("id", flat=True))
