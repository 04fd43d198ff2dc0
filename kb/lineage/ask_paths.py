"""Asking for paths: how one record comes to another, or how products come to a record.

It gives an answer like `ask` does, whose edges are those of the paths, so that every view of it reads the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kb.core.errors import InvalidInput, NotFound
from kb.lineage.answer import Edge, Outline, edges_at, path_carries
from kb.lineage.ask import Answer, Question, _check, ask
from kb.lineage.counts import Count
from kb.lineage.graph import Direction, Graph
from kb.lineage.load import World, world_at
from kb.lineage.paths import DEFAULT_PATHS, MOST_PATHS, BestPaths, best_paths
from kb.records.evidence import evidence_by_statement
from kb.records.models import Record
from kb.records.queries import records_by_id, searched_sources, versions_by_statement
from kb.records.status import STRENGTH

_TRIED: tuple[Direction, ...] = ("downstream", "upstream")


@dataclass(frozen=True, slots=True)
class Route:
    """One path from the root to an artifact. It is as strong, and carries as little, as its weakest edge."""

    to: int
    edges: tuple[Edge, ...]
    carries: str

    @property
    def status(self) -> str:
        """The status of the weakest edge."""
        return min((edge.status for edge in self.edges), key=STRENGTH.__getitem__)

    @property
    def is_lead(self) -> bool:
        """Whether a step is only inferred: something to check, never counted in."""
        return any(edge.is_lead for edge in self.edges)

    @property
    def version_not_stated(self) -> bool:
        """Whether a source on the path names only a family."""
        return any(edge.version_not_stated for edge in self.edges)


@dataclass(frozen=True, slots=True)
class Routes:
    """The paths that were found, best first, and the answer that holds their edges.

    `to`, `more`, how many further paths there are, and `equal`, how many are as strong and as short as the first, itself
    among them, are empty where no record to go to was asked for.
    """

    answer: Answer
    to: Record | None
    routes: tuple[Route, ...]
    more: Count | None = None
    equal: Count | None = None


def paths_to_products(question: Question) -> Routes:
    """Return the best path to each product downstream, or to each artifact of the kinds asked for."""
    answer = ask(replace(question, direction="downstream", kinds=question.kinds or frozenset({"product"})))
    graph = answer.world.graph
    nodes = (*answer.outline.nodes, *answer.outline.lead_nodes)
    return Routes(answer, None, tuple(_route(graph, node.record, answer.path(node)) for node in nodes))


def paths_between(question: Question, to: Record, k: int = DEFAULT_PATHS) -> Routes:
    """Return the k best paths from the root to a record, and how many more there are.

    Downstream is tried first, then upstream. Raises NotFound where either was not on record at the edition.
    """
    _check(question)
    if not 1 <= k <= MOST_PATHS:
        raise InvalidInput(f"From 1 to {MOST_PATHS} paths can be asked for.")
    if question.kinds:
        raise InvalidInput("A kind cannot be asked for together with a record to go to.")
    world = world_at(question.edition)
    start, end = _node(world, question.root), _node(world, to)
    for direction in _TRIED:
        found = best_paths(world.graph, start, end, direction, question.filters, k, question.depth)
        if found.paths:
            return _routes(replace(question, direction=direction), world, to, found)
    return _routes(question, world, to, BestPaths())


def _node(world: World, record: Record) -> int:
    node = world.graph.index_of(world.speaker(record.id))
    if node is None:
        raise NotFound(f"{record.name} was not on record at edition {world.graph.edition}.")
    return node


def _route(graph: Graph, to: int, edges: Iterable[Edge]) -> Route:
    edges = tuple(edges)
    return Route(to, edges, path_carries(graph, [edge.index for edge in edges]))


def _routes(question: Question, world: World, to: Record, found: BestPaths) -> Routes:
    target = world.speaker(to.id)
    routes = [_route(world.graph, target, edges_at(world.graph, trail)) for trail in found.paths]
    edges = {edge.index: edge for route in routes for edge in route.edges}
    documented = {edge.index for route in routes if not route.is_lead for edge in route.edges}
    ends = {end for edge in edges.values() for end in (edge.child, edge.parent)}
    statements = {edge.statement for edge in edges.values()}
    answer = Answer(
        question=question,
        world=world,
        outline=Outline(
            nodes=(),
            edges=tuple(edge for edge in edges.values() if edge.index in documented),
            lead_nodes=(),
            lead_edges=tuple(edge for edge in edges.values() if edge.index not in documented),
            not_carried=(),
        ),
        records=records_by_id(ends | {target, world.speaker(question.root.id)}, question.edition),
        statements=versions_by_statement(statements, world.graph.edition),
        evidence=evidence_by_statement(statements, question.edition),
        sources=searched_sources(),
    )
    return Routes(answer, answer.record(target), tuple(routes), found.more, found.equal)
