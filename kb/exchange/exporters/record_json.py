"""Records as exports show them: what they are called, where they come from, and the fields of their kind."""

from collections.abc import Callable
from typing import Annotated, TypedDict

from kb.core.vocabulary import Term, Vocabulary
from kb.exchange.exporters.reference import RecordReference, optional_reference, record_reference
from kb.records.identifiers import SCHEMES, identifier_link
from kb.records.issue_codes import ISSUE_CODES
from kb.records.models import Record
from kb.records.sources import SOURCES
from kb.records.vocabularies import FOUND_BY, FRAMES, HARM_STATUSES, INDEPENDENCE, PARTY_TYPES, REPORT_STAGES, REPORT_TYPES

SCHEME_WORDS = Vocabulary("identifier scheme", *(Term(scheme.code, scheme.label) for scheme in SCHEMES.values()))
CODE_WORDS = Vocabulary("issue code", *(Term(row.code, row.label) for row in ISSUE_CODES.values()))
SOURCE_WORDS = Vocabulary("source", *(Term(source.code, source.title) for source in SOURCES.values()))


class NameRow(TypedDict):
    """Another name of a record."""

    text: str
    ambiguous: Annotated[bool, "Whether the name also means other things."]


class IdentifierRow(TypedDict):
    """An identifier in somebody else's scheme."""

    scheme: Annotated[str, SCHEME_WORDS]
    label: Annotated[str, "What the scheme is called."]
    value: str
    link: Annotated[str | None, "Where the identifier leads, if its scheme has public addresses."]


class SourceRow(TypedDict):
    """Where a record comes from."""

    source: Annotated[str, SOURCE_WORDS]
    external_id: Annotated[str, "What the source calls the record."]
    title: str
    licence: Annotated[str, "The licence under which facts were taken."]
    note: Annotated[str, "Whether Upstream has reviewed it."]


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


class RecordRow(RecordReference):
    """A record as lists show it."""

    names: list[NameRow]
    identifiers: list[IdentifierRow]
    fields: Annotated[Fields | None, "The fields that only records of its kind have."]
    sources: list[SourceRow]
    edition: Annotated[int, "The edition that last changed the record itself."]


def record_row(record: Record) -> RecordRow:
    """Shape a record read by `with_details`."""
    shape = _FIELDS.get(record.kind)
    return {
        **record_reference(record),
        "names": [{"text": name.text, "ambiguous": name.ambiguous} for name in record.names.all()],
        "identifiers": [_identifier_row(one.scheme, one.value) for one in record.identifiers.all()],
        "fields": shape(record) if shape else None,
        "sources": [_source_row(key.source, key.external_id) for key in record.source_keys.all()],
        "edition": record.edition,
    }


def _identifier_row(scheme: str, value: str) -> IdentifierRow:
    return {"scheme": scheme, "label": SCHEME_WORDS.label(scheme), "value": value, "link": identifier_link(scheme, value) or None}


def _source_row(code: str, external_id: str) -> SourceRow:
    source = SOURCES[code]
    return {
        "source": code, "external_id": external_id, "title": source.title, "licence": source.licence, "note": source.note,
    }  # fmt: skip


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


_FIELDS: dict[str, Callable[[Record], Fields]] = {
    "issue": _issue_fields,
    "report": _report_fields,
    "legislation": _legislation_fields,
    "party": _party_fields,
}
