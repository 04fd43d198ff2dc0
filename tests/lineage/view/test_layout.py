"""Layout: everything inside, nothing on top of anything, always the same, and read from data source to product."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.lineage.view.group import group
from kb.lineage.view.layout import BOX_WIDTH, Layout, Place, Route, lay_out
from kb.lineage.view.picture import Scene
from kb.lineage.view.placing import BOX_HEIGHT, isotonic
from tests.lineage.view.scenes import Plain, artifact, chain, scenes, star, step

# Drawing takes time, and time on a busy machine is nothing to fail for.
some = settings(max_examples=40, deadline=None)


def layout_of(scene: Scene) -> Layout:
    return lay_out(group(scene, Plain()))


def places(layout: Layout) -> dict[str, Place]:
    return {place.box.key: place for place in layout.places}


def overlap(one: Place, other: Place) -> bool:
    return abs(one.x - other.x) < BOX_WIDTH and abs(one.y - other.y) < BOX_HEIGHT


def extent(route: Route) -> list[tuple[float, float]]:
    badge = route.badge
    corners = [(badge.x + across * badge.width / 2, badge.y + down * 9) for across in (-1, 1) for down in (-1, 1)]
    return [*route.points, *corners]


@some
@given(scenes())
def test_everything_lies_inside_the_bounds(scene: Scene) -> None:
    layout = layout_of(scene)
    corners = [
        (place.x + across, place.y + down) for place in layout.places for across in (0, BOX_WIDTH) for down in (0, BOX_HEIGHT)
    ]
    for x, y in (*corners, *(point for route in layout.routes for point in extent(route))):
        assert 0 <= x <= layout.width
        assert 0 <= y <= layout.height


@some
@given(scenes())
def test_no_two_cards_overlap(scene: Scene) -> None:
    assert not any(overlap(one, other) for one, other in combinations(layout_of(scene).places, 2))


@some
@given(scenes())
def test_no_line_passes_through_a_card(scene: Scene) -> None:
    layout = layout_of(scene)
    for route in layout.routes:
        for (left, y), (right, _) in zip(route.points[1::2], route.points[2::2], strict=False):
            assert not any(
                place.x < right and left < place.x + BOX_WIDTH and place.y < y < place.y + BOX_HEIGHT for place in layout.places
            )


@some
@given(scenes())
def test_no_badge_lies_on_a_card(scene: Scene) -> None:
    layout = layout_of(scene)
    for badge in (route.badge for route in layout.routes):
        for place in layout.places:
            beside = abs(badge.x - place.x - BOX_WIDTH / 2) >= (BOX_WIDTH + badge.width) / 2
            above = abs(badge.y - place.y - BOX_HEIGHT / 2) >= BOX_HEIGHT / 2 + 9
            assert beside or above


@some
@given(scenes())
def test_every_box_and_link_is_laid_out_once(scene: Scene) -> None:
    picture = group(scene, Plain())
    layout = lay_out(picture)
    assert sorted(place.box.key for place in layout.places) == sorted(box.key for box in picture.boxes)
    assert sorted(route.link.numbers for route in layout.routes) == sorted(link.numbers for link in picture.links)


@some
@given(scenes())
def test_lines_lead_from_left_to_right_unless_they_are_marked(scene: Scene) -> None:
    layout = layout_of(scene)
    place = places(layout)
    for route in layout.routes:
        source, target = place[route.link.source], place[route.link.target]
        assert route.loop == (source is target)
        assert route.turned == (source.x > target.x)


@some
@given(scenes(most=30))
def test_the_same_scene_gives_the_same_layout(scene: Scene) -> None:
    assert layout_of(scene) == layout_of(scene)


def test_the_root_stands_left_downstream_and_right_upstream() -> None:
    for direction, side in (("downstream", min), ("upstream", max)):
        layout = layout_of(star(5, direction=direction))  # type: ignore[arg-type]
        root = next(place for place in layout.places if place.box.focus)
        assert root.x == side(place.x for place in layout.places)


def test_columns_count_the_longest_way_and_are_named_by_the_fewest_steps() -> None:
    artifacts = (artifact(0, "dataset", depth=0), artifact(1), artifact(2, depth=1))
    layout = layout_of(Scene(artifacts, (step(1, 1, 0), step(2, 2, 1), step(3, 2, 0)), 0, "downstream"))
    assert [head.text for head in layout.heads] == ["This dataset", "1 step", "1 step"]
    assert len({place.x for place in layout.places}) == 3


def test_a_cycle_is_drawn_with_one_line_turned() -> None:
    artifacts = (artifact(0, depth=0), artifact(1), artifact(2, depth=2))
    layout = layout_of(Scene(artifacts, (step(1, 1, 0), step(2, 2, 1), step(3, 1, 2)), 0, "downstream"))
    assert [route.link.numbers for route in layout.routes if route.turned] == [(3,)]


def test_badges_of_a_crowded_picture_keep_off_each_other() -> None:
    badges = [route.badge for route in layout_of(star(100, parties=20)).routes]
    for one, other in combinations(badges, 2):
        assert abs(one.x - other.x) >= (one.width + other.width) / 2 or abs(one.y - other.y) >= 18


def test_a_tree_is_drawn_without_crossings() -> None:
    pairs = [(child, (child - 1) // 2) for child in range(1, 15)]
    depth = [(one + 1).bit_length() - 1 for one in range(15)]
    scene = Scene(
        tuple(artifact(one, depth=depth[one]) for one in range(15)),
        tuple(step(child, child, parent) for child, parent in pairs),
        0,
        "downstream",
    )
    layout = layout_of(scene)
    ways = [(route.points[0], route.points[-1]) for route in layout.routes]
    for (start, end), (other, other_end) in combinations(ways, 2):
        if start[0] == other[0]:
            assert (start[1] - other[1]) * (end[1] - other_end[1]) >= 0


@pytest.mark.parametrize("scene", [chain(10_000), star(10_000)])
def test_ten_thousand_records_have_a_layout(scene: Scene) -> None:
    assert len(layout_of(scene).places) <= 60


weighted = st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 4)), min_size=1, max_size=12)


@given(weighted)
def test_isotonic_values_rise_and_keep_the_weighted_mean(rows: list[tuple[int, int]]) -> None:
    values, weights = [float(value) for value, _ in rows], [float(weight) for _, weight in rows]
    found = isotonic(values, weights)
    assert all(one <= other + 1e-9 for one, other in pairwise(found))
    assert sum(a * b for a, b in zip(found, weights, strict=True)) == pytest.approx(
        sum(a * b for a, b in zip(values, weights, strict=True))
    )


def test_isotonic_leaves_what_rises_alone() -> None:
    assert isotonic([1.0, 2.0, 5.0], [1.0, 1.0, 1.0]) == [1.0, 2.0, 5.0]
