"""What changed between two editions or two days: gained, lost with the reason, changed; and nothing else."""

from datetime import date

import pytest
from hypothesis import given, settings

from kb.core.errors import InvalidInput, NotFound
from kb.ledger.write import current_edition
from kb.lineage.answer import outline
from kb.lineage.ask_diff import Difference, Span, ask_diff, read_span
from kb.lineage.diff import diff
from kb.lineage.graph import Filters
from kb.lineage.walk import closure
from kb.records import changes as do
from kb.records.models import Evidence
from tests import build
from tests.lineage.strategies import IDS, directions, questions, worlds


def drawn(graph, direction, filters):
    return outline(closure(graph, 0, direction, filters), filters)


@settings(max_examples=200, deadline=None)
@given(worlds(), worlds(), directions, questions)
def test_the_difference_turns_one_answer_into_the_other(one, other, direction, filters):
    before, after = drawn(one.graph, direction, filters), drawn(other.graph, direction, filters)
    found = diff(before, after)
    for changes, things in (
        (found.products, lambda drawn: {node.record: node for node in everything(drawn) if node.kind == "product"}),
        (found.others, lambda drawn: {node.record: node for node in everything(drawn) if node.kind != "product"}),
        (found.edges, lambda drawn: {edge.statement: edge for edge in (*drawn.edges, *drawn.lead_edges)}),
    ):
        old, new = things(before), things(after)
        assert set(changes.gained) == {thing for key, thing in new.items() if key not in old}
        assert set(changes.lost) == {thing for key, thing in old.items() if key not in new}
        assert {(pair.before, pair.after) for pair in changes.changed} == {
            (thing, new[key]) for key, thing in old.items() if key in new and said(thing) != said(new[key])
        }
    lost = {edge.statement for edge in found.edges.lost}
    assert set(found.broken.values()) <= lost
    assert set(found.broken) <= {node.record for node in (*found.products.lost, *found.others.lost)}


def everything(drawn):
    return (*drawn.nodes, *drawn.lead_nodes)


def said(thing):
    ends = (thing.child, thing.parent) if hasattr(thing, "child") else ()
    return thing.status, thing.is_lead, thing.carries, ends


@given(worlds(), directions)
@settings(max_examples=50, deadline=None)
def test_an_answer_does_not_differ_from_itself(world, direction):
    answer = drawn(world.graph, direction, Filters())
    assert diff(answer, answer).is_empty
    assert IDS


# from end to end


@pytest.fixture
def laion(db):
    laion, sd, app = build.dataset("LAION"), build.model("SD"), build.product("App")
    build.state(sd, "trained_on", laion)
    build.state(app, "uses_model", sd, start="2022", end="2023")
    return laion


def since(root, first, direction="downstream") -> Difference:
    found = ask_diff(root, direction, Span(editions=(first, current_edition())))
    found.bring(found.diff)
    return found


def named(difference, things, answer):
    return [answer.record(thing.record).name for thing in things]


def test_what_was_gained_stands_apart_by_product_and_step(laion):
    first = current_edition()
    model, app = build.model("New"), build.product("New app")
    build.state(model, "trained_on", laion)
    build.state(app, "uses_model", model)
    found = since(laion, first)
    assert named(found, found.diff.products.gained, found.after) == ["New app"]
    assert named(found, found.diff.others.gained, found.after) == ["New"]
    assert len(found.diff.edges.gained) == 2


@pytest.mark.parametrize(
    ("lose", "code"),
    [
        (lambda edge: do.RetractStatement(statement=edge.id), "retracted"),
        (lambda edge: do.AmendStatement(statement=edge.id, fields={"rank": "deprecated"}), "deprecated"),
        (
            lambda edge: do.AmendStatement(statement=edge.id, fields={"override": "refuted", "override_reason": "Shown."}),
            "refuted",
        ),
    ],
)
def test_a_lost_step_says_why_and_names_the_edition_and_its_reason(laion, lose, code):
    first = current_edition()
    edge = laion.statements_about.get()
    edition = build.publishing(lose(edge), reason="The maker corrected its card.")
    build.amend(edge, note="Looked at again.")
    found = since(laion, first)
    fate = found.fates[edge.id]
    assert (fate.code, fate.edition, fate.reason) == (code, edition.number, "The maker corrected its card.")
    assert named(found, found.diff.products.lost, found.before) == ["App"]
    assert set(found.diff.broken.values()) == {edge.id}
    assert {one.code for statement, one in found.fates.items() if statement != edge.id} == {"cut_off"}


def test_an_artifact_that_was_merged_is_lost_to_the_record_that_speaks_for_it(laion):
    other = build.dataset("LAION copy")
    step = build.state(other, "subset_of", laion)
    first = current_edition()
    build.merge(other, laion)
    found = since(laion, first)
    assert found.merged == {other.id: laion}
    assert [(pair.after.child, pair.after.parent) for pair in found.diff.edges.changed] == [(laion.id, laion.id)]
    assert step.id not in found.fates


def test_a_change_of_status_is_told_with_both(laion):
    first = current_edition()
    build.add_evidence(laion.statements_about.get(), build.says(kind="technical_audit"))
    (pair,) = since(laion, first).diff.edges.changed
    assert (pair.before.status, pair.after.status) == ("reported", "confirmed")


def test_between_two_days_a_use_begins_and_ends(laion):
    before = ask_diff(laion, "downstream", Span(days=(date(2021, 1, 1), date(2022, 6, 1))))
    after = ask_diff(laion, "downstream", Span(days=(date(2022, 6, 1), date(2024, 6, 1))))
    after.bring(after.diff)
    assert named(before, before.diff.products.gained, before.after) == ["App"]
    assert named(after, after.diff.products.lost, after.before) == ["App"]
    assert [fate.code for fate in after.fates.values()] == ["ended"]


def test_a_step_that_no_source_asserts_any_more_is_told_while_it_stands(laion):
    first = current_edition()
    row = Evidence.objects.get(statement=laion.statements_about.get())
    build.publishing(do.AmendEvidence(evidence=row.id, fields={"last_seen": date(2026, 1, 1)}))
    found = since(laion, first)
    assert found.diff.is_empty
    assert [edge.statement for edge in found.silent] == [row.statement_id]
    build.publishing(do.AmendEvidence(evidence=row.id, fields={"last_seen": None}))
    assert since(laion, first).silent == ()


def span(root, **given):
    return read_span(root, {"from": "", "to": "", "from_date": "", "to_date": ""} | given)


def test_without_bounds_the_whole_life_of_the_record_is_compared(laion):
    assert span(laion) == Span(editions=(laion.edition, current_edition()))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"from": "3", "to": "2"}, "comes after edition 2"),
        ({"from": "1", "to": "999"}, "There is no edition 999"),
        ({"from": "0"}, "There is no edition 0"),
        ({"from": "first"}, "is not the number of an edition"),
        ({"from": "1", "to_date": "2024"}, "not an edition with a date"),
        ({"to_date": "2024"}, "Give the earlier date too"),
        ({"from_date": "2024", "to_date": "2023"}, "comes after 2023-12-31"),
        ({"from_date": "1066"}, "out of range"),
        ({"from_date": "2024-13"}, "not a date that exists"),
    ],
)
def test_bounds_that_contradict_or_do_not_exist_are_refused_in_one_sentence(laion, given, words):
    with pytest.raises(InvalidInput, match=words):
        span(laion, **given)


def test_a_record_that_was_not_there_yet_is_not_found(laion):
    late = build.dataset("Late")
    with pytest.raises(NotFound, match="not on record at edition 1"):
        ask_diff(late, "downstream", Span(editions=(1, current_edition())))
