"""The small world of the API's tests: a dataset with two issues, models and products below it, and one of each else.

It is published in three editions, since every test of the API builds it anew.
"""

from types import SimpleNamespace
from typing import Any

from kb.records import changes as do
from kb.records.models import Record, Statement
from tests.build import publishing

_RECORDS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("maker", "party", "Pairs e.V.", {"detail": {"type": "nonprofit"}}),
    ("press", "party", "The Paper", {"detail": {"type": "media"}}),
    ("daily", "party", "The Daily", {"detail": {"type": "media"}}),
    (
        "study", "report", "=HYPERLINK(1)",
        {"detail": {"url": "https://example.org/study", "published": "2023-12", "publisher": "press",
                    "independence": "original"}},
    ),
    ("news", "report", "News of the day", {"detail": {"publisher": "daily", "independence": "original"}}),
    ("crawl", "dataset", "Crawl", {}),
    (
        "pairs", "dataset", "Pairs-5B",
        {
            "aliases": {"Pairs": True}, "identifiers": (("doi", "10.1000/pairs"),),
            "source_keys": (("founding", "pairs"), ("ecosystem-graphs", "Pairs-5B")),
        },
    ),
    ("alone", "dataset", "Alone", {}),
    ("painter", "model", "Painter 1.5", {}),
    ("easel", "product", "Easel", {}),
    ("gallery", "product", "Gallery", {}),
    ("painter-name", "unresolved", "Painter", {}),
    ("bias", "issue", "Bias in Pairs", {"detail": {"code": "D06", "frames": ["discrimination"]}}),
    ("hazard", "issue", "A hazard in Pairs", {"detail": {"code": "D01", "frames": ["child_safety"]}}),
    ("act", "legislation", "Act on data", {"detail": {"jurisdiction": "EU"}}),
)  # fmt: skip
_PARTS = (
    do.AddPart(record="act", part="provision", fields={"locator": "Art. 1", "kind": "obligation", "gist": "Say what is in it."}),
    do.AddPart(record="act", part="action", fields={"date": "2024-05", "text": "Adopted.", "stage": "enacted"}),
)


def _says(report: str, kind: str, **more: Any) -> do.EvidenceDraft:
    return do.EvidenceDraft(report=report, kind=kind, **({"gist": "It says so."} | more))


def _state(subject: str, predicate: str, target: str | None = None, **more: Any) -> do.AddStatement:
    return do.AddStatement(subject=subject, predicate=predicate, object=target, **more)


_REPORTED = (_says("study", "journalism"),)
_CONFIRMED = (_says("study", "technical_audit"),)
_CORROBORATED = (_says("study", "journalism"), _says("news", "journalism"))
_INFERRED = (_says("news", "inference"),)
_AS_QUOTED = (_says("study", "paper", gist="It was trained on it.", quotation="trained on it", locator="p. 3"),)
_STATED_FIRST = (_state("pairs", "collected_from", "crawl", evidence=_CONFIRMED),)
_STATED = (
    _state("painter", "trained_on", "pairs", start="2022-10", note="As the card says.", evidence=_AS_QUOTED),
    _state("easel", "uses_model", "painter", evidence=_CORROBORATED),
    _state("gallery", "uses_model", "painter", evidence=_INFERRED),
    _state("pairs", "creator", "maker", evidence=_REPORTED),
    _state("bias", "impact", "pairs", qualifier="affected", evidence=_CONFIRMED),
    _state("hazard", "impact", "pairs", qualifier="affected", evidence=_REPORTED),
    _state("pairs", "figure", value=585, qualifier="links", evidence=_REPORTED),
    _state("pairs", "rate", value="3.5", qualifier="hate_content_rise_percent", evidence=_REPORTED),
    _state("painter", "disclosure", value="not_disclosed", qualifier="training_data", evidence=_REPORTED),
    _state("pairs", "described_as", value="A list of links."),
    _state("pairs", "released_on", value="2022-03", evidence=_REPORTED),
)


def build_world() -> SimpleNamespace:
    """Publish the world; records by their slug, and the four edges of lineage."""
    refs: dict[str, int] = {}
    records = [do.CreateRecord(ref=slug, kind=kind, name=name, slug=slug, **more) for slug, kind, name, more in _RECORDS]
    publishing(*records, *_PARTS, refs=refs)
    publishing(*_STATED_FIRST, refs=dict(refs))
    publishing(*_STATED, refs=dict(refs))
    edges = {name: Statement.objects.get(predicate=predicate, subject__slug=child) for name, predicate, child in _EDGES}
    return SimpleNamespace(edges=SimpleNamespace(**edges), **{record.slug: record for record in Record.objects.all()})


_EDGES = (
    ("collected", "collected_from", "pairs"),
    ("trained", "trained_on", "painter"),
    ("used", "uses_model", "easel"),
    ("guessed", "uses_model", "gallery"),
)
