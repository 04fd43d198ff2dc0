"""What the lost-edge alarm names: every product that a retraction, a split, a withdrawal or an undone merge cuts off."""

from typing import Any

import pytest

from kb.ledger.write import current_edition
from kb.lineage.alarm import LostEdge, lost_edges
from kb.lineage.merges import merged_at, partings
from kb.lineage.rehearse import rehearse
from kb.records import changes as do
from kb.records.models import Record
from kb.records.publish import publish
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """Copy speaks as LAION, which descends from Crawl: Paint -> SD -> Copy = LAION -> Crawl, and Draw -> Other -> LAION."""
    crawl, laion, copy = build.dataset("Crawl"), build.dataset("LAION"), build.dataset("Copy")
    sd, other, paint, draw = build.model("SD"), build.model("Other"), build.product("Paint"), build.product("Draw")
    build.state(laion, "filtered_from", crawl)
    build.state(sd, "trained_on", copy)
    build.state(other, "trained_on", laion)
    build.state(paint, "uses_model", sd)
    build.state(draw, "uses_model", other)
    build.merge(copy, laion)
    return {"crawl": crawl, "laion": laion, "copy": copy, "sd": sd, "other": other, "paint": paint, "draw": draw}


def lost_by(*changes: do.Change) -> list[LostEdge]:
    """Rehearse, publish, and demand the same answer of both."""
    rehearsed = rehearse(lambda: publish(changes, actor="test", reason="A rehearsal.")).lost_edges
    before = current_edition()
    build.publishing(*changes)
    found = lost_edges(before, current_edition())
    assert [said(edge) for edge in rehearsed] == [said(edge) for edge in found]
    return found


def said(edge: LostEdge) -> tuple[str, str, str, str, list[str]]:
    assert edge.cut is not None and edge.cut.complete
    names = [record.name for record in edge.cut.products]
    return edge.loss.how, edge.child.name, edge.reads, edge.parent.name, names


def test_an_unmerge_names_what_stays_below_one_record_and_is_lost_to_the_other(world: dict[str, Any]) -> None:
    assert [said(edge) for edge in lost_by(do.UnmergeRecord(record=world["copy"].id))] == [
        ("parted", "LAION", "was read as one with", "Copy", ["Draw"]),
        ("parted", "Copy", "was read as one with", "LAION", ["Paint"]),
    ]


def test_an_undone_merge_says_how_it_was_lost_without_a_statement(world: dict[str, Any]) -> None:
    edge = lost_by(do.UnmergeRecord(record=world["copy"].id))[0]
    assert (edge.is_parting, edge.how_in_short) == (True, "Merge taken back")
    assert edge.how == "The two records are no longer read as one."


def test_an_unmerge_that_cuts_nothing_off_raises_no_alarm(world: dict[str, Any]) -> None:
    alone = build.dataset("Alone")
    build.merge(alone, build.dataset("Another"))
    assert lost_by(do.UnmergeRecord(record=alone.id)) == []


def test_a_merge_loses_nothing(world: dict[str, Any]) -> None:
    assert lost_by(do.MergeRecord(record=world["other"].id, into=world["sd"].id)) == []


def test_a_record_that_is_merged_elsewhere_is_cut_off_from_the_first(world: dict[str, Any]) -> None:
    elsewhere = build.dataset("Elsewhere")
    found = [said(edge) for edge in lost_by(do.MergeRecord(record=world["copy"].id, into=elsewhere.id))]
    assert ("parted", "Copy", "was read as one with", "LAION", ["Paint"]) in found


def test_an_unmerge_at_the_end_of_a_chain_parts_the_whole_group(world: dict[str, Any]) -> None:
    first = build.dataset("First")
    app, model = build.product("App"), build.model("Model")
    build.state(model, "trained_on", first)
    build.state(app, "uses_model", model)
    build.merge(first, world["copy"])
    found = [said(edge) for edge in lost_by(do.UnmergeRecord(record=world["copy"].id))]
    assert ("parted", "Copy", "was read as one with", "LAION", ["App", "Paint"]) in found


def test_an_unmerge_and_a_withdrawal_in_one_change_set_name_the_product_at_both(world: dict[str, Any]) -> None:
    found = lost_by(do.UnmergeRecord(record=world["copy"].id), do.WithdrawRecord(record=world["copy"].id))
    assert ("retracted", "SD", "was trained on", "Copy", ["Paint"]) in [said(edge) for edge in found]
    assert ("parted", "Copy", "was read as one with", "LAION", ["Paint"]) in [said(edge) for edge in found]


def test_a_withdrawn_model_cuts_its_products_off_from_its_parents(world: dict[str, Any]) -> None:
    found = [said(edge) for edge in lost_by(do.WithdrawRecord(record=world["other"].id))]
    assert ("retracted", "Other", "was trained on", "LAION", ["Draw"]) in found
    assert ("retracted", "Draw", "ran on", "Other", ["Draw"]) in found


def test_a_withdrawn_report_loses_the_steps_that_it_alone_supported(world: dict[str, Any]) -> None:
    card, model = build.report("Card"), build.model("Model")
    build.state(model, "trained_on", world["laion"], evidence=[build.says(card)])
    assert [said(edge)[:4] for edge in lost_by(do.WithdrawRecord(record=card.id))] == [
        ("needs_source", "Model", "was trained on", "LAION")
    ]


def test_a_statement_that_a_split_moves_names_what_it_leaves_behind(world: dict[str, Any]) -> None:
    step = world["draw"].statements.get(predicate="uses_model")
    changes = (
        do.CreateRecord(ref="part", kind="model", name="Part", split_from=world["other"].id),
        do.MoveStatement(record=world["other"].id, statement=step.id, to="part"),
    )
    assert [said(edge) for edge in lost_by(*changes)] == [("retracted", "Draw", "ran on", "Other", ["Draw"])]


def test_what_an_edition_cut_off_stays_what_it_was_when_records_are_merged_later(world: dict[str, Any]) -> None:
    before = current_edition()
    build.publishing(do.UnmergeRecord(record=world["copy"].id))
    told = [said(edge) for edge in lost_edges(before, before + 1)]
    build.merge(world["copy"], world["laion"])
    build.merge(world["paint"], world["draw"])
    assert [said(edge) for edge in lost_edges(before, before + 1)] == told


def test_merges_are_read_as_they_stood(world: dict[str, Any]) -> None:
    merged, first = {world["copy"].id: world["laion"].id}, current_edition()
    build.publishing(do.UnmergeRecord(record=world["copy"].id))
    build.publishing(do.RenameRecord(record=world["copy"].id, name="A copy"))
    assert [merged_at(edition) for edition in (first - 1, first, first + 1, first + 2)] == [{}, merged, {}, {}]
    (parting,) = partings(0, current_edition())
    assert (parting.edition, parting.record, parting.other) == (first + 1, world["copy"].id, world["laion"].id)
    assert partings(first + 1, current_edition()) == []


def test_a_record_created_and_merged_at_once_was_merged_from_then_on(world: dict[str, Any]) -> None:
    refs: dict[str, int] = {}
    build.publishing(
        do.CreateRecord(ref="x", kind="unresolved", name="X"),
        do.MergeRecord(record="x", into=world["laion"].id),
        refs=refs,
    )
    first = current_edition()
    build.publishing(do.UnmergeRecord(record=refs["x"]))
    assert refs["x"] not in merged_at(first - 1)
    assert merged_at(first)[refs["x"]] == world["laion"].id
    assert [one.record for one in partings(first, current_edition())] == [refs["x"]]
    assert Record.objects.get(id=refs["x"]).version == 2
