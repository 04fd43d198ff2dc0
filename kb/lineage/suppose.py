"""What would follow from a change set: the world as it would be, and what gains or loses which inheritance.

The rows that a rehearsal announced are laid over the world that it began from, as an edition's rows are. Nothing is kept
of a world that is only supposed.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from kb.lineage.announced import Announced, Body
from kb.lineage.between import Between
from kb.lineage.codes import edge_columns_of, node_columns
from kb.lineage.consequences import Conduct, Consequences, consequences_between
from kb.lineage.graph import Graph
from kb.lineage.growth import edges_of, extended
from kb.lineage.kept import store
from kb.lineage.overlay import News, laid_over, moved_between, said_of
from kb.lineage.rows import PREDICATES, StatementRow
from kb.lineage.world import World, canonical_of
from kb.records.issue_codes import CONDUCT
from kb.records.kinds import ARTIFACTS
from kb.records.models import IssueDetail, Record, Statement
from kb.records.queries import issues_of_conduct


@dataclass(frozen=True)
class Supposition:
    """A world, the one that a change set would make of it, and the statements that it writes or moves by a merge."""

    before: World
    after: World
    announced: Announced
    statements: frozenset[int]
    _graphs: list[Graph] = field(default_factory=list, repr=False)

    def between(self, without: Iterable[int]) -> Between:
        """Return the two worlds to look for what falls off, the later one without some statements."""
        graph = self.after.graph
        left_out = edges_of(graph, np.array(sorted(without), dtype=np.int64))
        left = extended(graph, graph.edition, node_columns([]), edge_columns_of([]), left_out, graph.silent)
        self._graphs.append(left)
        return Between(self.before, self.after, left)

    def let_go(self) -> None:
        """Free everything that the supposed world holds; it may not be asked any more."""
        self.after.graph.nodes.let_go(self.before.graph.nodes)
        self.after.graph.edges.let_go(self.before.graph.edges)
        for graph in (self.after.graph, *self._graphs):
            store.drop(graph.serial)


@contextmanager
def supposed(world: World, announced: Announced) -> Iterator[Supposition]:
    """Suppose that what was announced had been published after this world's edition."""
    supposition = _supposition(world, announced)
    try:
        yield supposition
    finally:
        supposition.let_go()


def consequences(supposition: Supposition) -> Consequences:
    """Return what gains or loses which inheritance, and which issues come to stand otherwise to which artifacts."""
    before, after, announced = supposition.before, supposition.after, supposition.announced
    conduct = _conduct(before.impacts.keys() | after.impacts.keys(), announced)
    return consequences_between(before, after, supposition.statements, conduct, announced.named)


def _supposition(world: World, announced: Announced) -> Supposition:
    records = announced.of(Record)
    merged = {record: into for record, into in world.merged.items() if record not in records}
    merged |= {record: body["merged_into_id"] for record, body in records.items() if body["merged_into_id"] is not None}
    canonical = canonical_of(merged) if merged != world.merged else world.canonical
    known = set(world.graph.ids.tolist()) if records else set()
    nodes = [(record, records[record]["kind"]) for record in sorted(records.keys() - known)]
    news = News([node for node in nodes if node[1] in ARTIFACTS], merged)
    edition = world.graph.edition
    rows = {row.statement: row for row in said_of(moved_between(world.canonical, canonical), edition)}
    written = {number: _row(number, body) for number, body in announced.of(Statement).items() if body["predicate"] in PREDICATES}
    rows |= written
    after = laid_over(world, edition + 1, "", news, canonical, [rows[key] for key in sorted(rows)], set(written))
    return Supposition(world, after, announced, frozenset(rows))


def _row(statement: int, body: Body) -> StatementRow:
    return StatementRow(
        statement, body["subject_id"], body["predicate"], body["object_id"], body["value_code"], body["qualifier"],
        body["start"], body["end"], body["status"], body["rank"],
    )  # fmt: skip


def _conduct(issues: Iterable[int], announced: Announced) -> Conduct:
    """Which issues are about conduct, before and after: a code may be amended."""
    before = issues_of_conduct(issues)
    codes = {body["record_id"]: body["code"] for body in announced.of(IssueDetail).values()}
    return Conduct(before, (before - codes.keys()) | {issue for issue, code in codes.items() if code in CONDUCT})
