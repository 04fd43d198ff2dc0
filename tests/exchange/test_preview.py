"""The lost-edge alarm: what falls off downstream is told before it is published, and needs a public reason."""

from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from kb.exchange.preview import foresee_changes
from kb.exchange.preview import told as told_in_words
from kb.ledger.history import reason_of
from kb.ledger.models import Change, Counter, Edition, Payload
from kb.ledger.write import current_edition
from kb.lineage.alarm import Cut, LostEdge, lost_edges
from kb.records import changes as do
from kb.records.models import Evidence, Record, SourceRun, Statement
from tests import build

pytestmark = pytest.mark.django_db
CODE = "ecosystem-graphs"


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """LAION -> SD -> Paint, Draw; and Draw also -> Other -> LAION."""
    laion, sd, other = build.dataset("LAION"), build.model("SD"), build.model("Other")
    paint, draw = build.product("Paint"), build.product("Draw")
    trained = build.state(sd, "trained_on", laion)
    build.state(other, "trained_on", laion)
    build.state(paint, "uses_model", sd)
    build.state(draw, "uses_model", sd)
    build.state(draw, "uses_model", other)
    return {"laion": laion, "sd": sd, "paint": paint, "draw": draw, "trained": trained}


def products(edge: LostEdge) -> list[str]:
    assert edge.cut is not None
    return [record.name for record in edge.cut.products]


def everything_written() -> list[object]:
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (Edition, Change, Payload, Counter, Record, Statement, Evidence)
    ]


def test_a_retraction_cuts_off_only_what_has_no_other_path(world: dict[str, Any]) -> None:
    (lost,) = foresee_changes([do.RetractStatement(statement=world["trained"].id)])
    assert (lost.loss.how, lost.child.name, lost.parent.name) == ("retracted", "SD", "LAION")
    assert products(lost) == ["Paint"]


def test_a_preview_writes_nothing(world: dict[str, Any]) -> None:
    before = everything_written()
    foresee_changes([do.RetractStatement(statement=world["trained"].id)])
    assert everything_written() == before


def test_a_replaced_step_whose_replacement_stands_cuts_nothing_off(world: dict[str, Any]) -> None:
    build.state(world["sd"], "finetuned_on", world["laion"])
    (lost,) = foresee_changes([do.AmendStatement(statement=world["trained"].id, fields={"rank": "deprecated"})])
    assert (lost.loss.how, products(lost)) == ("deprecated", [])


def test_closing_the_last_support_is_a_loss_though_the_statement_stands(world: dict[str, Any]) -> None:
    close = {"last_seen": date(2026, 1, 1)}
    (row,) = Evidence.objects.filter(statement=world["trained"])
    (lost,) = foresee_changes([do.AmendEvidence(evidence=row.id, fields=close)])
    assert (lost.loss.how, products(lost)) == ("unasserted", ["Paint"])
    build.add_evidence(world["trained"], build.says())
    assert foresee_changes([do.AmendEvidence(evidence=row.id, fields=close)]) == []


def test_a_dispute_without_support_that_refutes_is_a_loss(world: dict[str, Any]) -> None:
    claim = build.state(world["paint"], "built_on_product", world["draw"], evidence=[build.says(stance="disputes")])
    (lost,) = foresee_changes(
        [do.AddEvidence(statement=claim.id, evidence=build.says(kind="technical_audit", stance="disputes"))]
    )
    assert (lost.loss.how, lost.loss.statement) == ("refuted", claim.id)


def test_a_tool_that_carries_nothing_cuts_nothing_off(world: dict[str, Any]) -> None:
    clip = build.model("CLIP")
    tool = build.state(world["laion"], "filtered_with", clip)
    (lost,) = foresee_changes([do.RetractStatement(statement=tool.id)])
    assert products(lost) == []


def test_what_only_the_family_led_to_is_cut_off_with_it(world: dict[str, Any]) -> None:
    family, app = build.model("SD family"), build.product("App of the family")
    member = build.state(world["sd"], "version_of", family)
    build.state(app, "uses_model", family)
    (lost,) = foresee_changes([do.RetractStatement(statement=member.id)])
    assert products(lost) == ["App of the family"]


def test_a_statement_that_is_no_lineage_raises_no_alarm(world: dict[str, Any]) -> None:
    size = build.state(world["laion"], "figure", 5, qualifier="links")
    assert foresee_changes([do.RetractStatement(statement=size.id)]) == []


def test_an_edge_that_is_lost_and_brought_back_in_a_later_edition_counts_in_the_first_alone(world: dict[str, Any]) -> None:
    before = current_edition()
    (row,) = Evidence.objects.filter(statement=world["trained"])
    for seen in (date(2026, 1, 1), None):
        build.publishing(do.AmendEvidence(evidence=row.id, fields={"last_seen": seen}))
    assert [edge.loss.edition for edge in lost_edges(before, current_edition())] == [before + 1]
    assert lost_edges(before + 1, current_edition()) == []


def test_an_unmerge_is_foreseen_with_the_products_that_it_cuts_off(world: dict[str, Any]) -> None:
    copy, app = build.dataset("Copy"), build.product("App")
    build.state(app, "retrieves_over", copy)
    build.merge(copy, world["laion"])
    found = foresee_changes([do.UnmergeRecord(record=copy.id)])
    assert ("Copy", "LAION", ["App"]) in [(edge.child.name, edge.parent.name, products(edge)) for edge in found]
    told = "\n".join(told_in_words(found))
    assert "Copy was read as one with LAION: merge taken back." in told
    assert "statement" not in told


def test_a_withdrawal_is_foreseen(world: dict[str, Any]) -> None:
    found = foresee_changes([do.WithdrawRecord(record=world["sd"].id)])
    assert {(edge.child.name, edge.parent.name) for edge in found} == {("SD", "LAION"), ("Paint", "SD"), ("Draw", "SD")}


def test_whoever_turns_out_to_answer_for_a_record_may_refute_what_is_said_of_it(world: dict[str, Any]) -> None:
    maker = build.party("Maker")
    claim = build.state(
        world["paint"], "built_on_product", world["draw"],
        evidence=[build.says(kind="official_disclosure", stance="disputes", said_by=maker)],
    )  # fmt: skip
    assert claim.status == "disputed"
    role = do.AddStatement(subject=world["paint"].id, predicate="creator", object=maker.id, evidence=(build.says(),))
    (lost,) = foresee_changes([role])
    assert (lost.loss.how, lost.loss.statement) == ("refuted", claim.id)


def test_changes_that_only_add_are_not_tried_out(world: dict[str, Any], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert foresee_changes([
            do.CreateRecord(ref="new", kind="product", name="New"),
            do.AddStatement(subject="new", predicate="creator", object=world["sd"].id),
            do.AddStatement(subject=world["paint"].id, predicate="embeds", object=world["sd"].id),
            do.AddAlias(record=world["sd"].id, text="S D"),
        ]) == []  # fmt: skip


# the commands


ASSETS: list[dict[str, Any]] = [
    {"name": "Data", "type": "dataset", "organization": "Acme", "dependencies": []},
    {"name": "Big", "type": "model", "organization": "Acme", "dependencies": ["Data"]},
    {"name": "App", "type": "application", "organization": "Acme", "dependencies": ["Big"]},
]
WITHOUT = [asset | {"dependencies": []} if asset["name"] == "Big" else asset for asset in ASSETS]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source that was imported, and then said less."""
    (tmp_path / "base" / "fixtures" / "reconcile").mkdir(parents=True)
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path / "base")
    (tmp_path / "assets").mkdir()
    for assets in (ASSETS, WITHOUT):
        (tmp_path / "assets" / "acme.yaml").write_text(yaml.safe_dump(assets), encoding="utf-8")
        if assets is ASSETS:
            run(tmp_path)
    return tmp_path


def run(folder: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_source", CODE, str(folder), *options, stdout=out)
    return out.getvalue()


def test_the_preview_of_an_import_names_the_step_and_the_products_and_publishes_nothing(folder: Path) -> None:
    before, runs = everything_written(), SourceRun.objects.count()
    told = run(folder, "--preview")
    assert "Preview: nothing was published." in told
    assert "1 step of lineage would be lost." in told
    assert "Big depends on Data" in told
    assert "no longer asserted" in told
    assert "Without this step no other known path to Data is left for App (UP-P-1)." in told
    assert "--reason" in told
    assert (everything_written(), SourceRun.objects.count()) == (before, runs)


def test_products_that_were_only_leads_are_told_apart_from_those_with_a_documented_path(folder: Path) -> None:
    run(folder, "--reason", "Acme took the line out of its card.")
    edge = lost_edges(0, current_edition())[0]
    products = tuple(Record(id=number, kind="product", number=number, name=name) for number, name in ((1, "App"), (2, "Hint")))
    lines = list(told_in_words([replace(edge, cut=Cut(products, of_documented=frozenset({1})))]))
    assert lines[2] == (
        "  Without this step no other known path to Data is left for App (UP-P-1). "
        "Products whose path was only a lead to check, or disputed, and ends with it: Hint (UP-P-2)."
    )


def test_an_import_that_loses_steps_is_refused_without_a_reason_and_nothing_is_published(folder: Path) -> None:
    before = everything_written()
    with pytest.raises(CommandError, match=r"This would lose 1 step of lineage; nothing was published\..*--reason"):
        run(folder)
    assert everything_written() == before


def test_the_reason_given_is_the_reason_of_the_edition(folder: Path) -> None:
    run(folder, "--reason", "Acme took the line out of its card.")
    newest = Edition.objects.get(number=current_edition())
    assert reason_of(newest) == "Acme took the line out of its card."
    assert [edge.loss.edition for edge in lost_edges(0, current_edition())] == [newest.number]


def test_an_import_that_loses_nothing_needs_no_reason_and_its_preview_says_so(folder: Path) -> None:
    (folder / "assets" / "acme.yaml").write_text(yaml.safe_dump(ASSETS), encoding="utf-8")
    assert "0 steps of lineage would be lost." in run(folder, "--preview")
    assert "0 changes published" in run(folder)


def test_the_seed_can_be_previewed_too(db: None) -> None:
    out = StringIO()
    call_command("seed", "--preview", stdout=out)
    assert "Preview: nothing was published." in out.getvalue()
    assert not Record.objects.exists()
