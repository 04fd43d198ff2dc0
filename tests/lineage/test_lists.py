"""Rows kept as lists: short ones, within a bound, and never a row that has changed since."""

import numpy as np

from kb.lineage.codes import edge_columns_of, node_columns
from kb.lineage.graph import EdgeRow, Filters, Graph
from kb.lineage.growth import extended
from kb.lineage.lists import SHORT, Lists, Step
from kb.lineage.near import Near, explore
from tests.lineage.small import Small


class Read:
    """Rows of a given length, and the nodes that were read."""

    def __init__(self, length: int) -> None:
        self.length, self.nodes = length, list[int]()

    def __call__(self, node: int) -> tuple[Step, ...]:
        self.nodes.append(node)
        return tuple((to, 8, to) for to in range(self.length))


def test_a_row_is_read_once():
    read = Read(3)
    rows = Lists(read)
    assert rows[7] == rows[7] == read(7)
    assert read.nodes == [7, 7]


def test_a_long_row_is_not_kept():
    rows = Lists(Read(SHORT + 1))
    assert len(rows[1]) == SHORT + 1
    assert not rows


def test_what_is_kept_stays_within_its_room():
    rows = Lists(Read(9), room=100)
    for node in range(1000):
        assert len(rows[node]) == 9
        assert sum(len(kept) + 1 for kept in rows.values()) <= 100
    assert rows


def grown(graph: Graph, *, withdrawn: int, added: EdgeRow) -> Graph:
    return extended(graph, 2, node_columns([]), edge_columns_of([added]), np.array([withdrawn]), frozenset())


def test_rows_that_an_older_edition_read_are_not_taken_for_those_of_a_younger_one():
    small = Small("B trained_on A", "C trained_on A", "D trained_on B")
    old = Near(small.graph, "downstream", Filters())
    assert [to for to, _, _ in old.steps[0]] == [1, 2]
    new = Near(grown(small.graph, withdrawn=0, added=EdgeRow(9, 4, 1, "trained_on", "confirmed")), "downstream", Filters())
    assert [to for to, _, _ in new.steps[0]] == [2, 3]
    assert new.steps[1] is old.steps[1]
    assert [to for to, _, _ in old.steps[0]] == [1, 2]


def test_a_hub_is_not_even_read_where_it_holds_more_than_the_limit():
    graph = Graph.build(
        1, [(node, "model") for node in range(1, 202)], [EdgeRow(n, n, 1, "trained_on", "reported") for n in range(2, 202)]
    )
    read = list[int]()
    near = Near(graph, "downstream", Filters())
    near.steps._read = lambda node: read.append(node) or ()  # type: ignore[func-returns-value]
    assert explore(near, [0], 199) is None
    assert read == []
