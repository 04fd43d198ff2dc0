"""VOCABULARY 1, the rules of descent: each sentence once, on a graph that fits on a line."""

import pytest

from kb.lineage.graph import CARRIES, PREDICATE_CODES, Filters
from kb.lineage.paths import best_paths
from kb.records.predicates import LINEAGE
from kb.records.status import STRENGTH
from tests.lineage.reference import CARRIES_OF, USES
from tests.lineage.small import Small, day


def test_every_relation_carries_what_the_vocabulary_says():
    assert {code: row.carries for code, row in LINEAGE.items()} == {
        code: carries for code, carries in CARRIES_OF.items() if code != "version_of"
    }


def test_only_uses_end_with_their_dates():
    assert {code for code, row in LINEAGE.items() if row.is_use} == USES


def test_family_membership_is_no_relation_of_descent():
    assert "version_of" not in LINEAGE
    assert set(PREDICATE_CODES) == {*LINEAGE, "version_of"}


def test_a_mere_dependency_is_followed_and_carries_nobody_knows_what():
    (node,) = Small("SD depends_on LAION confirmed").drawn("LAION", "downstream")
    assert (node.name, node.status, node.carries) == ("SD", "confirmed", "unknown")


def test_strength_is_status_only():
    order = ["confirmed", "corroborated", "reported", "inferred", "disputed"]
    assert sorted(order, key=lambda status: -STRENGTH[status]) == order


@pytest.mark.parametrize("status", ["needs_source", "refuted", "retracted"])
def test_what_is_unsourced_refuted_or_retracted_is_never_followed(status):
    small = Small(f"SD trained_on LAION {status}", f"CLIP evaluated_on LAION {status}")
    assert small.below("LAION") == {}
    assert small.outline("LAION", "downstream").not_carried == ()
    assert small.classes("LAION affected") == {"LAION": "present"}


def test_a_path_is_as_strong_as_its_weakest_edge():
    small = Small("B trained_on A confirmed", "C finetuned_from B disputed", "D finetuned_from C confirmed")
    assert small.below("A") == {"B": "confirmed", "C": "disputed", "D": "disputed"}


def test_of_several_paths_the_strongest_is_the_answer():
    small = Small("P uses_model B inferred", "P uses_model C reported", "B trained_on A confirmed", "C finetuned_from B reported")
    assert {node.name: node.path for node in small.drawn("A", "downstream")}["P"] == [3, 4, 2]


def test_of_equally_strong_paths_the_shortest_is_the_answer():
    small = Small("C finetuned_from B", "B finetuned_from A", "C finetuned_from A")
    assert {node.name: node.path for node in small.drawn("A", "downstream")}["C"] == [3]


def test_a_shorter_and_weaker_path_is_listed_after_the_strongest():
    small = Small("B finetuned_from A confirmed", "C finetuned_from B confirmed", "C depends_on A disputed")
    found = best_paths(small.graph, small.node("A"), small.node("C"), "downstream", Filters())
    assert [[int(small.graph.statement[edge]) for edge in path] for path in found.paths] == [[1, 2], [3]]


def test_what_is_carried_is_told_and_never_ranked():
    small = Small("C depends_on A confirmed", "C trained_on A reported")
    (node,) = small.drawn("A", "downstream")
    assert (node.status, node.carries, node.path) == ("confirmed", "unknown", [1])


def test_a_path_carries_as_little_as_its_least_carrying_edge():
    small = Small("B subset_of A", "C trained_on B", "D depends_on C")
    assert {node.name: node.carries for node in small.drawn("A", "downstream")} == {
        "B": "partial", "C": "partial", "D": "unknown",
    }  # fmt: skip


def test_depth_is_the_fewest_steps_even_where_a_longer_path_is_the_answer():
    small = Small("B finetuned_from A confirmed", "C finetuned_from B confirmed", "C depends_on A disputed")
    found = {node.name: node for node in small.drawn("A", "downstream")}["C"]
    assert (found.depth, found.status, found.path) == (1, "confirmed", [1, 2])


def test_asked_for_a_depth_the_best_path_is_the_best_within_it():
    small = Small("B finetuned_from A confirmed", "C finetuned_from B confirmed", "C depends_on A disputed")
    assert small.below("A", depth=1) == {"B": "confirmed", "C": "disputed"}


@pytest.mark.parametrize("predicate", sorted(LINEAGE))
def test_closures_follow_what_carries_in_full_in_part_or_nobody_knows_what(predicate):
    small = Small(f"B {predicate} A", "C depends_on B")
    carries = CARRIES_OF[predicate]
    assert set(small.below("A")) == (set() if carries == "none" else {"B", "C"})
    assert set(small.above("C")) == ({"B"} if carries == "none" else {"A", "B"})
    assert CARRIES[int(small.graph.carries[0])] == carries


def test_a_tool_is_shown_one_step_from_the_root_and_not_counted():
    small = Small("LAION filtered_with CLIP", "SD trained_on LAION", "CLIP evaluated_on Bench")
    from_clip, from_laion, from_sd = (
        small.outline("CLIP", "downstream"), small.outline("LAION", "upstream"), small.outline("SD", "upstream"),
    )  # fmt: skip
    assert from_clip.nodes == from_clip.lead_nodes == ()
    assert [edge.statement for edge in from_clip.not_carried] == [1]
    assert [edge.statement for edge in from_laion.not_carried] == [1]
    assert from_laion.nodes == ()
    assert from_sd.not_carried == ()


def test_no_issue_travels_along_what_carries_nothing():
    small = Small("LAION filtered_with CLIP confirmed", "CLIP evaluated_on Bench confirmed")
    assert small.classes("CLIP affected", "Bench affected") == {"CLIP": "present", "Bench": "present"}


def test_inferred_ones_stand_apart_as_leads():
    found = Small("B trained_on A inferred", "C trained_on A reported").outline("A", "downstream")
    assert [node.status for node in found.nodes] == ["reported"]
    assert [node.status for node in found.lead_nodes] == ["inferred"]
    assert [edge.statement for edge in found.edges] == [2]
    assert [edge.statement for edge in found.lead_edges] == [1]


def test_a_disputed_step_does_not_turn_a_lead_into_a_finding():
    found = Small("B trained_on A inferred", "P uses_model B disputed").outline("A", "downstream")
    assert found.nodes == ()
    assert [node.status for node in found.lead_nodes] == ["inferred", "disputed"]


def test_a_disputed_link_is_a_finding_that_says_it_is_disputed():
    found = Small("B trained_on A disputed").outline("A", "downstream")
    assert [node.status for node in found.nodes] == ["disputed"]


def test_on_a_day_uses_that_have_ended_or_not_begun_are_left_out():
    small = Small("P uses_model M reported 2022..2023", "Q formerly_used M reported ..2021", "R retrieves_over M reported 2024..")
    assert set(small.below("M", on=day("2022-06-01"))) == {"P"}
    assert set(small.below("M", on=day("2021-06-01"))) == {"Q"}
    assert set(small.below("M", on=day("2025-06-01"))) == {"R"}
    assert set(small.below("M")) == {"P", "Q", "R"}


def test_on_a_day_training_that_has_happened_holds_for_good():
    small = Small("SD trained_on LAION reported 2022")
    assert set(small.below("LAION", on=day("2026-01-01"))) == {"SD"}
    assert set(small.below("LAION", on=day("2021-12-31"))) == set()


def test_a_cycle_a_self_loop_and_parallel_edges_are_normal_input():
    small = Small("A depends_on A", "B depends_on A", "A depends_on B", "B trained_on A confirmed", "B trained_on A")
    assert small.below("A") == {"B": "confirmed"}
    assert small.above("A") == {"B": "reported"}
    assert small.classes("A affected") == {"A": "present", "B": "inherited"}


# Families


FAMILY = (
    "V1 version_of Family confirmed", "V2 version_of Family confirmed", "V1 trained_on Data confirmed",
    "Named uses_model V1 reported", "Unnamed uses_model Family confirmed",
)  # fmt: skip


def test_membership_is_not_descent():
    small = Small(*FAMILY)
    assert set(small.above("V1")) == {"Data"}
    assert "V2" not in small.below("V1")
    assert set(small.below("V2")) == {"Family", "Unnamed"}


def test_from_a_family_the_path_goes_on_to_each_version_at_most_inferred():
    small = Small(*FAMILY)
    assert small.above("Unnamed") == {"Family": "confirmed", "V1": "inferred", "V2": "inferred", "Data": "inferred"}
    unstated = {node.name: node.version_not_stated for node in small.drawn("Unnamed", "upstream")}
    assert unstated == {"Family": False, "V1": True, "V2": True, "Data": True}


def test_what_only_a_family_leads_to_is_counted_apart():
    found = Small(*FAMILY).outline("Data", "downstream")
    assert len(found.nodes) == 2
    assert len(found.lead_nodes) == 2
    assert all(node.version_not_stated for node in found.lead_nodes)


def test_a_disputed_membership_is_no_stronger_for_it_and_still_counted_apart():
    small = Small("V1 version_of Family disputed", "P uses_model Family confirmed")
    assert small.above("P") == {"Family": "confirmed", "V1": "disputed"}
    found = small.outline("P", "upstream")
    assert len(found.nodes) == len(found.lead_nodes) == 1
    assert [edge.statement for edge in found.edges] == [2]
    assert [edge.statement for edge in found.lead_edges] == [1]


def test_two_families_above_one_another_both_leave_the_version_open():
    small = Small("V1 version_of Series confirmed", "Series version_of House confirmed", "P uses_model House confirmed")
    assert {node.name: (node.status, node.version_not_stated) for node in small.drawn("P", "upstream")} == {
        "House": ("confirmed", False), "Series": ("inferred", True), "V1": ("inferred", True),
    }  # fmt: skip


def test_a_version_that_is_named_beside_its_family_is_a_finding():
    small = Small(*FAMILY, "Unnamed uses_model V1 reported")
    found = {node.name: node for node in small.drawn("Data", "downstream")}["Unnamed"]
    assert (found.status, found.version_not_stated, found.is_lead) == ("reported", False, False)
