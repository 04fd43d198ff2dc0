"""A world with a word of its own in every text on record, so that one can be taken out and hunted for."""

from datetime import date
from typing import Any

from django.apps import apps

from kb.records import changes as do
from kb.records.apply.redaction import redactable
from kb.records.models import Dispute, Statement
from tests import build

DAY = date(2024, 2, 1)


def marker(table: str, column: str) -> str:
    """The word that stands in a column of a table and nowhere else."""
    if column == "jurisdiction":
        return "zebrajurisdiction"
    return f"zebra{table.removeprefix('records_')}{column}".replace("_", "")


# The one address column has no writer yet.
MARKED = [
    (table, column) for table, (_, columns) in redactable().items() for column in columns if column != "archive_url"
]  # fmt: skip


def marked_row(table: str, column: str) -> int:
    """The row whose column holds its word."""
    model, _ = redactable()[table]
    word = marker(table, column)
    (row,) = [row for row in model._base_manager.values("id", column) if word in row[column].replace("-", "")]
    return int(row["id"])


def marked_world() -> None:
    """Publish a word of its own in every text column."""

    def m(model: str, column: str) -> str:
        return marker(f"records_{model}", column)

    refs: dict[str, int] = {}
    word = do.EvidenceDraft(
        report="study", kind="journalism", gist=f"It says {m('evidence', 'gist')}.", quotation=m("evidence", "quotation"),
        locator=m("evidence", "locator"), confidence="low", confidence_reason=m("evidence", "confidence_reason"),
    )  # fmt: skip
    harm: dict[str, Any] = {name: m("issuedetail", name) for name in ("severity_reason", "credit")}
    detail: dict[str, Any] = {name: m("legislationdetail", name) for name in ("number", "session", "official_title")}
    build.publishing(
        do.CreateRecord(ref="party", kind="party", name="Maker", detail={"type": "company"}),
        do.CreateRecord(
            ref="study", kind="report", name="Study", detail={"url": f"https://example.org/{m('reportdetail', 'url')}"}
        ),
        do.CreateRecord(
            ref="issue", kind="issue", name="Bias",
            detail=harm | {"code": "D06", "frames": ["discrimination"]},
        ),
        do.CreateRecord(
            ref="data", kind="dataset", name=f"The {m('record', 'name')}", aliases={m("name", "text"): False},
            identifiers=(("case_number", m("identifier", "value")),), source_keys=(("founding", m("sourcekey", "external_id")),),
        ),
        do.CreateRecord(ref="named", kind="model", name="Named", slug=m("record", "slug")),
        do.CreateRecord(ref="renamed", kind="model", name="Renamed", slug=m("retiredslug", "slug")),
        do.CreateRecord(
            ref="law", kind="legislation", name="Act", detail=detail | {"jurisdiction": m("legislationdetail", "jurisdiction")}
        ),
        do.AddPart(
            record="law", part="provision",
            fields={"kind": "obligation"} | {name: m("provision", name) for name in ("locator", "heading", "gist")},
        ),
        do.AddPart(record="law", part="action", fields={"date": "2024", "text": m("action", "text")}),
        do.AddStatement(
            subject="data", predicate="licence", value=m("statement", "value_text"), unit=m("statement", "unit"),
            note=m("statement", "note"), evidence=(word,),
        ),
        do.RecordReply(
            record="issue", party="party", state="received", answered=DAY, text=f"{m('reply', 'text')} […]", cut=True,
            reason=m("reply", "reason"),
        ),
        do.OpenDispute(record="issue", ground=m("dispute", "ground"), opened=DAY),
        refs=refs,
    )  # fmt: skip
    reason = {"override": "disputed", "override_reason": m("statement", "override_reason")}
    outcome = {"state": "upheld", "decided": DAY, "outcome": m("dispute", "outcome")}
    build.publishing(
        do.RenameRecord(record=refs["renamed"], slug="another-slug"),
        do.AmendStatement(statement=Statement.objects.get().id, fields=reason),
        do.AmendDispute(dispute=Dispute.objects.get().id, fields=outcome),
    )


def stored() -> str:
    """Everything in every table, as one text without hyphens."""
    tables = [model for model in apps.get_models() if not model._meta.proxy]
    return "\n".join(str(list(model._base_manager.values())) for model in tables).replace("-", "")
