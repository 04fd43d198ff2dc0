"""Reviewed matches: merged, proposed and refined once, and never again what an editor has undone."""

from pathlib import Path

import pytest
import yaml

from kb.core.errors import InvalidInput
from kb.exchange.reconcile import reconcile
from kb.ledger.models import Edition
from kb.records import changes as do
from kb.records.models import Record, Statement
from kb.records.publish import publish

pytestmark = pytest.mark.django_db
SOURCE = "ecosystem-graphs"


@pytest.fixture
def world() -> dict[str, int]:
    """Ours: a dataset made with a tool. Theirs: the same dataset, which "depends on" the same tool."""
    refs: dict[str, int] = {}

    def create(ref: str, kind: str, **more: object) -> do.CreateRecord:
        keys = ((SOURCE, ref),) if ref.startswith("their") or ref == "source" else ()
        return do.CreateRecord(ref=ref, kind=kind, name=ref, source_keys=keys, **more)  # type: ignore[arg-type]

    evidence = (do.EvidenceDraft(report="source", kind="database_entry", gist="The card says so."),)
    publish(
        [
            create("source", "report", detail={"type": "database"}),
            create("our-data", "dataset", slug="our-data"),
            create("our-tool", "model", slug="our-tool"),
            create("their-data", "dataset"),
            create("their-tool", "model"),
            create("their-stub", "unresolved"),
            do.AddStatement(subject="our-data", predicate="filtered_with", object="our-tool", evidence=evidence),
            do.AddStatement(subject="their-data", predicate="depends_on", object="their-tool", evidence=evidence),
        ],
        actor="test", reason="A small world.", refs=refs,
    )  # fmt: skip
    return refs


def reviewed(folder: Path, matches: list[dict[str, object]], refined: list[dict[str, object]] | None = None) -> Path:
    content = {"source": SOURCE, "matches": matches, "refined": refined or []}
    (folder / "matches.yaml").write_text(yaml.safe_dump(content))
    return folder


def match(theirs: str, ours: str, action: str = "same") -> dict[str, object]:
    return {"theirs": theirs, "ours": ours, "action": action, "reason": "Reviewed by hand."}


REFINED: list[dict[str, object]] = [
    {"theirs": ["their-data", "their-tool"], "ours": ["our-data", "filtered_with", "our-tool"], "reason": "It was a filter."}
]


def dependency(world: dict[str, int]) -> Statement:
    return Statement.objects.get(subject=world["their-data"], predicate="depends_on")


def undo(change: do.Change) -> None:
    publish([change], actor="editor", reason="Undone.")


def test_the_same_is_merged_once(world: dict[str, int], tmp_path: Path) -> None:
    folder = reviewed(tmp_path, [match("their-data", "our-data"), match("their-stub", "our-tool")])
    assert reconcile(folder) == 2
    assert Record.objects.get(id=world["their-data"]).merged_into_id == world["our-data"]
    assert Record.objects.get(id=world["their-stub"]).merged_into_id == world["our-tool"]
    assert reconcile(folder) == 0


def test_a_merge_that_an_editor_has_undone_stays_undone(world: dict[str, int], tmp_path: Path) -> None:
    folder = reviewed(tmp_path, [match("their-data", "our-data")])
    reconcile(folder)
    undo(do.UnmergeRecord(record=world["their-data"]))
    assert reconcile(folder) == 0
    assert Record.objects.get(id=world["their-data"]).merged_into_id is None


def test_a_proposal_is_a_lead_and_merges_nothing(world: dict[str, int], tmp_path: Path) -> None:
    folder = reviewed(tmp_path, [match("their-stub", "our-data", "propose")])
    assert reconcile(folder) == 1
    lead = Statement.objects.get(predicate="possibly_same_as")
    assert (lead.subject_id, lead.object_id, lead.status) == (world["their-stub"], world["our-data"], "inferred")
    assert not Record.objects.exclude(merged_into=None).exists()
    assert reconcile(folder) == 0


def test_a_dependency_that_ours_says_more_exactly_is_deprecated_with_the_reason(world: dict[str, int], tmp_path: Path) -> None:
    folder = reviewed(tmp_path, [], REFINED)
    assert reconcile(folder) == 1
    assert dependency(world).rank == "deprecated"
    assert Edition.objects.latest("number").actor == "reconcile"
    assert reconcile(folder) == 0


def test_a_dependency_that_an_editor_has_put_back_stays(world: dict[str, int], tmp_path: Path) -> None:
    folder = reviewed(tmp_path, [], REFINED)
    reconcile(folder)
    undo(do.AmendStatement(statement=dependency(world).id, fields={"rank": "normal"}))
    assert reconcile(folder) == 0
    assert dependency(world).rank == "normal"


def test_nothing_is_deprecated_where_our_statement_is_retracted(world: dict[str, int], tmp_path: Path) -> None:
    ours = Statement.objects.get(predicate="filtered_with")
    undo(do.RetractStatement(statement=ours.id))
    assert reconcile(reviewed(tmp_path, [], REFINED)) == 0
    assert dependency(world).rank == "normal"


def test_matches_whose_records_are_not_on_file_wait(world: dict[str, int], tmp_path: Path) -> None:
    absent: list[dict[str, object]] = [REFINED[0] | {"theirs": ["their-data", "nothing"]}]
    assert reconcile(reviewed(tmp_path, [match("nothing", "our-data"), match("their-data", "nothing")], absent)) == 0


@pytest.mark.parametrize(
    "content",
    [
        "source: x\n",
        "source: x\nmatches: [{theirs: a}]\n",
        "a: [\n",
        "source: x\nmatches: []\nrefined: [{theirs: [a], ours: b}]\n",
    ],
)
def test_a_malformed_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "bad.yaml").write_text(content)
    with pytest.raises(InvalidInput, match=r"reconcile/bad\.yaml"):
        reconcile(tmp_path)


def test_an_unknown_action_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is not an action"):
        reconcile(reviewed(tmp_path, [match("a", "b", "guess")]))
