"""Hubs, chains and wide issues: nothing the engine does grows with the square of a graph."""

import time

import numpy as np

from kb.lineage.answer import outline
from kb.lineage.graph import EdgeRow, Filters, Graph
from kb.lineage.inherit import Impact, exposures
from kb.lineage.kept import Store
from kb.lineage.walk import closure

SIZE = 20_000
# Generous: each takes well under a second; with the square of the size it would be minutes.
SECONDS = 20


def hub() -> Graph:
    rows = [EdgeRow(node, node, 1, "trained_on", "confirmed") for node in range(2, SIZE + 1)]
    return Graph.build(1, [(node, "model") for node in range(1, SIZE + 1)], rows)


def test_a_hub_with_thousands_of_children_is_drawn_up_in_time():
    graph, started = hub(), time.monotonic()
    found = outline(closure(graph, 0, "downstream", Filters()), Filters())
    assert len(found.nodes) == len(found.edges) == SIZE - 1
    assert time.monotonic() - started < SECONDS


def test_an_issue_of_a_hub_spreads_in_time():
    graph, started = hub(), time.monotonic()
    assert len(exposures(graph, [Impact(1, 0, "affected", "confirmed")])) == SIZE
    assert time.monotonic() - started < SECONDS


def test_an_issue_with_thousands_of_impacts_spreads_in_time():
    graph, started = hub(), time.monotonic()
    found = exposures(graph, [Impact(node, node, "affected", "confirmed") for node in range(1, 5000)])
    assert len(found) == 4999
    assert time.monotonic() - started < SECONDS


def test_a_long_chain_has_its_whole_length_as_depth_and_path():
    length = 1500
    rows = [EdgeRow(node, node, node - 1, "trained_on", "confirmed") for node in range(2, length + 1)]
    graph = Graph.build(1, [(node, "model") for node in range(1, length + 1)], rows)
    found = closure(graph, 0, "downstream", Filters())
    assert int(found.depth[length - 1]) == len(found.best_path(length - 1)) == length - 1
    last = exposures(graph, [Impact(1, 0, "affected", "confirmed")])[length - 1]
    assert (last.category, len(last.path)) == ("inherited", length - 1)


def test_a_hub_of_a_hundred_thousand_children_within_a_cycle_is_walked_in_time():
    size, started = 100_000, time.monotonic()
    rows = [EdgeRow(node, node, 1, "trained_on", "confirmed") for node in range(2, size + 1)]
    rows += [EdgeRow(size + 1, 1, size, "depends_on", "reported"), EdgeRow(size + 2, 1, 1, "depends_on", "reported")]
    graph = Graph.build(1, [(node, "model") for node in range(1, size + 1)], rows)
    below = closure(graph, 0, "downstream", Filters())
    assert len(below.nodes) == size - 1
    assert below.vicinity is None
    assert len(below.best_path(500)) == 1
    assert len(closure(graph, 500, "downstream", Filters()).nodes) == 0
    assert len(closure(graph, 500, "upstream", Filters()).nodes) == 2
    assert len(closure(graph, size - 1, "downstream", Filters()).nodes) == size - 1
    assert time.monotonic() - started < SECONDS


def test_what_is_kept_stays_within_its_budget():
    small = Store(budget=100)
    made = [small.get(("matrix", number), lambda: np.zeros(5)) for number in range(10)]
    assert small.held <= 100
    assert small.get(("matrix", 9), lambda: np.ones(5)) is made[9]
    assert small.get(("matrix", 0), lambda: np.ones(5)).sum() == 5
