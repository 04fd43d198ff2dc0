"""Grouping: what shares a card, what never does, and that no step is lost or told twice."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.lineage.view.group import group, grouped
from kb.lineage.view.picture import Limits, Picture, Scene
from tests.lineage.view.scenes import Plain, artifact, chain, maker, scenes, star, step

# Drawing takes time, and time on a busy machine is nothing to fail for.
some = settings(max_examples=40, deadline=None)
limits = st.builds(Limits, boxes=st.integers(4, 60), links=st.integers(5, 160), siblings=st.integers(2, 8))


def picture_of(scene: Scene, limits: Limits | None = None) -> Picture:
    return group(scene, Plain(), limits)


def titles(picture: Picture) -> list[str]:
    return [box.title for box in picture.boxes]


@some
@given(scenes(), limits)
def test_every_step_is_in_one_link_or_inside_one_box(scene: Scene, limits: Limits) -> None:
    found = sorted(number for number, _ in picture_of(scene, limits).whereabouts())
    assert found == sorted(one.number for one in scene.steps)


@some
@given(scenes(), limits)
def test_every_record_is_in_one_box_and_boxes_are_few(scene: Scene, limits: Limits) -> None:
    picture = picture_of(scene, limits)
    assert sorted(record for box in picture.boxes for record in box.records) == sorted(one.record for one in scene.artifacts)
    kept = {end for one in scene.steps if one.number in scene.traced for end in (one.child, one.parent)} | {scene.root}
    assert len(picture.boxes) <= max(limits.boxes, len(kept) + len(picture.kinds))


@some
@given(scenes(), limits)
def test_boxes_hold_records_of_one_kind(scene: Scene, limits: Limits) -> None:
    kinds = {one.record: one.kind for one in scene.artifacts}
    assert all({kinds[record] for record in box.records} == {box.kind} for box in picture_of(scene, limits).boxes)


@some
@given(scenes())
def test_the_root_and_the_traced_path_have_cards_of_their_own(scene: Scene) -> None:
    shown = {box.records[0] for box in picture_of(scene).boxes if box.count == 1}
    ends = {end for one in scene.steps if one.number in scene.traced for end in (one.child, one.parent)}
    assert ends | {scene.root} <= shown


@some
@given(scenes())
def test_a_link_joins_the_boxes_of_its_steps_and_has_their_one_status(scene: Scene) -> None:
    picture = picture_of(scene)
    key = {record: box.key for box in picture.boxes for record in box.records}
    steps = {one.number: one for one in scene.steps}
    for link in picture.links:
        for one in (steps[number] for number in link.numbers):
            assert (key[one.parent], key[one.child], one.status) == (link.source, link.target, link.status)


def test_the_order_of_the_input_does_not_matter() -> None:
    scene = star(70, parties=9)
    mixed = random.Random(1)
    shuffled = Scene(
        tuple(mixed.sample(scene.artifacts, 71)), tuple(mixed.sample(scene.steps, 70)), scene.root, scene.direction, scene.traced
    )
    assert picture_of(shuffled) == picture_of(scene)


def test_eight_siblings_stay_apart() -> None:
    assert not picture_of(star(8)).has_groups


def test_nine_siblings_of_one_party_share_a_card_that_opens_their_list() -> None:
    stack = picture_of(star(9, parties=1)).boxes[1]
    assert (stack.title, stack.sub, stack.count, stack.href) == ("9 models", "P0", 9, "?kind=model&count=9#model")


def test_siblings_of_many_parties_share_cards_by_party_and_the_rest_one_card() -> None:
    picture = picture_of(star(5000, parties=600))
    assert len(picture.boxes) == 9
    assert sum(box.sub.endswith("parties") for box in picture.boxes) == 1


def test_upstream_siblings_are_grouped_too() -> None:
    assert titles(picture_of(star(20, parties=1, direction="upstream"))) == ["Artifact 0", "20 models"]


def test_what_leads_on_stays_apart_while_there_is_room() -> None:
    scene = star(12, parties=1)
    more = Scene((*scene.artifacts, artifact(99, "product", depth=2)), (*scene.steps, step(99, 99, 5)), 0, "downstream")
    assert "Artifact 5" in titles(picture_of(more))


def test_a_traced_sibling_stays_apart() -> None:
    assert titles(picture_of(star(20, parties=1, traced=frozenset({7})))) == ["Artifact 0", "19 models", "Artifact 7"]


def test_steps_of_different_status_are_not_bundled() -> None:
    scene = star(9, parties=1)
    steps = (*scene.steps[:8], step(9, 9, 0, "disputed"))
    links = picture_of(Scene(scene.artifacts, steps, 0, "downstream")).links
    assert [(link.status, len(link.numbers)) for link in links] == [("confirmed", 8), ("disputed", 1)]


def test_a_bundle_carries_what_its_least_step_carries() -> None:
    scene = star(9, parties=1)
    steps = (*scene.steps[:8], step(9, 9, 0, carries="unknown"))
    assert picture_of(Scene(scene.artifacts, steps, 0, "downstream")).links[0].carries == "unknown"


def test_a_group_counts_records_with_issues_not_issues() -> None:
    models = [artifact(one, party=maker(1), present_issues=3, undisclosed=one < 4) for one in range(1, 10)]
    scene = Scene((artifact(0, "dataset", depth=0), *models), star(9).steps, 0, "downstream")
    stack = picture_of(scene).boxes[1]
    assert (stack.present_issues, stack.undisclosed) == (9, 3)


def test_a_group_without_one_common_party_does_not_name_one() -> None:
    words = Plain()
    stack = group(star(9), words).boxes[1]
    assert stack.sub == "9 parties"
    assert [(len(one.records), one.parents) for one in words.asked] == [(9, (0,))]


def test_a_group_whose_parties_are_not_all_known_says_so() -> None:
    models = [artifact(one, party=maker(1) if one < 5 else 0) for one in range(1, 10)]
    scene = Scene((artifact(0, "dataset", depth=0), *models), star(9).steps, 0, "downstream")
    subs = {box.title: box.sub for box in picture_of(scene, Limits(boxes=2)).boxes if box.count > 1}
    assert subs == {"9 models": "P1 and unrecorded"}


def test_names_are_asked_for_what_is_drawn_alone() -> None:
    words = Plain()
    group(star(5000, parties=600), words)
    assert len(words.brought) == 8


def test_a_step_to_itself_stays_a_link_of_a_single_card() -> None:
    scene = Scene((artifact(0, depth=0),), (step(1, 0, 0),), 0, "downstream")
    assert [link.numbers for link in picture_of(scene).links] == [(1,)]


def test_a_step_that_ends_at_no_artifact_is_refused() -> None:
    with pytest.raises(ValueError, match="not among the artifacts"):
        picture_of(Scene((artifact(0, depth=0),), (step(1, 5, 0),), 0, "downstream"))


@pytest.mark.parametrize("scene", [chain(10_000), star(10_000), star(10_000, parties=3, direction="upstream")])
def test_ten_thousand_records_still_fit(scene: Scene) -> None:
    picture = picture_of(scene)
    assert len(picture.boxes) <= 60
    assert sum(1 for _ in picture.whereabouts()) == len(scene.steps)


def test_a_dense_tangle_keeps_to_the_limits_of_boxes_and_links() -> None:
    mixed = random.Random(2)
    pairs = [(one, mixed.randrange(max(0, one - 400), one)) for one in range(1, 4000)]
    pairs += [(mixed.randrange(4000), mixed.randrange(4000)) for _ in range(12_000)]
    kinds = ("dataset", "model", "product")
    depth = [0] * 4000
    for child, parent in pairs[:3999]:
        depth[child] = depth[parent] + 1
    artifacts = tuple(artifact(one, kinds[one % 3], maker(one % 50), depth[one]) for one in range(4000))
    picture = picture_of(Scene(artifacts, tuple(step(number, *pair) for number, pair in enumerate(pairs, 1)), 0, "downstream"))
    assert len(picture.boxes) <= 60
    assert len(picture.links) <= 160


def test_a_large_scene_is_grouped_alike_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = star(20)
    expected = picture_of(scene)
    grouped.cache_clear()
    monkeypatch.setattr("kb.lineage.view.group._KEPT_UP_TO", len(scene.steps))
    assert picture_of(scene) == expected
    assert grouped.cache_info().currsize == 0
