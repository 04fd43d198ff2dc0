"""Which issues reach a record, and which records an issue reaches, with names and evidence.

The rules are in `inherit.py`; this module reads what they name.
"""

from dataclasses import dataclass

from kb.lineage.graph import Filters, Graph
from kb.lineage.inherit import CLASSES, Exposure, exposures, weakest_step
from kb.lineage.load import World, world_at
from kb.records.models import Record, StatementVersion
from kb.records.predicates import PREDICATES
from kb.records.queries import records_by_id, versions_by_statement


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a deciding path, from parent to child."""

    statement: int
    parent: Record
    child: Record
    reads: str
    carries: str
    status: str


@dataclass(frozen=True, slots=True)
class Reach:
    """One issue and one artifact: how the issue stands to it, from where, by which steps."""

    issue: Record
    record: Record
    category: str
    impact: StatementVersion
    origin: Record
    own: StatementVersion | None
    path: tuple[Step, ...]
    weakest: Step | None

    @property
    def mitigated(self) -> bool:
        """Whether a mitigation is on record where the issue comes from or on the artifact itself."""
        return "mitigated" in {self.impact.qualifier, self.own.qualifier if self.own else ""}


def issues_reaching(record: Record, edition: int | None = None) -> list[Reach]:
    """Return every issue that reaches an artifact, strongest class first."""
    world = world_at(edition)
    node = world.graph.index_of(world.speaker(record.id))
    if node is None:
        return []
    found = [
        (issue, spread[node])
        for issue, impacts in world.impacts.items()
        if node in (spread := exposures(world.graph, impacts, Filters()))
    ]
    return _described(world, found, edition)


def artifacts_reached(issue: Record, edition: int | None = None) -> list[Reach]:
    """Return every artifact that an issue reaches, strongest class first, products before others."""
    world = world_at(edition)
    spread = exposures(world.graph, world.impacts.get(issue.id, ()), Filters())
    return _described(world, [(issue.id, exposure) for exposure in spread.values()], edition)


def _described(world: World, found: list[tuple[int, Exposure]], edition: int | None) -> list[Reach]:
    graph = world.graph
    edges = {edge for _, exposure in found for edge in exposure.path}
    nodes = {exposure.node for _, exposure in found} | {exposure.origin.node for _, exposure in found}
    nodes |= {int(end) for edge in edges for end in (graph.child[edge], graph.parent[edge])}
    records = records_by_id({int(graph.ids[node]) for node in nodes} | {issue for issue, _ in found}, edition)
    statements = {int(graph.statement[edge]) for edge in edges}
    for _, exposure in found:
        statements |= {exposure.origin.statement} | ({exposure.own.statement} if exposure.own else set())
    versions = versions_by_statement(statements, graph.edition)
    reaches = [_reach(graph, records, versions, issue, exposure) for issue, exposure in found]
    return sorted(reaches, key=_order)


def _order(reach: Reach) -> tuple[int, bool, int, str]:
    return CLASSES.index(reach.category), reach.record.kind != "product", len(reach.path), reach.record.name


def _reach(
    graph: Graph, records: dict[int, Record], versions: dict[int, StatementVersion], issue: int, exposure: Exposure
) -> Reach:
    def at(node: int) -> Record:
        return records[int(graph.ids[node])]

    def step(edge: int) -> Step:
        version = versions[int(graph.statement[edge])]
        row = PREDICATES[version.predicate]
        carries = row.carries or "unknown"
        return Step(version.statement_id, at(graph.parent[edge]), at(graph.child[edge]), row.reads, carries, version.status)

    weakest = weakest_step(graph, exposure)
    return Reach(
        issue=records[issue],
        record=at(exposure.node),
        category=exposure.category,
        impact=versions[exposure.origin.statement],
        origin=at(exposure.origin.node),
        own=versions[exposure.own.statement] if exposure.own else None,
        path=tuple(step(edge) for edge in exposure.path),
        weakest=None if weakest is None else step(weakest),
    )
