"""Whole matrices, which large graphs are walked on, answer as the walk of a small vicinity does."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.lineage import walk, ways
from kb.lineage.answer import outline
from kb.lineage.inherit import Descent, exposures
from kb.lineage.walk import Closure, closure, within_reach
from tests.lineage.strategies import depths, directions, impacts, questions, worlds

thorough = settings(max_examples=200, deadline=None)


def told(found: Closure) -> object:
    """Everything that a closure says."""
    each = [(node, found.depth_of(node), found.strengths[node], found.best_path(node)) for node in found.nodes]
    return each, found.depth.tolist()[: found.graph.room], found.strength.tolist()


@thorough
@given(world=worlds(), place=st.integers(0, 5), direction=directions, filters=questions, depth=depths)
def test_a_wide_walk_says_what_a_near_one_says(world, place, direction, filters, depth):
    graph = world.graph
    root = place % graph.size
    near = closure(graph, root, direction, filters, depth)
    with everything_wide():
        wide = closure(graph, root, direction, filters, depth)
        assert wide.vicinity is None
        reached = within_reach(graph, [root], direction, filters).tolist()
        assert outline(wide, filters) == outline(near, filters)
    if depth is None:
        assert told(wide) == told(near)
    else:
        assert told(wide)[0] == told(near)[0]
    assert within_reach(graph, [root], direction, filters).tolist() == reached


class everything_wide:  # noqa: N801 - reads as a state
    """Let no vicinity be small."""

    def __enter__(self) -> None:
        self.kept = walk.bound, ways.bound
        walk.bound = ways.bound = lambda graph: -1

    def __exit__(self, *_: object) -> None:
        walk.bound, ways.bound = self.kept


@st.composite
def issues(draw):
    world = draw(worlds())
    return world, draw(impacts(len(world.nodes)))


@settings(max_examples=400, deadline=None)
@given(issues(), questions)
def test_one_nodes_exposure_is_the_one_that_the_issues_whole_spread_gives_it(case, filters):
    world, said = case
    graph = world.graph
    spread = exposures(graph, said, filters)
    for node in range(graph.size):
        assert Descent(graph, node, filters).exposure_to(said) == spread.get(node)
        with everything_wide():
            assert Descent(graph, node, filters).exposure_to(said) == spread.get(node)
    with everything_wide():
        assert exposures(graph, said, filters) == spread
