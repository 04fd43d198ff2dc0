"""Recursive SQL as the oracle: random questions on a seeded graph have the same answer there."""

import os
import sqlite3
from random import Random

import pytest

from kb.lineage.graph import AFTER_ALL, BEFORE_ALL, EdgeRow, Filters, Graph
from kb.lineage.walk import closure
from tests.lineage import reference
from tests.lineage.strategies import KINDS, PREDICATES
from tests.lineage.test_wide_walks import everything_wide

# All of them where it counts, a tenth while one writes.
QUESTIONS = 10_000 if os.environ.get("CI") else 1_000
NODES, EDGES = 300, 900
STATUSES = (*reference.RANKING, "refuted", "retracted", "needs_source")


def make_rows(random: Random) -> list[EdgeRow]:
    rows = []
    for statement in range(1, EDGES + 1):
        child = random.randrange(NODES)
        parent = int(child * random.random() ** 2) if random.random() < 0.97 else random.randrange(NODES)
        day = random.randint(1, 9)
        start, end = random.choice([(BEFORE_ALL, AFTER_ALL), (day, AFTER_ALL), (BEFORE_ALL, day)])
        status = random.choices(STATUSES, weights=[4, 10, 40, 8, 12, 1, 1, 1])[0]
        rows.append(EdgeRow(statement, child + 1, parent + 1, random.choice(PREDICATES), status, start, end))
    return rows


def database(rows: list[EdgeRow]) -> sqlite3.Connection:
    """The edges as the reference tells them, in a table of their own."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE edge (child INT, parent INT, predicate TEXT, rank INT, is_use INT, start INT, end INT)")
    links = [link for link in reference.links(rows) if link.carries != "none"]
    connection.executemany(
        "INSERT INTO edge VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (one.child, one.parent, one.predicate, one.rank, one.predicate in reference.USES, one.start, one.end)
            for one in links
        ],
    )  # fmt: skip
    connection.execute("CREATE INDEX by_child ON edge (child)")
    connection.execute("CREATE INDEX by_parent ON edge (parent)")
    return connection


def answer(connection: sqlite3.Connection, root: int, direction: str, filters: Filters) -> set[int]:
    near, far = ("parent", "child") if direction == "downstream" else ("child", "parent")
    rank = reference.RANKING.index(filters.min_status) if filters.min_status else 0
    predicates = sorted(filters.predicates or PREDICATES)
    on = filters.on
    query = (
        f"WITH RECURSIVE found(node) AS (VALUES (?) UNION SELECT e.{far} FROM found f JOIN edge e ON e.{near} = f.node "
        f"WHERE e.rank >= ? AND e.predicate IN ({', '.join('?' * len(predicates))}) "
        "AND (? OR (e.start <= ? AND (NOT e.is_use OR e.end >= ?)))) SELECT node FROM found WHERE node <> ?"
    )
    return {node for (node,) in connection.execute(query, (root, rank, *predicates, on is None, on, on, root))}


@pytest.mark.parametrize("seed", range(4))
def test_random_questions_have_the_answer_of_recursive_sql(seed):
    random = Random(seed)
    rows = make_rows(random)
    graph = Graph.build(1, [(node + 1, random.choice(KINDS)) for node in range(NODES)], rows)
    oracle = database(rows)
    for number in range(QUESTIONS // 4):
        filters = Filters(
            random.choice([None, frozenset(random.sample(PREDICATES, random.randint(4, 9)))]),
            random.choice([None, *reference.RANKING]), random.choice([None, random.randint(1, 9)]),
        )  # fmt: skip
        root, direction = random.randint(1, NODES), random.choice(["downstream", "upstream"])
        wanted = answer(oracle, root, direction, filters)
        assert set(graph.ids[closure(graph, root - 1, direction, filters).nodes].tolist()) == wanted
        if number % 5 == 0:
            with everything_wide():
                assert set(graph.ids[closure(graph, root - 1, direction, filters).nodes].tolist()) == wanted
