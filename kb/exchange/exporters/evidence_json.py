"""Evidence as exports show it: every source's word on a statement, in a row of its own."""

from datetime import date
from typing import Annotated, TypedDict

from kb.exchange.exporters.reference import RecordReference, optional_reference, record_reference
from kb.records.models import Evidence
from kb.records.vocabularies import CONFIDENCES, EVIDENCE_KINDS, STANCES


class EvidenceRow(TypedDict):
    """One source's word on one statement. What is not recorded is null."""

    report: Annotated[RecordReference, "The document that says so."]
    address: Annotated[str | None, "Where the document can be read."]
    publisher: RecordReference | None
    published: Annotated[str | None, "Partial date: YYYY, YYYY-MM or YYYY-MM-DD."]
    kind: Annotated[str, EVIDENCE_KINDS]
    stance: Annotated[str, STANCES]
    gist: Annotated[str, "What the source says, in Upstream's words."]
    quotation: Annotated[str | None, "The source's own words, at most 300 characters."]
    locator: Annotated[str | None, "Where in the document."]
    said_by: Annotated[RecordReference | None, "Whose word it is, where that is not the publisher."]
    cited_in: Annotated[RecordReference | None, "The document in which it was read, where the report itself was not."]
    start: Annotated[str | None, "When it began to be so, according to this source; a partial date."]
    end: Annotated[str | None, "When it ceased to be so, according to this source; a partial date."]
    confidence: Annotated[str | None, CONFIDENCES]
    confidence_reason: str | None
    accessed: Annotated[str | None, "Day on which the source was read."]
    last_checked: Annotated[str | None, "Day on which the source was last found to say so."]
    first_seen: Annotated[str | None, "Day on which the source was first seen to say so."]
    last_seen: Annotated[str | None, "Day from which the source no longer said so; null while it does."]
    archive_url: str | None


def evidence_row(row: Evidence) -> EvidenceRow:
    """Shape one piece of evidence, read with its report, publisher and voice."""
    detail = row.report.report
    return {
        "report": record_reference(row.report),
        "address": detail.url or None,
        "publisher": optional_reference(detail.publisher),
        "published": detail.published or None,
        "kind": row.kind,
        "stance": row.stance,
        "gist": row.gist,
        "quotation": row.quotation or None,
        "locator": row.locator or None,
        "said_by": optional_reference(row.said_by),
        "cited_in": optional_reference(row.cited_in),
        "start": row.start or None,
        "end": row.end or None,
        "confidence": row.confidence or None,
        "confidence_reason": row.confidence_reason or None,
        "accessed": day(row.accessed),
        "last_checked": day(row.last_checked),
        "first_seen": day(row.first_seen),
        "last_seen": day(row.last_seen),
        "archive_url": row.archive_url or None,
    }


def day(value: date | None) -> str | None:
    """Write a day as YYYY-MM-DD."""
    return value.isoformat() if value else None
