"""A small world for the API: a dataset with an issue, models and products below it, a law, and one of each else."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client

from kb.exchange.importers.founding import read_folder
from kb.exchange.sync import sync
from kb.records import changes as do
from kb.records.sources import FOUNDING
from tests import build


@pytest.fixture
def api() -> Client:
    """A client that reads the API; errors of the server are raised."""
    return Client()


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    """Publish the small world."""
    crawl = build.dataset("Crawl", slug="crawl")
    pairs = build.dataset(
        "Pairs-5B", slug="pairs", aliases={"Pairs": True}, identifiers=[("doi", "10.1000/pairs")], source_keys=[("founding", "pairs")]
    )
    painter = build.model("Painter 1.5", slug="painter")
    easel = build.product("Easel", slug="easel")
    gallery = build.product("Gallery", slug="gallery")
    alone = build.dataset("Alone", slug="alone")
    build.unresolved("Painter")
    maker = build.responsible(pairs)
    bias = build.issue("Bias in Pairs", slug="bias")
    hazard = build.issue("A hazard in Pairs", code="D01", frames=["child_safety"], slug="hazard")
    act = build.law("Act on data", slug="act")
    build.publishing(
        do.AddPart(record=act.id, part="provision", fields={"locator": "Art. 1", "kind": "obligation", "gist": "Say what is in it."}),
        do.AddPart(record=act.id, part="action", fields={"date": "2024-05", "text": "Adopted.", "stage": "enacted"}),
    )
    study = build.report("=HYPERLINK(1)", url="https://example.org/study", published="2023-12", slug="study")
    edges = SimpleNamespace(
        collected=build.state(pairs, "collected_from", crawl, status="confirmed"),
        trained=build.state(
            painter, "trained_on", pairs, start="2022-10", note="As the card says.",
            evidence=[build.says(study, kind="paper", quotation="trained on it", locator="p. 3", gist="It was trained on it.")],
        ),
        used=build.state(easel, "uses_model", painter, status="corroborated"),
        guessed=build.state(gallery, "uses_model", painter, status="inferred"),
    )  # fmt: skip
    build.state(bias, "impact", pairs, qualifier="affected", status="confirmed")
    build.state(hazard, "impact", pairs, qualifier="affected")
    build.state(pairs, "figure", 585, qualifier="links")
    build.state(pairs, "rate", "3.5", qualifier="hate_content_rise_percent")
    build.state(painter, "disclosure", "not_disclosed", qualifier="training_data")
    build.state(pairs, "described_as", "A list of links.", status="needs_source")
    build.state(pairs, "released_on", "2022-03")
    return SimpleNamespace(
        crawl=crawl, pairs=pairs, painter=painter, easel=easel, gallery=gallery, alone=alone, maker=maker,
        bias=bias, hazard=hazard, act=act, study=study, edges=edges,
    )  # fmt: skip


@pytest.fixture
def founding(db: None) -> None:
    """Load the founding world."""
    sync(FOUNDING, read_folder(settings.BASE_DIR / "fixtures" / "seed"), actor="seed", reason="The founding world.")
