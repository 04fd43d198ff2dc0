"""The lineage engine beside its peers, on the same graph in the same run.

    python -m bench.lineage --size M
    python -m bench.lineage --size L --peers "c sqlite"

Prints a table of medians and of ratios to the project. Nothing is asserted: timings are noisy, ratios less so.
"""

import argparse
import os
import shutil
import statistics
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench import cloop, generate, peers, setup

setup.django()

from kb.lineage import snapshot  # noqa: E402
from kb.lineage.base import Base  # noqa: E402
from kb.lineage.codes import KIND_CODES, LINEAGE, USES, edge_columns  # noqa: E402
from kb.lineage.graph import Filters, Graph  # noqa: E402
from kb.lineage.growth import extended  # noqa: E402
from kb.lineage.inherit import Descent, Impact  # noqa: E402
from kb.lineage.walk import Closure, closure  # noqa: E402
from kb.lineage.world import World  # noqa: E402

HUB = 0
PRODUCT = KIND_CODES.index("product")
NAMES = ("project", "c", "networkx", "rustworkx", "sqlite", "postgresql")
FILTERS = Filters(frozenset(list(LINEAGE)[::2]), "reported", generate.year_starts()[-3].item())
ALL = Filters()
_SAMPLE = 1000


class Table:
    """Measured rows: what, and milliseconds or a word by whom."""

    def __init__(self, wanted: set[str]) -> None:
        self.wanted = wanted
        self.rows: dict[str, dict[str, float | str]] = {}

    def time(self, what: str, who: str, act: Callable[[], object] | None, times: int = 5) -> None:
        """Time an act of somebody, or note that it is not there."""
        if who not in self.wanted:
            return
        if act is None:
            self.note(what, who, "not installed")
            return
        try:
            took = setup.once_ms(act)
            self.note(what, who, took if took > 2000 else setup.median_ms(act, times))
        except Exception as fault:  # a peer may fail in any way, and most do by the time limit
            self.note(what, who, f"> {peers.LIMIT_SECONDS} s" if _is_timeout(fault) else type(fault).__name__)
        print(f"  {what} · {who}: {self.rows[what][who]}", flush=True)

    def note(self, what: str, who: str, value: float | str) -> None:
        """Put down what was measured elsewhere."""
        self.rows.setdefault(what, {})[who] = value

    def show(self) -> str:
        """The table in Markdown: milliseconds, and in brackets how many times what the project takes."""
        shown = [name for name in NAMES if any(name in row for row in self.rows.values())]
        lines = ["| what (ms) | " + " | ".join(shown) + " | project / C |", "|---" * (len(shown) + 2) + "|"]
        for what, row in self.rows.items():
            cells = [_cell(row.get(name), row.get("project")) for name in shown]
            own, limit = row.get("project"), row.get("c")
            ratio = f"{own / limit:.2f}" if isinstance(own, float) and isinstance(limit, float) else ""
            lines.append(f"| {what} | {' | '.join(cells)} | {ratio} |")
        return "\n".join(lines)


def _is_timeout(fault: Exception) -> bool:
    return any(word in str(fault) for word in ("interrupted", "timeout"))


def _cell(value: float | str | None, own: float | str | None) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    times = f" ({value / own:.1f} x)" if isinstance(own, float) and value is not own and own else ""
    return f"{value:.3g}{times}" if value < 1000 else f"{value:,.0f}{times}"


def as_graph(arrays: generate.Arrays) -> Graph:
    """A graph of generated arrays."""
    count, size = len(arrays.child), len(arrays.kind)
    columns = edge_columns(
        np.arange(1, count + 1), arrays.child + 1, arrays.parent + 1, arrays.predicate, arrays.strength, arrays.start, arrays.end
    )
    return Graph.of(1, {"ids": np.arange(1, size + 1), "kind": arrays.kind.astype(np.int8)}, columns)


def hub(graph: Graph, filters: Filters = ALL) -> Closure:
    """The hub's closure, walked once at the weakest level."""
    found = closure(graph, HUB, "downstream", filters)
    found.reached_count()
    return found


def products_of(graph: Graph) -> tuple[Any, Any, Any]:
    """Products below the hub with depth and status; the best path of each is a walk back from it."""
    found = closure(graph, HUB, "downstream", Filters())
    products = np.flatnonzero((graph.kind == PRODUCT) & (found.strength > 0))
    return products, found.depth[products], found.strength[products]


def overlaid(graph: Graph, count: int, *, withdrawn: bool) -> Graph:
    """The graph of the next edition, with so many edges added or withdrawn."""
    random = np.random.default_rng(count)
    nothing = {"ids": np.empty(0, np.int64), "kind": np.empty(0, np.int8)}
    if withdrawn:
        none = np.empty(0, np.int64)
        gone = random.choice(graph.base.edges, min(count, graph.base.edges), replace=False)
        return extended(graph, 2, nothing, edge_columns(*[none] * 7), gone, frozenset())
    picked = random.integers(0, graph.base.edges, count)
    child = random.integers(1, graph.room, count)
    columns = edge_columns(
        graph.base.edges + np.arange(1, count + 1), child + 1, graph.parent[picked].astype(np.int64) + 1,
        np.full(count, 15), np.full(count, 6), np.zeros(count), np.full(count, 10_000_000),
    )  # fmt: skip
    return extended(graph, 2, nothing, columns, np.empty(0, np.int64), frozenset())


def measure_walks(table: Table, graph: Graph, loop: cloop.CLoop | None) -> None:
    """Closures of the hub: bare, with products, filtered."""
    what = f"closure of the hub ({hub(graph).reached_count():,} nodes)"
    table.time(what, "project", partial(hub, graph))
    table.time(what, "c", loop and partial(loop.closure, HUB))
    reached = len(products_of(graph)[0])
    products = f"products with depth and best path ({reached:,})"
    table.time(products, "project", partial(products_of, graph))
    table.time(products, "c", loop and partial(loop.products, HUB, PRODUCT))
    found, some = closure(graph, HUB, "downstream", ALL), products_of(graph)[0][:100].tolist()
    table.time("100 of these paths told edge by edge", "project", lambda: [found.best_path(node) for node in some])
    cold, warm = "as-of + status + relation filter, cold", f"the same, warm ({hub(graph, FILTERS).reached_count():,} nodes)"
    table.note(cold, "project", setup.once_ms(lambda: hub(as_graph_again(graph), FILTERS)))
    table.time(warm, "project", partial(hub, graph, FILTERS))
    table.time(warm, "c", loop and loop.filtered(HUB, FILTERS))


def as_graph_again(graph: Graph) -> Graph:
    """The same graph with nothing kept for it."""
    base = graph.base
    fresh = Base(base.edges, base.downstream, base.upstream, base.tools_downstream, base.tools_upstream)
    return Graph(graph.edition, graph.nodes, graph.edges, fresh)


def measure_small(table: Table, graph: Graph, loop: cloop.CLoop | None, sql: dict[str, peers.Sql]) -> None:
    """The median node in both directions, each asked once, and the issues of the deepest product."""
    nodes = np.random.default_rng(3).choice(graph.room, _SAMPLE, replace=False).tolist()
    for side in ("downstream", "upstream"):
        what = f"median node, {side}"
        table.note(what, "project", _median_of(nodes, lambda node, side=side: closure(graph, node, side, Filters()).nodes))
        if loop and "c" in table.wanted:
            table.note(what, "c", _median_of(nodes, lambda node, side=side: loop.near(node, side)))
        for name, database in sql.items():
            ends = ("parent", "child") if side == "downstream" else ("child", "parent")
            table.note(what, name, _median_of(nodes, lambda node, ends=ends, database=database: database.closure(node, *ends)()))
    afresh = _median_of(nodes, partial(above_node, graph), partial(forget_rows, graph))
    table.note("the same, no row kept from the one before", "project", afresh)
    table.note("the same, with the best path to each", "project", _median_of(nodes, partial(paths_above, graph)))
    products, depth, _ = products_of(graph)
    deepest = int(products[np.argmax(depth)])
    above = closure(graph, deepest, "upstream", Filters()).nodes
    world = issues_above(graph, above)
    what = f"issues inherited by the deepest product ({len(above)} above it, {len(world.impacts)} issues)"
    table.time(what, "project", partial(inherited, world, deepest), 50)
    table.time(what, "c", loop and partial(loop.near, deepest, "upstream"), 50)
    for name, database in sql.items():
        table.time(what, name, database.closure(deepest, "child", "parent"), 20)


def issues_above(graph: Graph, above: Any) -> World:
    """A world with 2,000 issues, three of which start above a product."""
    random = np.random.default_rng(5)
    starts = np.concatenate((above[[0, len(above) // 2, -1]], random.integers(1, graph.room, 1997)))
    elsewhere = np.setdiff1d(np.arange(1, len(above) + 2), above)[0]
    starts[3:][np.isin(starts[3:], above)] = elsewhere
    impacts = {-place: (Impact(place, int(node), "affected", "confirmed"),) for place, node in enumerate(starts, start=1)}
    return World(graph, impacts, frozenset(), {})


def inherited(world: World, node: int) -> list[object]:
    """Issues that reach a node."""
    descent = Descent(world.graph, node)
    return [descent.exposure_to(world.impacts[issue]) for issue in world.issues_near(descent.nodes)]


def _median_of(nodes: list[int], act: Callable[[int], object], before: Callable[[], object] = int) -> float:
    """The median over nodes, each of which is asked once. What was stopped counts as the limit."""
    took = []
    for node in nodes:
        before()
        try:
            took.append(setup.once_ms(partial(act, node)))
        except Exception as fault:  # each peer has its own
            if not _is_timeout(fault):
                raise
            took.append(peers.LIMIT_SECONDS * 1000)
    return statistics.median(took)


def above_node(graph: Graph, node: int) -> object:
    """The nodes above a node."""
    return closure(graph, node, "upstream", ALL).nodes


def paths_above(graph: Graph, node: int) -> object:
    """The best path to each node above a node."""
    found = closure(graph, node, "upstream", ALL)
    return [found.best_path(each) for each in found.nodes.tolist()]


def forget_rows(graph: Graph) -> None:
    """Let go of the rows that were read into lists."""
    for rows in graph.lists.values():
        rows.steps.clear()


def small_walk(graph: Graph, node: int) -> object:
    """The nodes below a node."""
    return closure(graph, node, "downstream", ALL).nodes


def measure_upkeep(table: Table, graph: Graph) -> None:
    """Building, laying over, withdrawing, and snapshots."""
    table.time("build both directions from columns", "project", lambda: Base.build(graph.room, graph.edges.whole), 3)
    for count in (100, 10_000):
        for act, gone in (("added", False), ("withdrawn", True)):
            first = overlaid(graph, count, withdrawn=gone)
            table.note(f"hub, {count:,} edges {act}: first walk of the edition", "project", setup.once_ms(partial(hub, first)))
            table.time(f"hub, {count:,} edges {act}: warm", "project", partial(hub, first))
            node = int(first.child[first.edges.length - 1])
            small = partial(small_walk, first, node)
            table.time(f"a small node, {count:,} edges {act}", "project", small)
            laid = partial(overlaid, graph, count, withdrawn=gone)
            table.time(f"laying over {count:,} edges {act}", "project", laid)
    folder = setup.folder() / "snapshots"
    shutil.rmtree(folder, ignore_errors=True)
    world = World(graph, {}, frozenset(), {}, digest="0" * 64)
    table.note("snapshot: write", "project", setup.once_ms(lambda: snapshot.kept(folder, world)))
    (path,) = folder.iterdir()
    table.time("snapshot: open, every byte checked", "project", lambda: snapshot.opened(path, 1, "0" * 64), 3)
    size = sum(file.stat().st_size for file in Path(path).iterdir()) / 1e6
    table.note("snapshot: size in MB", "project", size)


def measure_peers(table: Table, graph: Graph, sql: dict[str, peers.Sql]) -> None:
    """The hub's closure by the peers."""
    what, *_ = table.rows
    warm, products = (next(row for row in table.rows if row.startswith(start)) for start in ("the same, warm", "products"))
    edges, wanted = peers.Edges(graph, USES), (graph.kind == PRODUCT).tolist()
    for name, walks in (("rustworkx", peers.rustworkx_walks), ("networkx", peers.networkx_walks)):
        if name in table.wanted:
            bare, with_depth = walks(edges, HUB, wanted) or (None, None)
            table.time(what, name, bare, 3)
            table.time(products, name, with_depth, 3)
    codes = ", ".join(str(place) for place, code in enumerate(LINEAGE) if code in (FILTERS.predicates or ()))
    condition = (
        f'e.strength >= {FILTERS.weakest} AND e.predicate IN ({codes}) AND e."from" <= {FILTERS.on} '
        f'AND (e.is_use = 0 OR e."to" >= {FILTERS.on})'
    )
    for name, database in sql.items():
        table.time(what, name, database.closure(HUB), 3)
        table.time(warm, name, database.closure(HUB, condition=condition), 3)
        table.time(products, name, database.with_depth(HUB), 1)


def databases(wanted: set[str], graph: Graph) -> dict[str, peers.Sql]:
    """SQL databases that are there, filled."""
    found: dict[str, peers.Sql] = {}
    for name, vendor in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        if name not in wanted:
            continue
        try:
            found[name] = peers.Sql(vendor, os.environ.get("BENCH_POSTGRESQL", "postgres://postgres@127.0.0.1:5432/postgres"))
            found[name].fill(peers.Edges(graph, USES))
        except Exception as fault:  # whatever keeps a peer away is told and passed over
            print(f"  {vendor} is passed over: {fault}")
            found.pop(name, None)
    return found


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--size", choices=generate.SIZES, default="M")
    options.add_argument("--peers", default=" ".join(NAMES[1:]), help="which of them, by name")
    options.add_argument("--cpu", action="store_true", help="count this process's own time; PostgreSQL, another one, is left out")
    given = options.parse_args()
    table = Table({"project", *given.peers.split()})
    if given.cpu:
        setup.Clock.of_this_process()
        table.wanted.discard("postgresql")
    graph = as_graph(generate.stored(given.size))
    library = cloop.compiled() if "c" in table.wanted else None
    loop = cloop.CLoop(library, graph) if library else None
    measure_walks(table, graph, loop)
    resident = setup.memory_mb(peak=False)
    sql = databases(table.wanted, graph)
    measure_small(table, graph, loop, sql)
    measure_upkeep(table, graph)
    measure_peers(table, graph, sql)
    counts, clock = f"{graph.room:,} nodes, {graph.edges.length:,} edges", ", own time" if given.cpu else ""
    print(f"\n{given.size}: {counts}; {setup.machine()}{clock}; {resident:.0f} MB with all matrices\n")
    print(table.show())


if __name__ == "__main__":
    main()
