"""VOCABULARY 1, the rules of presence: what an issue in one artifact means for another. Each protects somebody."""

import pytest

from tests.lineage.small import Small

CHAIN = ("B trained_on A confirmed", "P uses_model B confirmed")


def test_present_needs_an_impact_statement_on_that_very_artifact():
    found = Small(*CHAIN).spread("A affected")
    assert {name: one.category for name, one in found.items()} == {"A": "present", "B": "inherited", "P": "inherited"}
    assert found["A"].own == found["A"].origin and found["B"].own is None


def test_along_full_edges_an_issue_is_inherited():
    small = Small(*CHAIN)
    found = small.spread("A affected")["P"]
    assert (found.category, small.steps(found)) == ("inherited", [1, 2])


@pytest.mark.parametrize("predicate", ["subset_of", "filtered_from", "distilled_from", "depends_on", "bundled_with"])
def test_any_partial_or_unknown_edge_makes_it_possible_however_well_confirmed(predicate):
    small = Small(f"B {predicate} A confirmed", "C trained_on B confirmed", "P uses_model C confirmed")
    found = small.spread("A affected")
    assert {found[name].category for name in "BCP"} == {"possibly_inherited"}
    assert small.weakest(found["P"]) == 1


@pytest.mark.parametrize("status", ["inferred", "disputed"])
def test_a_full_edge_that_is_less_than_reported_makes_it_possible(status):
    assert Small(f"B trained_on A {status}").classes("A affected") == {"A": "present", "B": "possibly_inherited"}


def test_the_strongest_class_over_all_open_paths_counts():
    small = Small("B depends_on A confirmed", "B trained_on A reported")
    found = small.spread("A affected")["B"]
    assert (found.category, small.steps(found)) == ("inherited", [2])


def test_within_a_class_the_strongest_path_decides_and_then_the_shortest():
    small = Small("C trained_on A", "B trained_on A confirmed", "C finetuned_from B confirmed")
    assert small.steps(small.spread("A affected")["C"]) == [2, 3]
    small = Small("C trained_on A", "B trained_on A", "C finetuned_from B")
    assert small.steps(small.spread("A affected")["C"]) == [1]


def test_the_weakest_step_is_the_one_that_carries_least_and_then_the_least_sure():
    small = Small("B subset_of A confirmed", "C trained_on B reported")
    assert small.weakest(small.spread("A affected")["C"]) == 1
    small = Small("B trained_on A confirmed", "C trained_on B reported")
    assert small.weakest(small.spread("A affected")["C"]) == 2
    assert small.weakest(small.spread("A affected")["A"]) is None


def test_through_a_family_an_issue_is_only_possible():
    small = Small("V1 version_of F confirmed", "V1 trained_on A confirmed", "P uses_model F confirmed")
    found = small.classes("A affected")
    assert found == {"A": "present", "V1": "inherited", "F": "possibly_inherited", "P": "possibly_inherited"}


def test_an_issue_of_a_family_is_not_laid_on_its_versions():
    small = Small("V1 version_of F confirmed", "P uses_model V1 confirmed")
    assert small.classes("F affected") == {"F": "present"}


# What stops an issue


@pytest.mark.parametrize("says", ["fixed", "not_affected"])
def test_fixed_and_not_affected_stop_the_issue_on_that_path(says):
    found = Small(*CHAIN).spread("A affected", f"B {says}")
    assert {name: one.category for name, one in found.items()} == {"A": "present", "B": "remediated", "P": "remediated"}
    assert found["B"].own is not None and found["B"].own.says == says


def test_one_open_path_is_enough():
    small = Small(*CHAIN, "P depends_on A reported")
    found = small.spread("A affected", "B fixed")
    assert (found["P"].category, small.steps(found["P"])) == ("possibly_inherited", [3])


def test_a_full_path_that_is_stopped_does_not_make_an_open_one_more_than_possible():
    small = Small("B trained_on A confirmed", "C trained_on B confirmed", "D depends_on A", "C depends_on D")
    assert small.classes("A affected", "B not_affected")["C"] == "possibly_inherited"


def test_an_artifact_that_is_fixed_itself_is_remediated_though_a_path_is_open():
    assert Small("B trained_on A confirmed").classes("A affected", "B fixed")["B"] == "remediated"


@pytest.mark.parametrize("says", ["under_investigation", "unknown"])
def test_what_says_nothing_neither_starts_nor_stops(says):
    small = Small(*CHAIN)
    assert small.classes(f"A {says}") == {}
    assert small.classes("A affected", f"B {says}") == {"A": "present", "B": "inherited", "P": "inherited"}


@pytest.mark.parametrize("status", ["inferred", "needs_source", "refuted", "retracted"])
def test_a_lead_or_what_does_not_hold_neither_starts_nor_stops(status):
    small = Small(*CHAIN)
    assert small.classes(f"A affected {status}") == {}
    assert small.classes("A affected", f"B fixed {status}")["P"] == "inherited"


@pytest.mark.parametrize("says", ["fixed", "not_affected"])
def test_below_a_root_that_is_only_fixed_there_is_none(says):
    assert Small(*CHAIN).classes(f"A {says}") == {}


def test_a_fix_stops_one_issue_only():
    small = Small("ReLAION revision_of LAION confirmed")
    assert small.classes("LAION affected", "ReLAION fixed")["ReLAION"] == "remediated"
    assert small.classes("LAION affected")["ReLAION"] == "possibly_inherited"


def test_mitigated_is_present_and_passes_the_issue_on_marked():
    found = Small(*CHAIN).spread("A affected", "B mitigated")
    assert found["B"].category == "present" and found["B"].own.says == "mitigated"
    assert found["P"].category == "inherited" and found["P"].origin.says == "mitigated"


def test_a_mitigation_is_told_though_the_same_artifact_is_also_said_to_be_affected():
    for said in (("A affected", "A mitigated"), ("A mitigated", "A affected")):
        found = Small(*CHAIN).spread(*said)
        assert found["A"].own.says == "mitigated"
        assert found["B"].origin.says == "mitigated"


def test_the_best_supported_impact_speaks_for_an_artifact():
    found = Small(*CHAIN).spread("A affected disputed", "A affected confirmed")
    assert found["A"].own.status == "confirmed"


def test_an_artifact_that_is_affected_is_present_though_a_fix_is_claimed():
    assert Small(*CHAIN).classes("A affected", "A fixed") == {"A": "present", "B": "inherited", "P": "inherited"}


# Dates: when the issue was in the parent, and when the child was made from it


def test_a_model_trained_before_the_finding_keeps_it():
    small = Small("SD trained_on LAION confirmed 2022")
    assert small.classes("LAION affected confirmed")["SD"] == "inherited"


def test_a_child_made_before_the_issue_came_into_the_parent_does_not_have_it():
    small = Small("Early trained_on A confirmed 2019", "Late trained_on A confirmed 2021", "Undated trained_on A confirmed")
    assert small.classes("A affected confirmed 2020..") == {"A": "present", "Late": "inherited", "Undated": "inherited"}


def test_a_child_made_after_the_issue_left_the_parent_does_not_have_it():
    small = Small("Early trained_on A confirmed 2019", "Late trained_on A confirmed 2021")
    assert small.classes("A affected confirmed ..2020") == {"A": "present", "Early": "inherited"}


def test_training_carries_what_the_parent_contained_then_for_good():
    small = Small("B trained_on A confirmed 2019", "C finetuned_from B confirmed 2024", "P uses_model C confirmed 2026..")
    assert set(small.classes("A affected confirmed ..2020")) == {"A", "B", "C", "P"}


def test_dates_are_compared_at_every_step_and_not_the_first_alone():
    small = Small("B merged_from A confirmed 2024", "Early trained_on B confirmed 2022", "Late trained_on B confirmed 2025")
    assert small.classes("A affected") == {"A": "present", "B": "inherited", "Late": "inherited"}


def test_a_use_that_has_ended_passes_nothing_on_to_what_is_built_later():
    uses = "P uses_model M confirmed 2022..2023"
    small = Small(uses, "Q built_on_product P confirmed 2025", "R built_on_product P confirmed 2022")
    assert small.classes("M affected") == {"M": "present", "P": "inherited", "R": "inherited"}


def test_a_second_period_of_use_is_not_hidden_by_a_shorter_path():
    small = Small(
        "P uses_model M confirmed 2022..2022", "N finetuned_from M confirmed", "P uses_model N confirmed 2024..",
        "Q built_on_product P confirmed 2025",
    )  # fmt: skip
    found = small.spread("M affected")
    assert small.steps(found["P"]) == [1]
    assert small.steps(found["Q"]) == [2, 3, 4]


def test_a_fix_does_not_reach_back_to_what_was_made_before_it():
    small = Small(
        "B trained_on A confirmed", "Early finetuned_from B confirmed 2022", "Late finetuned_from B confirmed 2024",
        "Undated finetuned_from B confirmed",
    )  # fmt: skip
    assert small.classes("A affected", "B fixed confirmed 2023..") == {
        "A": "present", "B": "remediated", "Early": "inherited", "Late": "remediated", "Undated": "remediated",
    }  # fmt: skip


def test_what_was_never_affected_stops_at_any_time():
    small = Small("B trained_on A confirmed", "Early finetuned_from B confirmed 2022")
    assert small.classes("A affected", "B not_affected confirmed 2023..")["Early"] == "remediated"


def test_an_own_impact_says_when_the_issue_was_in_an_artifact_whatever_flows_through_it():
    small = Small("B filtered_from A confirmed", "Late trained_on B confirmed 2025", "Early trained_on B confirmed 2021")
    assert small.classes("A affected", "B affected confirmed ..2022") == {"A": "present", "B": "present", "Early": "inherited"}


def test_two_impacts_on_one_artifact_each_start_the_issue_in_their_own_time():
    small = Small("Early trained_on A confirmed 2021", "Between trained_on A confirmed 2023", "Late trained_on A confirmed 2025")
    found = small.spread("A affected confirmed ..2022", "A mitigated confirmed 2024..")
    assert {name: one.origin.says for name, one in found.items()} == {
        "A": "mitigated", "Early": "affected", "Late": "mitigated",
    }  # fmt: skip
