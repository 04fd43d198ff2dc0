"""One answer to one question of lineage: what every view of it - page, CSV, JSON - is made from.

Pure: it takes a closure and gives nodes and edges as numbers. Names and evidence are read by `ask.py`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from kb.lineage.graph import CARRIES, KIND_CODES, PREDICATE_CODES, Filters, Graph, Ints
from kb.lineage.near import ends
from kb.lineage.passes import Wide
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
    predicate: str
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
    within = _edges_within(closure)
    nodes = _nodes(closure, within)
    if selection:
        nodes = [node for node in nodes if selection.takes(node)]
        within = np.array(sorted({index for node in nodes for index in node.path}), dtype=np.int64)
    documented = {node.record for node in nodes if not node.is_lead} | {int(graph.ids[closure.root])}
    if selection:
        documented |= _on_paths_of(graph, (node for node in nodes if not node.is_lead))
    edges: tuple[list[Edge], list[Edge]] = ([], [])
    for edge in edges_at(graph, _in_reading_order(closure, within)):
        edges[edge.is_lead or edge.child not in documented or edge.parent not in documented].append(edge)
    return Outline(
        nodes=tuple(node for node in nodes if not node.is_lead),
        edges=tuple(edges[0]),
        lead_nodes=tuple(node for node in nodes if node.is_lead),
        lead_edges=tuple(edges[1]),
        not_carried=tuple(edges_at(graph, closure.near.tools(closure.root))),
    )


def _nodes(closure: Closure, within: Ints) -> list[Node]:
    """Every node that was reached. What its path carries is the least of its edges, taken for all paths at once."""
    graph, places = closure.graph, closure.nodes
    if not len(places):
        return []
    paths = _best_paths(closure, within)
    steps = np.fromiter(chain.from_iterable(paths), dtype=np.int64)
    starts = np.cumsum([0, *map(len, paths[:-1])])
    columns = (
        graph.ids[places].tolist(),
        graph.kind[places].tolist(),
        closure.depths_of(places),
        map(closure.strengths.__getitem__, places.tolist()),
        paths,
        np.minimum.reduceat(graph.carries[steps], starts).tolist(),
        np.logical_or.reduceat(graph.version_not_stated(steps), starts).tolist(),
        np.logical_or.reduceat(graph.leads(steps), starts).tolist(),
    )
    return [
        Node(record, KIND_CODES[kind], depth, STATUS_OF[int(strength)], path, CARRIES[carries], unstated, lead)
        for record, kind, depth, strength, path, carries, unstated, lead in zip(*columns, strict=True)
    ]


def _best_paths(closure: Closure, within: Ints) -> list[tuple[int, ...]]:
    """Return the best path to every node reached, in their order. Over a whole matrix the edges are found for all at once."""
    places = closure.nodes
    if closure.vicinity is not None:
        return [tuple(closure.best_path(node)) for node in places.tolist()]
    levels = closure.strength[places]
    found: dict[int, tuple[int, ...]] = {}
    for level in np.unique(levels).tolist():
        found |= _trails(closure, level, places[levels == level], within)
    return [found[node] for node in places.tolist()]


def _trails(closure: Closure, level: int, wanted: Ints, within: Ints) -> dict[int, tuple[int, ...]]:
    """The way to each of the nodes on one level: that to the node before, which is shorter, and one edge more."""
    one = closure.at_level(level)
    assert isinstance(one, Wide)
    before = one.came_from
    on_the_way = [layer := np.unique(wanted)]
    while len(layer := np.setdiff1d(before[layer], [closure.root])):
        on_the_way.append(layer)
    nodes = np.unique(np.concatenate(on_the_way))
    joints = dict(
        zip(nodes.tolist(), zip(before[nodes].tolist(), _joints(closure, before[nodes], nodes, within), strict=True), strict=True)
    )
    trails: dict[int, tuple[int, ...]] = {closure.root: ()}
    for node in wanted.tolist():
        stack = [node]
        while stack[-1] not in trails:
            stack.append(joints[stack[-1]][0])
        while len(stack) > 1:
            whence = stack.pop()
            trails[stack[-1]] = (*trails[whence], joints[stack[-1]][1])
    return {node: trails[node] for node in wanted.tolist()}


def _joints(closure: Closure, near: Ints, far: Ints, edges: Ints) -> list[int]:
    """The best edge from each node to the other that it is joined to: the strongest, which carries the most, the oldest."""
    graph, room = closure.graph, closure.graph.room
    source, target = (end[edges] for end in ends(graph, closure.direction))
    pair = source.astype(np.int64) * room + target
    wanted = near.astype(np.int64) * room + far
    edges, pair = edges[kept := np.isin(pair, wanted)], pair[kept]
    order = np.lexsort((graph.statement[edges], -graph.carries[edges].astype(int), -graph.strength[edges].astype(int), pair))
    edges, pair = edges[order], pair[order]
    return edges[np.searchsorted(pair, wanted)].tolist()  # type: ignore[no-any-return]


def path_carries(graph: Graph, path: Iterable[int]) -> str:
    """Return what a path of at least one edge carries: as little as its least carrying edge."""
    return CARRIES[int(graph.carries[list(path)].min())]


def edges_at(graph: Graph, indices: Sequence[int]) -> list[Edge]:
    """Return edges of a graph, read column by column."""
    at = np.array(indices, dtype=np.int64)
    columns = (
        at, graph.statement[at], graph.ids[graph.child[at]], graph.ids[graph.parent[at]], graph.predicate[at],
        graph.carries[at], graph.strength[at], graph.version_not_stated(at),
    )  # fmt: skip
    return [
        Edge(index, statement, child, parent, PREDICATE_CODES[predicate], CARRIES[carries], STATUS_OF[strength], unstated)
        for index, statement, child, parent, predicate, carries, strength, unstated in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]


def _edges_within(closure: Closure) -> Ints:
    """Every followed edge both of whose ends are the root or reached."""
    graph, vicinity = closure.graph, closure.vicinity
    if vicinity is not None:
        nodes = {closure.root, *closure.nodes.tolist()}
        rows = vicinity.rows
        return np.array(sorted(edge for node in nodes for to, _, edge in rows[node] if to in nodes), dtype=np.int64)
    inside = closure.strength > 0
    inside[closure.root] = True
    mask = graph.mask(closure.filters) & (graph.carries > 0) & inside[graph.child] & inside[graph.parent]
    found: Ints = np.flatnonzero(mask)
    return found


def _in_reading_order(closure: Closure, at: Ints) -> list[int]:
    """From the root outwards: by the depth of the nearer and the farther end, then by statement."""
    graph = closure.graph
    near, far = (np.array(closure.depths_of(end[at]), dtype=np.int64) for end in ends(graph, closure.direction))
    found: list[int] = at[np.lexsort((graph.statement[at], far, near))].tolist()
    return found


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
