"""How a graph grows: further edges laid over its base, others withdrawn, and all of it made a base again. Pure."""

import numpy as np

from kb.lineage.base import Base
from kb.lineage.codes import WEAKEST, Direction, places
from kb.lineage.columns import Array, Columns
from kb.lineage.graph import Graph
from kb.lineage.lists import Younger


def extended(
    graph: Graph, edition: int, nodes: dict[str, Array], edges: dict[str, Array], withdrawn: Array, silent: frozenset[int]
) -> Graph:
    """Return the graph of a younger edition: with further nodes and edges, and without those withdrawn.

    Raises ValueError where a new node does not come after all others, or an edge joins a record that is no node.
    """
    if len(nodes["ids"]) and graph.room and nodes["ids"][0] <= graph.ids[-1]:
        raise ValueError("A node came to stand among older ones.")
    grown = graph.nodes.extended(**nodes)
    edges |= {"child": places(grown["ids"], edges["child"]), "parent": places(grown["ids"], edges["parent"])}
    gone = np.union1d(graph.withdrawn, withdrawn).astype(np.int32)
    younger = _younger(graph, edges, np.setdiff1d(gone, graph.withdrawn))
    return Graph(edition, grown, graph.edges.extended(**edges), graph.base, gone, silent, younger)


def _younger(graph: Graph, edges: dict[str, Array], withdrawn: Array) -> dict[Direction, Younger]:
    """What lies over the base in each direction, with further edges, of which only some can be followed, and others withdrawn."""
    kept = np.flatnonzero((edges["strength"] >= WEAKEST) & (edges["carries"] > 0))
    child, parent, strength = (edges[name][kept].tolist() for name in ("child", "parent", "strength"))
    number = (graph.edges.length + kept).tolist()
    lost = withdrawn[withdrawn < graph.base.edges]
    sides: tuple[tuple[Direction, list[int], list[int], Array], ...] = (
        ("downstream", parent, child, graph.parent), ("upstream", child, parent, graph.child),
    )  # fmt: skip
    return {
        side: graph.younger[side].grown(sources, zip(targets, strength, number, strict=True), near[lost].tolist())
        for side, sources, targets, near in sides
    }


def edges_of(graph: Graph, statements: Array) -> Array:
    """Return the edges of statements, of former versions too. The base's edges stand in the order of their statements."""
    of_base, younger = graph.statement[: graph.base.edges], graph.statement[graph.base.edges :]
    first, last = np.searchsorted(of_base, statements, "left"), np.searchsorted(of_base, statements, "right")
    return np.concatenate((first[last > first], graph.base.edges + np.flatnonzero(np.isin(younger, statements))))


def compacted(graph: Graph) -> Graph:
    """Return the same graph as a base of its own, with nothing laid over it."""
    alive = np.ones(graph.edges.length, dtype=np.bool_)
    alive[graph.withdrawn] = False
    kept = np.flatnonzero(alive)
    kept = kept[np.argsort(graph.statement[kept], kind="stable")]
    columns = {name: graph.edges[name][kept] for name in graph.edges.whole}
    return Graph(
        graph.edition, Columns(graph.nodes.whole, graph.room, graph.nodes.filled), Columns.of(**columns),
        Base.build(graph.room, columns), silent=graph.silent,
    )  # fmt: skip
