"""The fields that only records of one kind have, as exports show them. A kind that is not here has none."""

from collections.abc import Callable
from typing import Annotated, TypedDict

from kb.core.vocabulary import Term, Vocabulary
from kb.exchange.exporters.reference import RecordReference, optional_reference
from kb.records.issue_codes import ISSUE_CODES
from kb.records.models import Record
from kb.records.severity import severity_of
from kb.records.vocabularies import (
    FOUND_BY,
    FRAMES,
    HARM_STATUSES,
    INDEPENDENCE,
    PARTY_TYPES,
    REPORT_STAGES,
    REPORT_TYPES,
    SEVERITIES,
)  # fmt: skip

CODE_WORDS = Vocabulary("issue code", *(Term(row.code, row.label) for row in ISSUE_CODES.values()))
# What the fields are read from, for `select_related`.
FIELD_TABLES = ("report__publisher", "issue", "legislation", "party")


class IssueFields(TypedDict):
    """The fields of an issue. Severity factors run from 0 to 3; null means not assessed."""

    code: Annotated[str, CODE_WORDS]
    code_label: str
    frames: list[Annotated[str, FRAMES]]
    harm_status: Annotated[str, HARM_STATUSES]
    found_by: Annotated[str, FOUND_BY]
    gravity: int | None
    scale: int | None
    irreversibility: int | None
    downstream_reach: int | None
    severity: Annotated[str, SEVERITIES]
    severity_label: str
    severity_reason: Annotated[str | None, "Why an editor set another word than the factors give."]
    credit: Annotated[str | None, "Whoever found it, as they asked to be named."]
    reviewers: Annotated[int, "Editors who have reviewed it."]
    awaits_editors: Annotated[bool, "Whether a finding about unlawful material still awaits its second editor."]


class ReportFields(TypedDict):
    """The fields of a report."""

    type: Annotated[str, REPORT_TYPES]
    address: Annotated[str | None, "Where the document can be read."]
    published: Annotated[str | None, "Partial date."]
    publisher: RecordReference | None
    independence: Annotated[str, INDEPENDENCE]
    stage: Annotated[str, REPORT_STAGES]


class LegislationFields(TypedDict):
    """The fields of a law or bill."""

    jurisdiction: str
    number: str | None
    session: str | None
    official_title: str | None


class PartyFields(TypedDict):
    """The fields of a party."""

    party_type: Annotated[str, PARTY_TYPES]
    country: Annotated[str | None, "ISO code."]


Fields = IssueFields | ReportFields | LegislationFields | PartyFields


def _issue_fields(record: Record) -> IssueFields:
    issue = record.issue
    return {
        "code": issue.code,
        "code_label": issue.row.label,
        "frames": list(issue.frames),
        "harm_status": issue.harm_status,
        "found_by": issue.found_by,
        "gravity": issue.gravity,
        "scale": issue.scale,
        "irreversibility": issue.irreversibility,
        "downstream_reach": issue.downstream_reach,
        "severity": severity_of(issue),
        "severity_label": SEVERITIES.label(severity_of(issue)),
        "severity_reason": issue.severity_reason or None,
        "credit": issue.credit or None,
        "reviewers": issue.reviewers,
        "awaits_editors": issue.awaits_editors,
    }


def _report_fields(record: Record) -> ReportFields:
    report = record.report
    return {
        "type": report.type,
        "address": report.url or None,
        "published": report.published or None,
        "publisher": optional_reference(report.publisher),
        "independence": report.independence,
        "stage": report.stage,
    }


def _legislation_fields(record: Record) -> LegislationFields:
    law = record.legislation
    return {
        "jurisdiction": law.jurisdiction,
        "number": law.number or None,
        "session": law.session or None,
        "official_title": law.official_title or None,
    }


def _party_fields(record: Record) -> PartyFields:
    return {"party_type": record.party.type, "country": record.party.country or None}


FIELDS_OF: dict[str, Callable[[Record], Fields]] = {
    "issue": _issue_fields,
    "report": _report_fields,
    "legislation": _legislation_fields,
    "party": _party_fields,
}
