"""What the review desk shows of a change set before it is decided: every row, every path, every issue, in careful words."""

import re
from html import unescape
from typing import Any

import pytest
from django.template.loader import render_to_string

from kb.lineage.rehearse import rehearse
from kb.records import changes as do
from kb.records.models import Record, Statement
from kb.records.publish import publish
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """LAION, with an issue -> SD -> Paint."""
    laion, sd, paint, bias = build.dataset("LAION"), build.model("SD"), build.product("Paint"), build.issue("Bias in LAION")
    build.state(bias, "impact", laion, qualifier="affected")
    build.state(paint, "uses_model", sd)
    trained = build.state(sd, "trained_on", laion)
    return {"laion": laion, "sd": sd, "paint": paint, "bias": bias, "trained": trained}


def rendered(*changes: do.Change) -> str:
    rehearsal = rehearse(lambda: publish(changes, actor="test", reason="A rehearsal."))
    html = render_to_string("components/consequences.html", {"rehearsal": rehearsal})
    assert html.count("<h3>") >= 4
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_a_lost_step_shows_what_differs_and_which_product_and_issue_lose_their_path(world: dict[str, Any]) -> None:
    text = rendered(do.RetractStatement(statement=world["trained"].id))
    assert "SD statement, changed SD (UP-M-1) was trained on LAION (UP-D-1)" in text
    assert "status Before Reported" not in text
    assert re.search(r"status Reported Retracted", text)
    assert "Steps of lineage that would be lost (1)" in text
    assert "Products that gain a documented path (0) None." in text
    assert "Products that lose it (1) No known path is left. That is not evidence that there is none." in text
    assert "No longer below LAION : Paint was reported" in text
    assert "Issues: what changes (2)" in text
    assert "Bias in LAION Paint Inherited No known path" in text


def test_a_new_product_gains_a_path_and_stands_as_new_without_a_number(world: dict[str, Any]) -> None:
    word = do.EvidenceDraft(report=build.report().id, kind="journalism", gist="Its makers say so.")
    text = rendered(
        do.CreateRecord(ref="app", kind="product", name="Draw"),
        do.AddStatement(subject="app", predicate="uses_model", object=world["sd"].id, evidence=(word,)),
    )
    assert "Products that gain a documented path (1) Descent is not presence" in text
    assert "Newly below SD : Draw new Reported" in text
    assert "Draw (new) ran on SD (UP-M-1)" in text
    assert "UP-P-2" not in text
    assert "Bias in LAION Draw new No known path Inherited" in text


def test_what_may_only_be_there_is_told_apart_from_what_is_present(world: dict[str, Any]) -> None:
    word = do.EvidenceDraft(report=build.report().id, kind="journalism", gist="Its makers say so.")
    text = rendered(
        do.CreateRecord(ref="app", kind="product", name="Draw"),
        do.AddStatement(subject="app", predicate="depends_on", object=world["sd"].id, evidence=(word,)),
    )
    assert "Bias in LAION Draw new No known path Possibly inherited" in text
    assert "Possibly inherited is never counted as present" in text


def test_words_that_would_acquit_or_accuse_are_never_used(world: dict[str, Any]) -> None:
    text = rendered(do.RetractStatement(statement=world["trained"].id)).lower()
    for words in ("not exposed", "is safe", "clean", "unaffected"):
        assert words not in text


def test_a_lead_is_told_apart_from_a_documented_path(world: dict[str, Any]) -> None:
    word = do.EvidenceDraft(report=build.report().id, kind="inference", gist="Its output looks alike.")
    text = rendered(
        do.CreateRecord(ref="app", kind="product", name="Draw"),
        do.AddStatement(subject="app", predicate="uses_model", object=world["sd"].id, evidence=(word,)),
    )
    assert "Products that gain a documented path (0) None." in text
    assert "Leads to check, counted apart 1 gained, 0 lost" in text


def test_a_change_of_words_alone_shifts_nothing(world: dict[str, Any]) -> None:
    text = rendered(do.RenameRecord(record=world["sd"].id, name="Stable Diffusion"))
    assert "name SD Stable Diffusion" in text
    assert "Issues: what changes (0) None." in text
    assert Record.objects.get(id=world["sd"].id).name == "SD"


def test_texts_of_a_proposal_are_escaped(world: dict[str, Any]) -> None:
    change = do.AmendStatement(statement=world["trained"].id, fields={"note": "<script>alert(1)</script>"})
    rehearsal = rehearse(lambda: publish([change], actor="test", reason="A rehearsal."))
    html = render_to_string("components/consequences.html", {"rehearsal": rehearsal})
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert Statement.objects.get(id=world["trained"].id).note == ""
