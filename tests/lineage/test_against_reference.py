"""On any graph the engine answers as the naive reference does, and shows paths that exist."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.lineage.answer import Outline, Selection, count_nodes, outline
from kb.lineage.graph import Direction, EdgeRow, Filters, Graph
from kb.lineage.inherit import exposures, weakest_step
from kb.lineage.paths import MOST_PATHS, best_paths
from kb.lineage.walk import Closure, closure, within_reach
from tests.lineage import reference
from tests.lineage.reference import RANKING
from tests.lineage.strategies import KINDS, World, depths, directions, impacts, questions, worlds

STRENGTH = {status: 4 + rank for rank, status in enumerate(RANKING)}
thorough = settings(max_examples=120, deadline=None)


def walked(world: World, place: int, direction: Direction, filters: Filters, depth: int | None) -> Closure:
    graph = world.graph
    return closure(graph, place % graph.size, direction, filters, depth)


def followed(world: World, filters: Filters) -> list[reference.Link]:
    return reference.passing(world.links, filters.predicates, filters.min_status, filters.on)


def ends(graph: Graph, edge: int, direction: Direction) -> tuple[int, int]:
    """The ends of an edge, the one nearer to the root first."""
    child, parent = int(graph.child[edge]), int(graph.parent[edge])
    return (parent, child) if direction == "downstream" else (child, parent)


def leads_from(graph: Graph, path: Sequence[int], root: int, direction: Direction) -> int:
    """Follow a path, whose steps must join, and return where it ends."""
    at = root
    for edge in path:
        near, at_next = ends(graph, edge, direction)
        assert near == at
        at = at_next
    return at


asked = given(world=worlds(), place=st.integers(0, 5), direction=directions, filters=questions, depth=depths)


@thorough
@asked
def test_a_closure_reaches_what_the_reference_reaches(world, place, direction, filters, depth):
    got = walked(world, place, direction, filters, depth)
    graph, root = got.graph, int(got.graph.ids[got.root])
    wanted = reference.reached(followed(world, filters), root, direction == "downstream", depth)
    found = {
        int(graph.ids[node]): reference.Found(
            int(got.depth[node]), RANKING[int(got.strength[node]) - 4], len(got.best_path(int(node)))
        )
        for node in got.nodes
    }
    assert found == wanted


@thorough
@asked
def test_a_best_path_exists_joins_up_and_is_as_strong_as_said(world, place, direction, filters, depth):
    got = walked(world, place, direction, filters, depth)
    graph, allowed = got.graph, {link.number for link in followed(world, filters) if link.carries != "none"}
    for node in map(int, got.nodes):
        path = got.best_path(node)
        assert leads_from(graph, path, got.root, direction) == node
        assert set(path) <= allowed
        assert min(int(graph.strength[edge]) for edge in path) == got.strength[node]
        assert depth is None or len(path) <= depth
        assert len(path) >= got.depth[node] > 0


@thorough
@asked
def test_the_paths_between_two_nodes_agree_with_the_closure(world, place, direction, filters, depth):
    got = walked(world, place, direction, filters, depth)
    for node in map(int, got.nodes):
        found = best_paths(got.graph, got.root, node, direction, filters, MOST_PATHS, depth)
        assert list(found.paths[0]) == got.best_path(node)
        assert min(map(len, found.paths)) == got.depth[node] or found.more.count
        assert all(leads_from(got.graph, path, got.root, direction) == node for path in found.paths)


@thorough
@asked
def test_downstream_and_upstream_are_the_same_relation(world, place, direction, filters, depth):
    got = walked(world, place, direction, filters, depth)
    back: Direction = "upstream" if direction == "downstream" else "downstream"
    for node in map(int, got.nodes):
        other = closure(got.graph, node, back, filters, depth)
        assert other.strength[got.root] == got.strength[node]
        assert other.depth[got.root] == got.depth[node]


def drawn(got: Closure, filters: Filters, kinds: frozenset[str] | None) -> Outline:
    return outline(got, filters, Selection(kinds or frozenset()))


@thorough
@asked
def test_findings_and_leads_part_the_nodes_and_leads_rest_on_inference(world, place, direction, filters, depth):
    got = walked(world, place, direction, filters, depth)
    found = drawn(got, filters, None)
    leads = {link.number for link in followed(world, filters) if link.status == "inferred" or link.predicate == "version_of"}
    records = [node.record for node in (*found.nodes, *found.lead_nodes)]
    assert sorted(records) == sorted(int(got.graph.ids[node]) for node in got.nodes)
    assert len(set(records)) == len(records)
    for node in found.nodes:
        assert not set(node.path) & leads
    for node in found.lead_nodes:
        assert set(node.path) & leads
        assert node.status in {"inferred", "disputed"}
    for node in (*found.nodes, *found.lead_nodes):
        over_family = bool(got.graph.version_not_stated(node.path).any())
        assert node.version_not_stated == over_family
        assert not over_family or node.is_lead


@thorough
@asked
def test_every_edge_of_an_outline_joins_nodes_of_it(world, place, direction, filters, depth):
    got = walked(world, place, direction, filters, depth)
    found = drawn(got, filters, None)
    root = int(got.graph.ids[got.root])
    documented = {root} | {node.record for node in found.nodes}
    everything = documented | {node.record for node in found.lead_nodes}
    assert all({edge.child, edge.parent} <= documented and edge.status != "inferred" for edge in found.edges)
    assert all({edge.child, edge.parent} <= everything for edge in found.lead_edges)
    numbers = [edge.index for edge in (*found.edges, *found.lead_edges)]
    carrying = [link for link in followed(world, filters) if link.carries != "none"]
    wanted = {link.number for link in carrying if {link.child, link.parent} <= everything}
    assert sorted(numbers) == sorted(wanted)
    assert {edge for node in (*found.nodes, *found.lead_nodes) for edge in node.path} <= set(numbers)


@thorough
@asked
def test_what_carries_nothing_is_shown_one_step_from_the_root_and_nowhere_else(world, place, direction, filters, depth):
    got = walked(world, place, direction, filters, depth)
    found = drawn(got, filters, None)
    wanted = reference.tools(followed(world, filters), int(got.graph.ids[got.root]), direction == "downstream")
    assert {edge.index for edge in found.not_carried} == wanted
    assert all(edge.carries != "none" for edge in (*found.edges, *found.lead_edges))


@thorough
@given(
    world=worlds(), place=st.integers(0, 5), direction=directions, filters=questions, depth=depths,
    kinds=st.frozensets(st.sampled_from(KINDS), min_size=1),
)  # fmt: skip
def test_asked_for_kinds_an_outline_holds_them_all_with_every_step_to_them(world, place, direction, filters, depth, kinds):
    got = walked(world, place, direction, filters, depth)
    whole, found = drawn(got, filters, None), drawn(got, filters, kinds)
    assert found.nodes == tuple(node for node in whole.nodes if node.kind in kinds)
    assert found.lead_nodes == tuple(node for node in whole.lead_nodes if node.kind in kinds)
    steps = {edge for node in (*found.nodes, *found.lead_nodes) for edge in node.path}
    assert sorted(edge.index for edge in (*found.edges, *found.lead_edges)) == sorted(steps)
    sure = {edge.index for edge in found.edges}
    assert all(set(node.path) <= sure for node in found.nodes)


@thorough
@asked
def test_counts_are_lengths(world, place, direction, filters, depth):
    got = walked(world, place, direction, filters, depth)
    found = drawn(got, filters, None)
    silent = frozenset(record for record, kind in world.nodes if kind == "model")
    for nodes in (found.nodes, found.lead_nodes):
        counts = count_nodes(nodes, silent)
        assert counts["nodes"] == len(nodes)
        assert sum(counts["by_kind"].values()) == sum(counts["by_status"].values()) == len(nodes)
        assert counts["undisclosed_training_data"] == sum(node.record in silent for node in nodes)


@st.composite
def issues(draw):
    world = draw(worlds())
    return world, draw(impacts(len(world.nodes)))


def naive(world: World, said, filters: Filters) -> dict[int, reference.Stands]:
    ids = [record for record, _ in world.nodes]
    naive_says = [reference.Says(ids[one.node], one.says, one.status, one.start, one.end) for one in said]
    return {ids.index(record): how for record, how in reference.stands(followed(world, filters), naive_says).items()}


def weakest_status(graph: Graph, path: Sequence[int]) -> str:
    return RANKING[min(int(graph.strength[edge]) for edge in path) - 4] if path else ""


@settings(max_examples=300, deadline=None)
@given(issues(), questions | st.just(Filters()))
def test_an_issue_stands_to_every_node_as_the_reference_says(case, filters):
    world, said = case
    graph = world.graph
    found = {
        node: reference.Stands(one.category, weakest_status(graph, one.path), len(one.path))
        for node, one in exposures(graph, said, filters).items()
    }
    assert found == naive(world, said, filters)


@settings(max_examples=150, deadline=None)
@given(issues())
def test_a_deciding_path_runs_from_an_impact_to_the_node_and_bears_out_its_class(case):
    world, said = case
    graph = world.graph
    found = exposures(graph, said)
    for node, one in found.items():
        assert one.origin.says in {"affected", "mitigated"}
        assert leads_from(graph, one.path, one.origin.node, "downstream") == node
        assert (one.category == "present") == (one.path == ())
        carried = [int(graph.carries[edge]) for edge in one.path]
        assert 0 not in carried
        if one.category == "inherited":
            assert set(carried) == {3} and min(graph.strength[list(one.path)]) >= STRENGTH["reported"]
        if one.path:
            weakest = weakest_step(graph, one)
            assert weakest in one.path and graph.carries[weakest] == min(carried)


@settings(max_examples=300, deadline=None)
@given(issues(), st.randoms(use_true_random=False))
def test_neither_the_order_of_impacts_nor_what_says_nothing_changes_an_exposure(case, random):
    world, said = case
    silent = [one for one in said if one.says in {"under_investigation", "unknown"} or one.status in {"inferred", "refuted"}]
    counting = [one for one in said if one not in silent]
    shuffled = random.sample(counting, len(counting))
    assert exposures(world.graph, said) == exposures(world.graph, shuffled)


def test_an_edge_to_a_record_that_is_no_node_is_refused():
    for child, parent in ((3, 9), (9, 3), (1, 3), (5, 3)):
        with pytest.raises(ValueError):
            Graph.build(1, [(3, "dataset"), (8, "model")], [_row(child, parent)])
    with pytest.raises(ValueError):
        Graph.build(1, [], [_row(1, 2)])


def _row(child: int, parent: int) -> EdgeRow:
    return EdgeRow(1, child, parent, "trained_on", "reported")


@thorough
@given(world=worlds(), places=st.lists(st.integers(0, 5), max_size=3), direction=directions, filters=questions)
def test_what_several_roots_reach_is_what_each_reaches_and_the_roots_themselves(world, places, direction, filters):
    graph = world.graph
    roots = [place % graph.size for place in places]
    wanted = set(roots).union(*(closure(graph, root, direction, filters).nodes.tolist() for root in roots))
    assert set(within_reach(graph, roots, direction, filters).nonzero()[0].tolist()) == wanted
