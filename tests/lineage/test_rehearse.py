"""A rehearsal says what publishing would do, and leaves nothing behind: no row, no number, no world, no file."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.core.errors import Conflict, InvalidInput
from kb.core.safety import UnsafeText
from kb.ledger.models import Change, Counter, Edition, Head, Payload
from kb.ledger.write import current_edition
from kb.lineage import load
from kb.lineage.kept import store
from kb.lineage.load import world_at
from kb.lineage.rehearse import Rehearsal, rehearse
from kb.lineage.written import FieldChange
from kb.records import changes as do
from kb.records.models import Evidence, Record, Statement, StatementVersion
from kb.records.publish import publish, publish_run
from tests import build
from tests.lineage.test_wide_walks import everything_wide

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """LAION -> SD -> Paint."""
    laion, sd, paint = build.dataset("LAION"), build.model("SD"), build.product("Paint")
    return {
        "laion": laion, "sd": sd, "paint": paint, "trained": build.state(sd, "trained_on", laion),
        "used": build.state(paint, "uses_model", sd),
    }  # fmt: skip


def rehearsed(*changes: do.Change, refs: dict[str, int] | None = None) -> Rehearsal:
    return rehearse(lambda: publish(changes, actor="test", reason="A rehearsal.", refs=refs), refs)


def everything_written() -> list[object]:
    tables = (Head, Edition, Change, Payload, Counter, Record, Statement, StatementVersion, Evidence)
    return [list(model._base_manager.order_by("pk").values_list()) for model in tables]


def fields(rehearsal: Rehearsal, table: str) -> dict[str, tuple[object, object]]:
    (row,) = (row for row in rehearsal.row_changes if row.table == table)
    return {field.name: (field.before, field.after) for field in row.fields}


def test_nothing_stays_written_and_numbers_are_drawn_anew(world: dict[str, Any]) -> None:
    before = everything_written()
    rehearsal = rehearsed(
        do.CreateRecord(ref="new", kind="product", name="New"), do.RetractStatement(statement=world["trained"].id)
    )
    assert rehearsal.row_changes and rehearsal.lost_edges and rehearsal.consequences.below
    assert everything_written() == before
    assert build.product("Really new").public_id == "UP-P-2"


def test_a_changed_row_tells_the_columns_that_differ_and_no_others(world: dict[str, Any]) -> None:
    rehearsal = rehearsed(
        do.AmendStatement(statement=world["trained"].id, fields={"note": "Said in the card.", "rank": "preferred"})
    )
    (row,) = rehearsal.row_changes
    assert (row.action, row.record, row.about) == ("update", world["sd"], "SD (UP-M-1) was trained on LAION (UP-D-1)")
    assert set(row.fields) == {
        FieldChange("note", "note", None, "Said in the card."), FieldChange("rank", "rank", "Normal", "Preferred"),
    }  # fmt: skip


def test_a_new_row_names_the_records_it_points_to(world: dict[str, Any]) -> None:
    word = build.says(build.report("A study"), locator="p. 4")
    rehearsal = rehearsed(
        do.CreateRecord(ref="app", kind="product", name="Draw"),
        do.AddStatement(subject="app", predicate="uses_model", object=world["sd"].id, start="2022", evidence=(word,)),
    )
    assert fields(rehearsal, "records_record") == {
        "kind": (None, "Product"), "name": (None, "Draw"), "slug": (None, "draw"),
    }  # fmt: skip
    evidence = fields(rehearsal, "records_evidence")
    assert evidence["report_id"] == (None, "A study (UP-R-3)")
    assert evidence["kind"] == (None, "Journalism")
    assert {row.about for row in rehearsal.row_changes} == {"", "Draw (new) ran on SD (UP-M-1)"}
    assert [record.name for record in rehearsal.created] == ["Draw"]


def test_a_status_that_follows_from_evidence_is_among_the_rows(world: dict[str, Any]) -> None:
    audit = build.says(kind="technical_audit")
    rehearsal = rehearsed(do.AddEvidence(statement=world["trained"].id, evidence=audit))
    assert fields(rehearsal, "records_statement") == {"status": ("Reported", "Confirmed")}
    (below,) = rehearsal.consequences.below
    (shift,) = below.changed.others
    assert shift.before and shift.after
    assert (shift.record, shift.before.status, shift.after.status) == (world["sd"], "reported", "confirmed")


def test_a_row_written_in_several_editions_of_a_run_is_told_once(world: dict[str, Any]) -> None:
    def act() -> None:
        for note in ("First.", "Second."):
            publish([do.AmendStatement(statement=world["used"].id, fields={"note": note})], actor="test", reason="A run.")

    (row,) = rehearse(act).row_changes
    assert [(field.before, field.after) for field in row.fields] == [(None, "Second.")]


def test_references_are_returned_and_taken_out_again(world: dict[str, Any]) -> None:
    refs = {"known": world["sd"].id}
    rehearsal = rehearsed(do.CreateRecord(ref="new", kind="model", name="New"), refs=refs)
    assert refs == {"known": world["sd"].id}
    assert [record.id for record in rehearsal.created] == [rehearsal.refs["new"]]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda world: do.AddStatement(subject=world["sd"].id, predicate="trained_on", object=10**6), InvalidInput),
        (lambda world: do.AddStatement(subject=world["sd"].id, predicate="trained_on", object=world["laion"].id), Conflict),
    ],
)
def test_what_publishing_refuses_is_refused_in_its_own_words_and_leaves_nothing(
    world: dict[str, Any], change: Any, error: Any
) -> None:
    before, refs = everything_written(), {"known": 1}
    made = change(world)
    with pytest.raises(error) as publishing:
        build.publishing(made)
    with pytest.raises(error) as rehearsing:
        rehearsed(do.CreateRecord(ref="new", kind="model", name="New"), made, refs=refs)
    assert str(rehearsing.value) == str(publishing.value)
    assert (everything_written(), refs) == (before, {"known": 1})


def test_an_unsafe_text_comes_through_as_it_is() -> None:
    def refuse() -> None:
        raise UnsafeText("rule", "a rule")

    with pytest.raises(UnsafeText):
        rehearse(refuse)


def test_what_changes_nothing_has_no_rows_and_no_consequences(world: dict[str, Any]) -> None:
    rehearsal = rehearsed(do.AmendStatement(statement=world["used"].id, fields={"note": ""}))
    assert (rehearsal.row_changes, rehearsal.lost_edges, rehearsal.consequences.is_empty) == ((), (), True)


def test_the_first_edition_of_all_can_be_rehearsed(db: None) -> None:
    rehearsal = rehearsed(
        do.CreateRecord(ref="a", kind="model", name="A"), do.CreateRecord(ref="b", kind="dataset", name="B"),
        do.AddStatement(subject="a", predicate="trained_on", object="b"),
    )  # fmt: skip
    assert (rehearsal.before, len(rehearsal.row_changes), rehearsal.consequences.is_empty) == (0, 3, True)


# nothing stays in memory or on disk


def test_no_world_matrix_or_file_of_the_rehearsed_edition_is_kept(world: dict[str, Any]) -> None:
    def act() -> None:
        build.publishing(do.RetractStatement(statement=world["trained"].id))
        world_at()

    world_at()
    files = sorted(settings.VAR_DIR.rglob("*"))
    with everything_wide():
        rehearsal = rehearse(act)
        assert rehearsal.lost_edges and rehearsal.consequences.below
        known = set(load._worlds)
        assert known == {current_edition()}
        serials = {key[0] for key in store._values if isinstance(key, tuple)}
        held = {world_at().graph.serial, world_at().graph.base.serial}
        newest = max(held)
    assert not {serial for serial in serials if serial > newest}
    assert sorted(settings.VAR_DIR.rglob("*")) == files


def test_the_next_edition_is_not_taken_for_the_one_that_was_rehearsed(world: dict[str, Any]) -> None:
    other = build.product("Other")
    world_at()
    retract = do.RetractStatement(statement=world["trained"].id)
    assert rehearsed(retract).consequences.losing == 1
    link = build.state(other, "uses_model", world["sd"])
    assert {int(one) for one in world_at().graph.statement[world_at().graph.fresh]} == {link.id}
    assert rehearsed(retract).consequences.losing == 2


def test_a_rehearsal_leaves_the_room_of_the_columns_to_the_next_edition(world: dict[str, Any]) -> None:
    build.state(build.product("Other"), "uses_model", world["sd"])
    grown = world_at()
    build.state(build.product("Another"), "uses_model", world["sd"])
    before = world_at()
    assert before.graph.edges.whole is grown.graph.edges.whole or before.graph.edges.filled
    assert not rehearsed(do.AmendStatement(statement=world["used"].id, fields={"start": "2022"})).consequences.is_empty
    build.state(build.product("Last"), "uses_model", world["sd"])
    assert world_at().graph.edges.whole is before.graph.edges.whole


def test_what_is_asked_later_is_told_of_the_edition_that_the_rehearsal_began_from(world: dict[str, Any]) -> None:
    rehearsal = rehearsed(do.RetractStatement(statement=world["trained"].id))
    build.retract(world["used"])
    assert rehearsal.consequences.losing == 1
    assert [record.name for record in rehearsal.lost_edges[0].cut.products] == ["Paint"]  # type: ignore[union-attr]


def test_inside_the_transaction_nothing_is_walked(world: dict[str, Any]) -> None:
    """However much stands below a retracted step, as much is read while the lock is held."""
    counts = []
    for _ in range(2):
        for number in range(20):
            build.state(build.product(f"Product {number}"), "uses_model", world["sd"])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rehearsed(do.RetractStatement(statement=world["trained"].id))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_run_of_editions_is_rehearsed_whole(world: dict[str, Any]) -> None:
    changes = [do.CreateRecord(ref=f"r{number}", kind="product", name=f"P {number}") for number in range(30)]
    rehearsal = rehearse(lambda: publish_run(changes, actor="test", reason="A run."))
    assert len(rehearsal.created) == 30


def test_a_withdrawn_record_takes_its_paths_with_it(world: dict[str, Any]) -> None:
    told = rehearsed(do.WithdrawRecord(record=world["sd"].id))
    assert {(edge.child.name, edge.parent.name) for edge in told.lost_edges} == {("SD", "LAION"), ("Paint", "SD")}
    assert told.consequences.losing == 1
    assert fields(told, "records_record")["withdrawn"][0] is None
    assert date.fromisoformat(str(fields(told, "records_record")["withdrawn"][1]))
