"""The peers: networkx, rustworkx and recursive SQL on SQLite and PostgreSQL, over the same edges."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

LIMIT_SECONDS = 20
Act = Callable[[], object]
_COLUMNS = ("child", "parent", "predicate", "strength", "is_use", '"from"', '"to"')
_TABLE = f"CREATE TABLE bench_edge ({', '.join(f'{column} INT' for column in _COLUMNS)})"
_INDEXES = ("CREATE INDEX bench_child ON bench_edge (child)", "CREATE INDEX bench_parent ON bench_edge (parent)")


def networkx_walks(edges: Any, root: int, wanted: list[bool]) -> tuple[Act, Act] | None:
    """Everything below a root, and the wanted nodes among it with their depth."""
    try:
        import networkx  # noqa: PLC0415 - a peer may be missing
    except ImportError:
        return None
    graph = networkx.DiGraph()
    graph.add_edges_from(zip(edges.parent.tolist(), edges.child.tolist(), strict=True))

    def depths() -> list[tuple[int, int]]:
        reached = networkx.single_source_shortest_path_length(graph, root)
        return [(node, depth) for node, depth in reached.items() if wanted[node]]

    return lambda: networkx.descendants(graph, root), depths


def rustworkx_walks(edges: Any, root: int, wanted: list[bool]) -> tuple[Act, Act] | None:
    """Everything below a root, and the wanted nodes among it with their depth."""
    try:
        import rustworkx  # noqa: PLC0415 - a peer may be missing
    except ImportError:
        return None
    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(edges.size))
    graph.add_edges_from_no_data(list(zip(edges.parent.tolist(), edges.child.tolist(), strict=True)))

    def depths() -> list[tuple[int, int]]:
        layers = rustworkx.bfs_layers(graph, [root])
        return [(node, depth) for depth, layer in enumerate(layers) for node in layer if wanted[node]]

    return lambda: rustworkx.descendants(graph, root), depths


class Sql:
    """Recursive SQL over one raw table. A query that takes longer than the limit is stopped and says so."""

    def __init__(self, vendor: str, address: str = "") -> None:
        self.vendor = vendor
        self.mark = "?" if vendor == "SQLite" else "%s"
        if vendor == "SQLite":
            self.connection: Any = sqlite3.connect(":memory:")
        else:
            import psycopg  # noqa: PLC0415 - a peer may be missing

            self.connection = psycopg.connect(address, autocommit=True)
            self.connection.execute(f"SET statement_timeout = {LIMIT_SECONDS * 1000}")
            self.connection.execute("SET search_path = pg_temp")

    def fill(self, edges: Any) -> None:
        """Write the edges and index them."""
        self.connection.execute(_TABLE if self.vendor == "SQLite" else _TABLE.replace("TABLE", "TEMP TABLE"))
        rows: Iterator[tuple[int, ...]] = zip(*(column.tolist() for column in edges.columns), strict=True)
        if self.vendor == "SQLite":
            self.connection.executemany("INSERT INTO bench_edge VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        else:
            with self.connection.cursor().copy("COPY bench_edge FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        for statement in _INDEXES:
            self.connection.execute(statement)
        if self.vendor == "PostgreSQL":
            self.connection.execute("ANALYZE bench_edge")

    def closure(self, root: int, near: str = "parent", far: str = "child", condition: str = "1 = 1") -> Act:
        """The node set of a closure."""
        query = (
            f"WITH RECURSIVE found(node) AS (SELECT CAST({root} AS INT) UNION SELECT e.{far} FROM found f "
            f"JOIN bench_edge e ON e.{near} = f.node WHERE {condition}) SELECT count(*) FROM found"
        )
        return lambda: self._run(query)

    def with_depth(self, root: int) -> Act:
        """Nodes with their depth and weakest step: every combination, since SQL keeps no best."""
        least = "CASE WHEN e.strength < f.strength THEN e.strength ELSE f.strength END"
        query = (
            f"WITH RECURSIVE found(node, depth, strength) AS (SELECT CAST({root} AS INT), 0, 9 UNION "
            f"SELECT e.child, f.depth + 1, {least} FROM found f JOIN bench_edge e ON e.parent = f.node WHERE f.depth < 100) "
            "SELECT count(DISTINCT node) FROM found"
        )
        return lambda: self._run(query)

    def _run(self, query: str) -> Any:
        if self.vendor == "SQLite":
            until = time.monotonic() + LIMIT_SECONDS
            self.connection.set_progress_handler(lambda: int(time.monotonic() > until), 100_000)
        return self.connection.execute(query).fetchone()[0]


class Edges:
    """The followable edges of a graph as columns."""

    def __init__(self, graph: Any, uses: "np.ndarray[Any, Any]") -> None:
        edge = graph.base.downstream.edge
        self.size = graph.room
        self.child, self.parent = graph.child[edge], graph.parent[edge]
        self.columns = (
            self.child, self.parent, graph.predicate[edge], graph.strength[edge],
            uses[graph.predicate[edge]].astype(np.int8), graph.start[edge], graph.end[edge],
        )  # fmt: skip
