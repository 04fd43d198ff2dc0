"""The k best paths against a naive enumeration, and what bounds the work where there are very many."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.lineage import counts
from kb.lineage.counts import MOST_COUNTED, Count, equally_good
from kb.lineage.graph import EdgeRow, Filters, Graph
from kb.lineage.paths import BestPaths, best_paths
from kb.lineage.walk import closure
from kb.records.status import STRENGTH
from tests.lineage import reference
from tests.lineage.small import Small
from tests.lineage.strategies import IDS, depths, directions, questions, worlds

EVERYTHING = Filters()


def naive(world, start, end, downstream, filters, depth):
    """Every simple path over the best edge of each pair, as (strength, steps), best first."""
    allowed = [link for link in reference.passing(world.links, *_given(filters)) if link.carries != "none"]
    ends = {(link.child, link.parent) for link in allowed}
    best = [max((one for one in allowed if (one.child, one.parent) == pair), key=lambda one: one.rank) for pair in ends]
    paths = [
        path
        for path in reference.simple_paths(best, start, downstream)
        if (path[-1].child if downstream else path[-1].parent) == end and (depth is None or len(path) <= depth)
    ]
    ranked = ((STRENGTH[reference.RANKING[min(link.rank for link in path)]], len(path)) for path in paths)
    return sorted(ranked, key=lambda one: (-one[0], one[1]))


def _given(filters):
    return filters.predicates, filters.min_status, filters.on


def quality(graph, path):
    return min(int(graph.strength[edge]) for edge in path), len(path)


def nodes_of(graph, path, direction):
    near, far = (graph.parent, graph.child) if direction == "downstream" else (graph.child, graph.parent)
    assert all(far[one] == near[other] for one, other in pairwise(path))
    return [int(near[path[0]]), *(int(far[edge]) for edge in path)]


@settings(max_examples=400, deadline=None)
@given(worlds(), st.sampled_from(IDS), st.sampled_from(IDS), directions, questions, depths, st.integers(1, 20))
def test_the_k_best_paths_are_those_of_a_naive_enumeration(world, start, end, direction, filters, depth, k):
    graph = world.graph
    at, to = graph.index_of(start), graph.index_of(end)
    if at is None or to is None:
        return
    found = best_paths(graph, at, to, direction, filters, k, depth)
    wanted = naive(world, start, end, direction == "downstream", filters, depth)
    assert [quality(graph, path) for path in found.paths] == wanted[:k]
    assert (found.more.count, found.more.exact) == (len(wanted[k:]), True)
    assert found.equal == Count(wanted.count(wanted[0]) if wanted else 0)
    assert len(set(found.paths)) == len(found.paths)
    for path in found.paths:
        nodes = nodes_of(graph, path, direction)
        assert (nodes[0], nodes[-1], len(set(nodes))) == (at, to, len(nodes))
    if found.paths:
        assert list(found.paths[0]) == closure(graph, at, direction, filters, depth).best_path(to)


def test_a_stronger_weakest_step_beats_fewer_steps_and_fewer_steps_beat_more():
    small = Small(
        "B trained_on A confirmed", "C contains B confirmed", "C trained_on A inferred", "C depends_on B2", "B2 depends_on A"
    )
    found = best_paths(small.graph, small.node("A"), small.node("C"), "downstream", EVERYTHING)
    assert [[int(small.graph.statement[edge]) for edge in path] for path in found.paths] == [[1, 2], [5, 4], [3]]


def test_a_record_has_no_path_to_itself_and_none_where_nothing_leads():
    small = Small("A depends_on B", "B depends_on A", "C depends_on D")
    assert best_paths(small.graph, small.node("A"), small.node("A"), "downstream", EVERYTHING) == BestPaths()
    assert best_paths(small.graph, small.node("A"), small.node("D"), "downstream", EVERYTHING) == BestPaths()


def built(rows: list[tuple[int, int]]) -> Graph:
    ids = sorted({end for row in rows for end in row})
    edges = [EdgeRow(number, child, parent, "depends_on", "reported") for number, (child, parent) in enumerate(rows, start=1)]
    return Graph.build(1, [(one, "model") for one in ids], edges)


def diamond(width: int) -> Graph:
    return built([(2 + place, 1) for place in range(width)] + [(width + 2, 2 + place) for place in range(width)])


def knot(size: int) -> Graph:
    return built([(one, other) for one in range(1, size + 1) for other in range(1, size + 1) if one != other])


def ladder(steps: int) -> Graph:
    """Two ways at each of many steps: 2 ** steps paths."""
    return built(
        [pair for at in range(1, 3 * steps, 3) for pair in ((at + 1, at), (at + 2, at), (at + 3, at + 1), (at + 3, at + 2))]
    )


@pytest.mark.parametrize(
    ("graph", "more"), [(diamond(10_000), MOST_COUNTED), (knot(60), MOST_COUNTED), (ladder(20), MOST_COUNTED)]
)
def test_very_many_paths_take_bounded_time_and_the_rest_is_more_than_so_many(graph, more):
    began = time.perf_counter()
    found = best_paths(graph, 0, graph.size - 1, "downstream", EVERYTHING, 20)
    assert time.perf_counter() - began < 3
    assert len(found.paths) == 20
    assert [len(path) for path in found.paths] == sorted(len(path) for path in found.paths)
    assert (found.more.count, found.more.exact) == (more, False)


def test_paths_as_good_as_the_best_are_counted_up_to_a_bound():
    def equal(graph: Graph) -> Count:
        return equally_good(closure(graph, 0, "downstream", EVERYTHING), graph.size - 1)

    assert equal(diamond(30)) == Count(30)
    assert equal(ladder(9)) == Count(2**9)
    assert equal(knot(60)) == Count(1)
    assert equal(diamond(10_000)) == equal(ladder(400)) == Count(MOST_COUNTED, exact=False)


def test_a_path_over_weaker_or_more_steps_is_not_as_good_as_the_best():
    small = Small(
        "B trained_on A confirmed", "C contains B confirmed", "B2 trained_on A", "C contains B2", "C depends_on A disputed"
    )
    found = best_paths(small.graph, small.node("A"), small.node("C"), "downstream", EVERYTHING)
    assert (len(found.paths), found.equal) == (3, Count(1))


@pytest.mark.parametrize("work", [0, 3, 7, 20])
def test_a_count_that_was_given_up_never_says_more_than_there_are(work, monkeypatch):
    monkeypatch.setattr(counts, "_WORK", work)
    graph = ladder(6)
    found = equally_good(closure(graph, 0, "downstream", EVERYTHING), graph.size - 1)
    assert found.count < 2**6
    assert not found.exact


def test_a_path_of_hundreds_of_steps_takes_bounded_time_and_shows_as_many_as_were_found():
    began = time.perf_counter()
    found = best_paths(ladder(200), 0, 600, "downstream", EVERYTHING, 20)
    assert time.perf_counter() - began < 3
    assert 1 <= len(found.paths) <= 20
    assert (found.more.count, found.more.exact) == (MOST_COUNTED, False)


def test_a_search_that_stops_early_says_that_its_count_is_not_exact():
    # From 1 into a knot of cycles whose one way out leads through a chain: most partial paths lead nowhere.
    dead_ends = [(one, other) for one in range(2, 40) for other in range(1, 40) if one != other and other < 40]
    graph = built([*dead_ends, *((50 + place, 49 + place if place else 2) for place in range(5))])
    found = best_paths(graph, 0, graph.size - 1, "downstream", EVERYTHING, 3)
    assert found.paths and not found.more.exact


def test_an_exact_count_is_taken_where_there_are_few():
    assert best_paths(diamond(30), 0, 31, "downstream", EVERYTHING, 5).more.count == 25
    assert best_paths(diamond(30), 0, 31, "downstream", EVERYTHING, 5).more.exact
