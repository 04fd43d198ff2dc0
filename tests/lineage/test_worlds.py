"""From rows to a world: merges read canonically, the past stands, and what does not hold draws no edge."""

import pytest

from kb.core.dates import PartialDate
from kb.core.errors import InvalidInput
from kb.ledger.models import Change
from kb.ledger.write import current_edition, purge
from kb.lineage.graph import AFTER_ALL, BEFORE_ALL, Filters
from kb.lineage.load import World, forget_worlds, world_at
from kb.records import changes as do
from kb.records.models import Record
from tests import build

pytestmark = pytest.mark.django_db


def joined(edition: int | None = None) -> set[tuple[int, int]]:
    """Child and parent of every edge that may be followed at an edition."""
    graph = world_at(edition).graph
    followed = graph.mask(Filters())
    return {
        (int(graph.ids[child]), int(graph.ids[parent]))
        for child, parent in zip(graph.child[followed], graph.parent[followed], strict=True)
    }


def edge_dates(world: World) -> tuple[int, int]:
    (start,), (end,) = world.graph.start, world.graph.end
    return int(start), int(end)


def test_a_statement_of_descent_is_an_edge_from_child_to_parent():
    laion, sd = build.dataset("LAION"), build.model("SD")
    build.state(sd, "trained_on", laion, status="confirmed")
    assert joined() == {(sd.id, laion.id)}
    graph = world_at().graph
    assert [graph.kind_of(node) for node in range(graph.size)] == ["dataset", "model"]


def test_records_of_other_kinds_are_no_nodes():
    build.party("LAION e.V.")
    laion = build.dataset("LAION")
    world = world_at()
    assert world.graph.size == 1
    assert world.graph.index_of(laion.id) == 0
    assert world.graph.index_of(laion.id + 1000) is None


def test_a_new_edition_gives_a_new_world():
    laion, sd = build.dataset("LAION"), build.model("SD")
    assert joined() == set()
    build.state(sd, "trained_on", laion)
    assert joined() == {(sd.id, laion.id)}


def test_the_world_of_an_edition_is_kept():
    build.dataset("LAION")
    assert world_at() is world_at(current_edition())


def test_a_merged_record_is_read_as_the_one_that_speaks_for_it_and_undoing_gives_the_old_answer():
    laion, sd, name = build.dataset("LAION"), build.model("SD"), build.unresolved("laion5b")
    build.state(sd, "depends_on", name)
    before = joined()
    build.merge(name, laion)
    assert joined() == {(sd.id, laion.id)}
    assert world_at().speaker(name.id) == laion.id
    assert world_at().graph.index_of(name.id) is None
    build.publishing(do.UnmergeRecord(record=name.id))
    assert joined() == before == {(sd.id, name.id)}


def test_merges_of_merges_are_read_as_the_last_of_them():
    sd, first, second, third = (build.model(name) for name in ("SD", "A", "B", "C"))
    build.state(sd, "finetuned_from", first)
    build.merge(first, second)
    build.merge(second, third)
    assert joined() == {(sd.id, third.id)}


def test_two_ends_that_are_merged_become_a_self_loop_and_do_no_harm():
    first, second = build.model("A"), build.model("B")
    build.state(first, "finetuned_from", second)
    build.merge(second, first)
    assert joined() == {(first.id, first.id)}


def test_a_past_edition_gives_its_own_answer_whatever_came_after():
    laion, sd, other = build.dataset("LAION"), build.model("SD"), build.model("Other")
    link = build.state(sd, "trained_on", laion)
    then = current_edition()
    build.state(other, "trained_on", laion)
    build.retract(link)
    build.merge(other, sd)
    build.dataset("Newcomer")
    assert joined(then) == {(sd.id, laion.id)}
    assert world_at(then).graph.size == 3
    assert joined() == {(sd.id, laion.id)}
    assert world_at().graph.size == 3
    assert joined(current_edition() - 2) == {(other.id, laion.id)}


def test_a_past_edition_is_the_same_before_and_after_it_is_past():
    laion, sd = build.dataset("LAION"), build.model("SD")
    link = build.state(sd, "trained_on", laion, status="reported")
    then, before = current_edition(), world_at()
    build.add_evidence(link, build.says(kind="technical_audit"))
    after = world_at(then)
    assert after is before
    forget_worlds()
    assert world_at(then).graph.strength.tolist() == before.graph.strength.tolist()
    assert world_at().graph.strength.tolist() != before.graph.strength.tolist()


@pytest.mark.parametrize("edition", [0, -1, 10_000])
def test_an_edition_that_does_not_exist_is_refused(edition):
    build.dataset("LAION")
    with pytest.raises(InvalidInput, match="Editions run from 1 to"):
        world_at(edition)


@pytest.mark.parametrize("status", ["needs_source", "refuted"])
def test_what_does_not_hold_is_not_followed(status):
    build.state(build.model("SD"), "trained_on", build.dataset("LAION"), status=status)
    assert joined() == set()


def test_a_retracted_statement_is_not_followed():
    build.retract(build.state(build.model("SD"), "trained_on", build.dataset("LAION"), status="confirmed"))
    assert joined() == set()


def test_a_statement_of_deprecated_rank_is_left_out_until_it_is_ranked_again():
    link = build.state(build.model("SD"), "depends_on", build.dataset("LAION"))
    before = joined()
    build.amend(link, rank="deprecated")
    assert joined() == set()
    build.amend(link, rank="normal")
    assert joined() == before


def test_an_impact_of_deprecated_rank_accuses_nobody():
    laion, issue = build.dataset("LAION"), build.issue("Bias")
    impact = build.state(issue, "impact", laion, qualifier="affected")
    assert len(world_at().impacts[issue.id]) == 1
    build.amend(impact, rank="deprecated")
    assert world_at().impacts == {}


def test_an_impact_on_a_merged_record_or_of_a_merged_issue_is_read_canonically():
    laion, other = build.dataset("LAION"), build.dataset("laion")
    issue, double = build.issue("Bias"), build.issue("Bias again")
    build.state(double, "impact", other, qualifier="affected")
    build.merge(other, laion)
    build.merge(double, issue)
    world = world_at()
    (impact,) = world.impacts[issue.id]
    assert world.graph.ids[impact.node] == laion.id


@pytest.mark.parametrize(
    ("predicate", "start", "end", "first", "last"),
    [
        ("trained_on", "", "", None, None),
        ("trained_on", "2022", "", "2022-01-01", "2022-12-31"),
        ("trained_on", "2021-09", "2022-03", "2021-09-01", "2022-03-31"),
        ("trained_on", "", "2022", None, "2022-12-31"),
        ("version_of", "2022-08-22", "", "2022-08-22", None),
    ],
)
def test_an_event_with_one_date_happened_then_and_membership_goes_on(predicate, start, end, first, last):
    parent = build.model("SD") if predicate == "version_of" else build.dataset("LAION")
    build.state(build.model("SD 1.5"), predicate, parent, start=start, end=end)
    assert edge_dates(world_at()) == (ordinal(first, BEFORE_ALL), ordinal(last, AFTER_ALL))


@pytest.mark.parametrize(("start", "end", "last"), [("2022", "", None), ("2022", "2023-04", "2023-04-30")])
def test_a_use_goes_on_until_its_end(start, end, last):
    build.state(build.product("App"), "uses_model", build.model("SD"), start=start, end=end)
    assert edge_dates(world_at()) == (ordinal("2022-01-01", 0), ordinal(last, AFTER_ALL))


def ordinal(text: str | None, unknown: int) -> int:
    return PartialDate.parse(text).earliest.toordinal() if text else unknown


@pytest.mark.parametrize("state", ["not_disclosed", "withheld", "withdrawn"])
def test_silence_about_training_data_is_on_record(state):
    midjourney = build.model("Midjourney")
    build.state(midjourney, "disclosure", state, qualifier="training_data")
    assert world_at().undisclosed == {midjourney.id}


@pytest.mark.parametrize("state", ["disclosed", "partly_disclosed", "unknown"])
def test_a_disclosure_is_no_silence(state):
    build.state(build.model("M"), "disclosure", state, qualifier="training_data")
    assert world_at().undisclosed == frozenset()


def test_silence_about_another_topic_is_not_silence_about_training_data():
    build.state(build.model("M"), "disclosure", "not_disclosed", qualifier="compute")
    assert world_at().undisclosed == frozenset()


@pytest.mark.parametrize("more", [{"status": "needs_source"}, {"status": "refuted"}, {"rank": "deprecated"}, {"end": "2024"}])
def test_silence_that_is_unsourced_refuted_deprecated_or_over_is_laid_on_nobody(more):
    build.state(build.model("M"), "disclosure", "not_disclosed", qualifier="training_data", **more)
    assert world_at().undisclosed == frozenset()


def test_an_edge_to_a_record_that_was_purged_is_dropped_and_joins_no_neighbour():
    laion, sd, other = build.dataset("LAION"), build.model("SD"), build.model("Other")
    build.state(sd, "trained_on", laion)
    build.state(other, "trained_on", laion)
    then = current_edition()
    build.publishing(do.RenameRecord(record=sd.id, name="Stable Diffusion"))
    announced = Change.objects.filter(table=Record._meta.db_table, row_id=sd.id, edition__lte=then)
    purge(announced.values_list("sequence", flat=True), actor="test", reason="A test purges a name.")
    assert joined(then) == {(other.id, laion.id)}


def test_a_hub_with_many_children_is_normal_input(django_assert_max_num_queries):
    laion = build.dataset("LAION")
    refs: dict[str, int] = {}
    report = build.report()
    changes: list[do.Change] = []
    for number in range(300):
        changes += [
            do.CreateRecord(ref=f"m{number}", kind="model", name=f"Model {number}"),
            do.AddStatement(
                subject=f"m{number}", predicate="trained_on", object=laion.id, evidence=(build.says(report),)
            ),
        ]  # fmt: skip
    build.publishing(*changes, refs=refs)
    with django_assert_max_num_queries(6):
        assert len(joined()) == 300
