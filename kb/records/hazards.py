"""Which records on file the strict rules of the guard hold for: issues about unlawful material, and what is merged with them.

Records that are merged show as one, so that what is said of one of them is read as what is said of all. What an edition in
the making changes about it is kept by its workspace.
"""

from collections.abc import Iterable

from django.db.models import Q

from kb.records.issue_codes import HAZARDS
from kb.records.merged import ON_FILE, chunks, groups
from kb.records.models import Evidence, IssueDetail, Record, Statement

_CITED = ("report", "cited_in")
# A statement names a report at one end and an issue at the other: an issue was raised by a report, a report covers one.
_ENDS = (("subject", "object"), ("object", "subject"))


def hazards_among(ids: Iterable[int]) -> set[int]:
    """Return those of some records that are issues about unlawful material, or are merged with one."""
    issues: set[int] = set()
    for chunk in chunks(ids):
        issues.update(Record.objects.filter(id__in=chunk, kind="issue").values_list("id", flat=True))
    speaker_of = groups(ON_FILE, issues)
    strict: set[int] = set()
    for chunk in chunks(speaker_of):
        coded = IssueDetail.objects.filter(record__in=chunk, code__in=HAZARDS)
        strict.update(speaker_of[issue] for issue in coded.values_list("record_id", flat=True))
    return {issue for issue in issues if speaker_of[issue] in strict}


def all_hazards() -> set[int]:
    """Return every issue about unlawful material, and all that is merged with one."""
    coded = IssueDetail.objects.filter(code__in=HAZARDS)
    return set(groups(ON_FILE, coded.values_list("record_id", flat=True)))


def beside_hazards(reports: Iterable[int]) -> set[int]:
    """Return those of some reports that statements of issues about unlawful material name or rest on."""
    pairs: set[tuple[int, int]] = set()
    for chunk in chunks(reports):
        for column, issue in _ENDS:
            kinds = {f"{column}__kind": "report", f"{issue}__kind": "issue"}
            named = Statement._base_manager.filter(**{f"{column}__in": chunk}, **kinds)
            pairs.update(named.values_list(column, issue))
            for cited in _CITED:
                resting = Evidence.objects.filter(**{f"{cited}__in": chunk, f"statement__{issue}__kind": "issue"})
                pairs.update(resting.values_list(cited, f"statement__{issue}"))
    strict = hazards_among({issue for _, issue in pairs})
    return {report for report, issue in pairs if issue in strict}


def statements_of(issues: Iterable[int]) -> set[int]:
    """Return the statements at whose ends some issues stand, those that were taken back as well."""
    ends = [Q(subject__in=chunk) | Q(object__in=chunk) for chunk in chunks(issues)]
    return {number for at in ends for number in Statement._base_manager.filter(at).values_list("id", flat=True)}


def reports_of(statements: Iterable[int]) -> set[int]:
    """Return the reports that some statements name or rest on, and those in which these are cited."""
    found: set[int | None] = set()
    for chunk in chunks(statements):
        for column, _ in _ENDS:
            named = Statement._base_manager.filter(**{"id__in": chunk, f"{column}__kind": "report"})
            found.update(named.values_list(column, flat=True))
        for cited in _CITED:
            found.update(Evidence.objects.filter(statement__in=chunk).values_list(cited, flat=True))
    return {report for report in found if report is not None}
