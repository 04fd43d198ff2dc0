"""Which issues reach a record, and which records an issue reaches, with names and evidence.

The rules are in `inherit.py`; this module reads what they name.
"""

from dataclasses import dataclass

from kb.lineage.answer import STATUS_OF
from kb.lineage.graph import CARRIES, Graph
from kb.lineage.inherit import CLASSES, Descent, Exposure, exposures, weakest_step
from kb.lineage.load import World, world_at
from kb.records.models import Record, StatementVersion
from kb.records.predicates import PREDICATES
from kb.records.queries import issues_of_conduct, records_by_id, versions_by_statement


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a deciding path, from parent to child: "child reads parent".

    From a version to its family the step says only that the family has this version, and is inferred.
    """

    statement: int
    parent: Record
    child: Record
    reads: str
    carries: str
    status: str
    version_not_stated: bool


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
    descent = Descent(world.graph, node)
    stands = ((issue, descent.exposure_to(world.impacts[issue])) for issue in world.issues_near(descent.nodes))
    return _described(world, [(issue, exposure) for issue, exposure in stands if exposure], edition)


def artifacts_reached(issue: Record, edition: int | None = None) -> list[Reach]:
    """Return every artifact that an issue reaches, strongest class first, products before others."""
    world = world_at(edition)
    speaks = world.speaker(issue.id)
    spread = exposures(world.graph, world.impacts.get(speaks, ()))
    return _described(world, [(speaks, exposure) for exposure in spread.values()], edition)


def _described(world: World, found: list[tuple[int, Exposure]], edition: int | None) -> list[Reach]:
    graph = world.graph
    conduct = issues_of_conduct(issue for issue, _ in found)
    # What somebody did is no property of an artifact: it is told where a source says so, and reaches nothing else.
    found = [(issue, exposure) for issue, exposure in found if exposure.category == "present" or issue not in conduct]
    edges = {edge for _, exposure in found for edge in exposure.path}
    nodes = {exposure.node for _, exposure in found} | {exposure.origin.node for _, exposure in found}
    nodes |= {int(end) for edge in edges for end in (graph.child[edge], graph.parent[edge])}
    records = records_by_id({int(graph.ids[node]) for node in nodes} | {issue for issue, _ in found}, edition)
    statements = {int(graph.statement[edge]) for edge in edges}
    for _, exposure in found:
        statements |= {exposure.origin.statement} | ({exposure.own.statement} if exposure.own else set())
    versions = versions_by_statement(statements, graph.edition)
    # The payload of an issue may have been purged, so that a past edition no longer knows it.
    reaches = [_reach(graph, records, versions, issue, exposure) for issue, exposure in found if issue in records]
    return sorted(reaches, key=_order)


def _order(reach: Reach) -> tuple[int, bool, int, str]:
    return CLASSES.index(reach.category), reach.record.kind != "product", len(reach.path), reach.record.name


def _reach(
    graph: Graph, records: dict[int, Record], versions: dict[int, StatementVersion], issue: int, exposure: Exposure
) -> Reach:
    def at(node: int) -> Record:
        return records[int(graph.ids[node])]

    def step(edge: int) -> Step:
        statement, unstated = int(graph.statement[edge]), bool(graph.version_not_stated([edge])[0])
        row = PREDICATES[versions[statement].predicate]
        return Step(
            statement=statement,
            parent=at(graph.parent[edge]),
            child=at(graph.child[edge]),
            reads=row.inverse if unstated else row.reads,
            carries=CARRIES[int(graph.carries[edge])],
            status=STATUS_OF[int(graph.strength[edge])],
            version_not_stated=unstated,
        )

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
