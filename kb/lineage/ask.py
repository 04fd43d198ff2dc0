"""Asking: from a question in words to an answer with names and evidence.

It puts load, walk and answer together and reads what they name; pages, CSV and API show what it returns.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from kb.core.dates import PartialDate
from kb.core.errors import InvalidInput, NotFound
from kb.lineage.answer import Edge, Node, Outline, Selection, count_nodes, outline
from kb.lineage.graph import PREDICATE_CODES, Direction, Filters
from kb.lineage.load import World, world_at
from kb.lineage.shelf import Shelf
from kb.lineage.walk import closure
from kb.records.evidence import evidence_by_statement
from kb.records.kinds import ARTIFACTS
from kb.records.models import Evidence, Record, StatementVersion
from kb.records.predicates import PREDICATES, Predicate
from kb.records.queries import (
    find_record,
    records_by_id,
    searched_sources,
    speaker,
    versions_by_statement,
)
from kb.records.responses import Contested, contested
from kb.records.sources import Source
from kb.records.status import STRENGTH

_LEFT_OUT = frozenset({"needs_source", "refuted", "retracted"})
RECORDS_NAMED = 60
# How many rows of steps, and of artifacts of a kind, one page shows; CSV and API always have all.
ROWS = 300
MIN_STATUSES = tuple(status for status in STRENGTH if status not in _LEFT_OUT)


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader asks of lineage. Empty places mean no limit."""

    root: Record
    direction: Direction
    kinds: frozenset[str] = frozenset()
    records: frozenset[int] = frozenset()
    predicates: frozenset[str] = frozenset()
    min_status: str = ""
    depth: int | None = None
    on: date | None = None
    edition: int | None = None

    @property
    def filters(self) -> Filters:
        """The part of the question that masks edges."""
        return Filters(self.predicates or None, self.min_status or None, self.on.toordinal() if self.on else None)

    @property
    def turned(self) -> list[tuple[str, str]]:
        """The direction as a parameter of an address; none where it is the usual one."""
        return [] if self.direction == usual_direction(self.root) else [("direction", self.direction)]

    @property
    def limits(self) -> list[tuple[str, str]]:
        """The part of the question that says which steps are followed, as parameters of an address."""
        given = {"min_status": self.min_status, "depth": self.depth, "on": self.on, "edition": self.edition}
        predicates = [("predicate", code) for code in sorted(self.predicates)]
        return [*predicates, *((name, str(value)) for name, value in given.items() if value)]

    @property
    def as_given(self) -> dict[str, object]:
        """The filters that were given, as an answer repeats them."""
        given: dict[str, object] = {
            "kind": sorted(self.kinds), "predicate": sorted(self.predicates), "min_status": self.min_status,
            "record": len(self.records), "depth": self.depth,
            "on": self.on.isoformat() if self.on else None, "edition": self.edition,
        }  # fmt: skip
        return {name: value for name, value in given.items() if value not in ("", None, [], 0)}


@dataclass(frozen=True)
class Answer:
    """A question, the edition that answers it, and everything that its views show.

    Records, statements and evidence may be shelves, which read what is asked of them: see `bring`.
    """

    question: Question
    world: World
    outline: Outline
    records: dict[int, Record]
    statements: dict[int, StatementVersion]
    evidence: dict[int, list[Evidence]]
    sources: list[tuple[Source, datetime]]

    @property
    def edition(self) -> int:
        """The edition that the answer was made from."""
        return self.world.graph.edition

    @property
    def root(self) -> Record:
        """The record asked about."""
        return self.question.root

    def record(self, record_id: int) -> Record:
        """The record behind a node or an end of an edge."""
        return self.records[record_id]

    def statement(self, edge: Edge) -> StatementVersion:
        """The statement that an edge stands for."""
        return self.statements[edge.statement]

    def predicate(self, edge: Edge) -> Predicate:
        """The registry's row of an edge's predicate."""
        return PREDICATES[edge.predicate]

    def reads(self, edge: Edge) -> str:
        """The words between child and parent: a family has a version, whichever end is the child."""
        row = self.predicate(edge)
        return row.inverse if edge.version_not_stated else row.reads

    def bring(self, edges: Collection[Edge], records: Iterable[int] = (), *, evidence: bool = False) -> None:
        """Read what these edges name, and these records, together; what is not brought is read one by one when asked for."""
        ends = {end for edge in edges for end in (edge.child, edge.parent)}
        statements = {edge.statement for edge in edges}
        wanted = ((self.records, ends.union(records)), (self.statements, statements), (self.evidence, statements))
        for rows, ids in wanted if evidence else wanted[:2]:
            if isinstance(rows, Shelf):
                rows.bring(ids)

    def path(self, node: Node) -> list[Edge]:
        """The edges of a node's best path, from the root on."""
        return [self._edges[index] for index in node.path]

    @cached_property
    def _edges(self) -> dict[int, Edge]:
        return {edge.index: edge for edge in (*self.outline.edges, *self.outline.lead_edges)}

    @cached_property
    def number_of(self) -> dict[int, int]:
        """The number of each edge, counted from 1 over documented edges and then leads."""
        listed = (*self.outline.edges, *self.outline.lead_edges)
        return {edge.index: place for place, edge in enumerate(listed, start=1)}

    @cached_property
    def contested(self) -> Contested:
        """What was contested at the edition asked for."""
        return contested(self.question.edition)

    @cached_property
    def counts(self) -> dict[str, object]:
        """Counts of the documented nodes."""
        return count_nodes(self.outline.nodes, self.world.undisclosed)

    @cached_property
    def lead_counts(self) -> dict[str, object]:
        """Counts of the leads, with those that only a family leads to."""
        unstated = sum(node.version_not_stated for node in self.outline.lead_nodes)
        return count_nodes(self.outline.lead_nodes, self.world.undisclosed) | {"version_not_stated": unstated}

    def is_undisclosed(self, record_id: int) -> bool:
        """Whether the training data of an artifact is not disclosed."""
        return record_id in self.world.undisclosed


def usual_direction(root: Record) -> Direction:
    """Which way a record is read unless a question says otherwise: of a product, what is in the tank."""
    return "upstream" if root.kind == "product" else "downstream"


def root_record(key: str, edition: int | None = None) -> Record:
    """Return the artifact that a lineage question starts from, read canonically: now, or as it was at an edition.

    Raises NotFound where there is none, InvalidInput where lineage does not flow through it or there is no such edition.
    """
    record = find_record(key)
    record = speaker(record) if edition is None else _as_it_was(record, edition)
    if not record.is_artifact:
        raise InvalidInput(
            f"Lineage runs through datasets, models and products; {record.name} is none of them ({record.row.label})."
        )
    return record


def _as_it_was(record: Record, edition: int) -> Record:
    """A record that was merged later spoke for itself then."""
    then = world_at(edition).speaker(record.id)
    found = records_by_id({then}, edition).get(then)
    if found is None:
        raise NotFound(f"{record.name} was not on record at edition {edition}.")
    return found


def ask(question: Question, *, whole: bool = True) -> Answer:
    """Answer a question of lineage from the edition it names, or the newest.

    A `whole` answer has read every row that it names, as CSV and API need them. A page shows a part of a large answer:
    it brings that part's rows itself.
    """
    _check(question)
    world = world_at(question.edition)
    root = world.graph.index_of(world.speaker(question.root.id))
    if root is None:
        raise NotFound(f"{question.root.name} was not on record at edition {world.graph.edition}.")
    reached = closure(world.graph, root, question.direction, question.filters, question.depth)
    drawn = outline(reached, question.filters, Selection(question.kinds, question.records))
    answer = Answer(
        question=question,
        world=world,
        outline=drawn,
        records=Shelf(lambda ids: records_by_id(ids, question.edition)),
        statements=Shelf(lambda ids: versions_by_statement(ids, world.graph.edition)),
        evidence=Shelf(lambda ids: _evidence(ids, question.edition)),
        sources=searched_sources(),
    )
    if question.edition is None and question.root.id == world.graph.ids[root]:
        answer.records[question.root.id] = question.root
    answer.bring((), [int(world.graph.ids[root])])
    if whole:
        nodes = (node.record for node in (*drawn.nodes, *drawn.lead_nodes))
        answer.bring((*drawn.edges, *drawn.lead_edges, *drawn.not_carried), nodes, evidence=True)
    return answer


def _evidence(statements: Iterable[int], edition: int | None) -> dict[int, list[Evidence]]:
    """Evidence by statement; one without any has an empty list."""
    wanted = list(statements)
    return {statement: [] for statement in wanted} | evidence_by_statement(wanted, edition)


def _check(question: Question) -> None:
    for code in question.kinds - ARTIFACTS:
        raise InvalidInput(f"“{code[:40]}” is not a kind that lineage runs through. Kinds are: {', '.join(sorted(ARTIFACTS))}.")
    for code in question.predicates - set(PREDICATE_CODES):
        raise InvalidInput(f"“{code[:40]}” is not a relation of lineage.")
    if question.min_status and question.min_status not in MIN_STATUSES:
        raise InvalidInput(f"“{question.min_status[:40]}” is not a status to ask for. Choose one of: {', '.join(MIN_STATUSES)}.")
    if question.depth is not None and not 1 <= question.depth <= 1000:
        raise InvalidInput("A depth is a whole number from 1 to 1000.")


def named_records(keys: Iterable[str]) -> frozenset[int]:
    """Return the records named by ids or slugs, read canonically, at most RECORDS_NAMED of them.

    Raises NotFound for one that does not exist, InvalidInput for too many.
    """
    wanted = sorted(set(keys))
    if len(wanted) > RECORDS_NAMED:
        raise InvalidInput(f"record: at most {RECORDS_NAMED} records can be named.")
    return frozenset(speaker(find_record(key)).id for key in wanted)


def read_day(text: str) -> date | None:
    """Read a day from a query; a month or year means its last day. Raises InvalidInput for anything else."""
    return PartialDate.parse(text).latest if text else None
