"""One answer to one question of lineage: what every view of it - page, CSV, JSON - is made from.

Pure: it takes a closure and gives nodes and edges as numbers. Names and evidence are read by `ask.py`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from kb.lineage.graph import CARRIES, Filters, Graph
from kb.lineage.near import ends
from kb.lineage.walk import Closure
from kb.records.status import STRENGTH

STATUS_OF = {strength: status for status, strength in STRENGTH.items()}


@dataclass(frozen=True, slots=True)
class Node:
    """An artifact that the root reaches: fewest steps, and status and edges of its best path.

    A lead has a lead among the steps of that path: something to check, never counted in. A disputed step, which is
    weaker still, does not turn a lead into a finding.
    """

    record: int
    kind: str
    depth: int
    status: str
    path: tuple[int, ...]
    carries: str
    version_not_stated: bool
    is_lead: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge between two nodes of the answer."""

    index: int
    statement: int
    child: int
    parent: int
    carries: str
    status: str
    version_not_stated: bool

    @property
    def is_lead(self) -> bool:
        """Whether it is only inferred, or a family's having this version, which is that at most."""
        return self.status == "inferred" or self.version_not_stated


@dataclass(frozen=True, slots=True)
class Outline:
    """Nodes and edges, the inferred ones apart as leads, and tools that do not carry one step from the root."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    lead_nodes: tuple[Node, ...]
    lead_edges: tuple[Edge, ...]
    not_carried: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which artifacts an answer lists: of these kinds, or these very records. Empty means no limit."""

    kinds: frozenset[str] = frozenset()
    records: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything is left out."""
        return bool(self.kinds or self.records)

    def takes(self, node: Node) -> bool:
        """Whether an artifact is among those asked for."""
        return (not self.kinds or node.kind in self.kinds) and (not self.records or node.record in self.records)


def outline(closure: Closure, filters: Filters, selection: Selection | None = None) -> Outline:
    """Draw up nodes and edges of a closure; with a selection, only its nodes and the edges on their best paths."""
    graph = closure.graph
    nodes = [_node(closure, node) for node in closure.nodes.tolist()]
    if selection:
        nodes = [node for node in nodes if selection.takes(node)]
        edges = sorted({index for node in nodes for index in node.path})
    else:
        edges = _edges_within(closure)
    documented = {node.record for node in nodes if not node.is_lead} | {int(graph.ids[closure.root])}
    if selection:
        documented |= _on_paths_of(graph, (node for node in nodes if not node.is_lead))
    made = [_edge(graph, index) for index in _in_reading_order(closure, edges)]
    sure = {edge.index for edge in made if not edge.is_lead and {edge.child, edge.parent} <= documented}
    return Outline(
        nodes=tuple(node for node in nodes if not node.is_lead),
        edges=tuple(edge for edge in made if edge.index in sure),
        lead_nodes=tuple(node for node in nodes if node.is_lead),
        lead_edges=tuple(edge for edge in made if edge.index not in sure),
        not_carried=tuple(_edge(graph, index) for index in closure.near.tools(closure.root)),
    )


def _node(closure: Closure, node: int) -> Node:
    graph, path = closure.graph, closure.best_path(node)
    return Node(
        record=int(graph.ids[node]),
        kind=graph.kind_of(node),
        depth=closure.depth_of(node),
        status=STATUS_OF[int(closure.strengths[node])],
        path=tuple(path),
        carries=path_carries(graph, path),
        version_not_stated=bool(graph.version_not_stated[path].any()),
        is_lead=bool(graph.leads[path].any()),
    )


def path_carries(graph: Graph, path: Iterable[int]) -> str:
    """Return what a path of at least one edge carries: as little as its least carrying edge."""
    return CARRIES[int(graph.carries[list(path)].min())]


def _edge(graph: Graph, index: int) -> Edge:
    return Edge(
        index=index,
        statement=int(graph.statement[index]),
        child=int(graph.ids[graph.child[index]]),
        parent=int(graph.ids[graph.parent[index]]),
        carries=CARRIES[int(graph.carries[index])],
        status=STATUS_OF[int(graph.strength[index])],
        version_not_stated=bool(graph.version_not_stated[index]),
    )


def _edges_within(closure: Closure) -> list[int]:
    """Every followed edge both of whose ends are the root or reached."""
    graph, vicinity = closure.graph, closure.vicinity
    if vicinity is not None:
        nodes = {closure.root, *closure.nodes.tolist()}
        return sorted(edge for node in nodes for to, _, edge in vicinity[node] if to in nodes)
    inside = closure.strength > 0
    inside[closure.root] = True
    mask = graph.mask(closure.filters) & (graph.carries > 0) & inside[graph.child] & inside[graph.parent]
    return [int(index) for index in np.flatnonzero(mask)]


def _in_reading_order(closure: Closure, edges: Iterable[int]) -> list[int]:
    """From the root outwards: by the depth of the nearer and the farther end, then by statement."""
    graph, depth = closure.graph, closure.depth_of
    near, far = ends(graph, closure.direction)
    return sorted(edges, key=lambda edge: (depth(int(near[edge])), depth(int(far[edge])), int(graph.statement[edge])))


def _on_paths_of(graph: Graph, nodes: Iterable[Node]) -> set[int]:
    edges = [index for node in nodes for index in node.path]
    return {int(graph.ids[end]) for index in edges for end in (graph.child[index], graph.parent[index])}


def count_nodes(nodes: Iterable[Node], undisclosed: frozenset[int]) -> dict[str, object]:
    """Count nodes by kind and status, and those whose training data is not disclosed."""
    nodes = list(nodes)
    return {
        "nodes": len(nodes),
        "by_kind": dict(sorted(Counter(node.kind for node in nodes).items())),
        "by_status": {status: count for status in STRENGTH if (count := sum(node.status == status for node in nodes))},
        "undisclosed_training_data": sum(node.record in undisclosed for node in nodes),
    }
