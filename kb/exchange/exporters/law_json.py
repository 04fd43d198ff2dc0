"""The parts of a law as JSON: provisions with the dates between which they have effect, and the steps of its life."""

from typing import Annotated, TypedDict

from kb.exchange.exporters.reference import RecordReference, optional_reference
from kb.records.models import Record
from kb.records.vocabularies import PROVISION_KINDS


class ProvisionRow(TypedDict):
    """One provision of a law."""

    locator: str
    heading: str | None
    kind: Annotated[str, PROVISION_KINDS]
    gist: str
    effective_from: str | None
    effective_to: str | None
    report: RecordReference | None


class ActionRow(TypedDict):
    """One step in the life of a law."""

    date: str
    text: str
    stage: str | None
    report: RecordReference | None


def provision_rows(record: Record) -> list[ProvisionRow]:
    """Shape the provisions of a law."""
    return [
        {
            "locator": row.locator, "heading": row.heading or None, "kind": row.kind, "gist": row.gist,
            "effective_from": row.effective_from or None, "effective_to": row.effective_to or None,
            "report": optional_reference(row.report),
        }
        for row in record.provisions.select_related("report")
    ]  # fmt: skip


def action_rows(record: Record) -> list[ActionRow]:
    """Shape the steps in the life of a law."""
    return [
        {"date": row.date, "text": row.text, "stage": row.stage or None, "report": optional_reference(row.report)}
        for row in record.actions.select_related("report")
    ]
