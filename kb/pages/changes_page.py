"""What the pages of changes show: a difference between two moments in words, and editions that lost steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from kb.core.dates import in_words
from kb.ledger.history import reason_of
from kb.ledger.models import Edition
from kb.lineage.alarm import LostEdge
from kb.lineage.answer import Edge, Node
from kb.lineage.ask import ROWS, Answer
from kb.lineage.ask_diff import FATES, Difference, Fate
from kb.lineage.diff import Changes
from kb.lineage.on_the_way import OnTheWay, lost_between_ends
from kb.lineage.past_losses import lost_in
from kb.records.models import Record

Row = TypeVar("Row")
_EDGES_SHOWN = 50


@dataclass(frozen=True)
class EdgeWords:
    """One step in words, with what became of it."""

    edge: Edge
    child: Record
    reads: str
    parent: Record
    was: Edge | None = None
    fate: Fate | None = None

    @property
    def how(self) -> str:
        """What became of it."""
        return FATES[self.fate.code].definition if self.fate else ""

    @property
    def is_loop(self) -> bool:
        """Whether both ends are one record now."""
        return self.edge.child == self.edge.parent


@dataclass(frozen=True)
class NodeWords:
    """One artifact, with what became of it."""

    record: Record
    node: Node
    was: Node | None = None
    merged_into: Record | None = None
    broken: EdgeWords | None = None


@dataclass(frozen=True)
class Listed(Generic[Row]):
    """The first rows of a list, and how many there are in all."""

    rows: list[Row]
    total: int

    def __bool__(self) -> bool:
        return bool(self.total)

    @property
    def left_out(self) -> int:
        """How many are not shown."""
        return self.total - len(self.rows)


@dataclass(frozen=True)
class NodeGroup:
    """Artifacts gained, lost and changed."""

    code: str
    title: str
    gained: Listed[NodeWords]
    lost: Listed[NodeWords]
    changed: Listed[NodeWords]


class Tally(NamedTuple):
    """Products counted apart: documented ones, those with a step that a source disputes, and leads to check."""

    documented: int
    disputed: int
    leads: int


def _tally(nodes: Iterable[Node]) -> Tally:
    products = [node for node in nodes if node.kind == "product"]
    leads = sum(node.is_lead for node in products)
    disputed = sum(node.status == "disputed" and not node.is_lead for node in products)
    return Tally(len(products) - leads - disputed, disputed, leads)


def _products(answer: Answer) -> Tally:
    return _tally((*answer.outline.nodes, *answer.outline.lead_nodes))


class DiffPage:
    """The page of what changed in the lineage of a record."""

    def __init__(self, found: Difference) -> None:
        self.found = found
        self._shown = found.diff.first(ROWS)
        found.bring(self._shown)
        self.root = found.after.record(found.after.world.speaker(found.after.root.id))
        self.downstream = found.after.question.direction == "downstream"

    @property
    def since(self) -> str:
        """The earlier moment in words."""
        return self._moment(0)

    @property
    def until(self) -> str:
        """The later moment in words."""
        return self._moment(1)

    def _moment(self, end: int) -> str:
        if self.found.span.editions:
            return f"edition {self.found.span.editions[end]}"
        assert self.found.span.days
        return in_words(self.found.span.days[end].isoformat())

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return self.found.diff.is_empty and not self.found.silent

    @cached_property
    def on_the_way(self) -> OnTheWay:
        """What editions in between lost, which the two moments may not show."""
        return lost_between_ends(self.found)

    @property
    def gained(self) -> Tally:
        """Products that only the later answer has."""
        return _tally(self.found.diff.products.gained)

    @property
    def lost(self) -> Tally:
        """Products that only the earlier answer has."""
        return _tally(self.found.diff.products.lost)

    @property
    def then(self) -> int:
        """How many documented products there were."""
        return _products(self.found.before).documented

    @property
    def now(self) -> int:
        """How many documented products there are at the later moment."""
        return _products(self.found.after).documented

    @cached_property
    def groups(self) -> list[NodeGroup]:
        """Products first, then the others."""
        others = "Datasets and models" if self.downstream else "Datasets, models and names"
        groups = [
            self._group("products", "Products", self._shown.products, self.found.diff.products),
            self._group("others", others, self._shown.others, self.found.diff.others),
        ]
        return [group for group in groups if group.gained or group.lost or group.changed]

    def _group(self, code: str, title: str, shown: Changes[Node], changes: Changes[Node]) -> NodeGroup:
        before, after = self.found.before, self.found.after
        gained = [NodeWords(after.record(node.record), node) for node in shown.gained]
        lost = [self._lost(before, node) for node in shown.lost]
        changed = [NodeWords(after.record(pair.after.record), pair.after, was=pair.before) for pair in shown.changed]
        return NodeGroup(
            code, title,
            Listed(gained, len(changes.gained)), Listed(lost, len(changes.lost)), Listed(changed, len(changes.changed)),
        )  # fmt: skip

    def _lost(self, before: Answer, node: Node) -> NodeWords:
        edge = self._edges_by_statement.get(self.found.diff.broken.get(node.record, 0))
        broken = self._lost_edge(edge) if edge else None
        return NodeWords(before.record(node.record), node, merged_into=self.found.merged.get(node.record), broken=broken)

    @cached_property
    def _edges_by_statement(self) -> dict[int, Edge]:
        return {edge.statement: edge for edge in self.found.diff.edges.lost}

    @cached_property
    def edges_gained(self) -> Listed[EdgeWords]:
        """Steps that are new."""
        rows = [self._edge(self.found.after, edge) for edge in self._shown.edges.gained]
        return Listed(rows, len(self.found.diff.edges.gained))

    @cached_property
    def edges_lost(self) -> Listed[EdgeWords]:
        """Steps that are gone, each with the reason."""
        return Listed([self._lost_edge(edge) for edge in self._shown.edges.lost], len(self.found.diff.edges.lost))

    @cached_property
    def edges_changed(self) -> Listed[EdgeWords]:
        """Steps that stand otherwise than before."""
        rows = [self._edge(self.found.after, pair.after, was=pair.before) for pair in self._shown.edges.changed]
        return Listed(rows, len(self.found.diff.edges.changed))

    @cached_property
    def silent(self) -> Listed[EdgeWords]:
        """Steps that no source asserts any more."""
        return Listed([self._edge(self.found.after, edge) for edge in self.found.silent[:ROWS]], len(self.found.silent))

    def _lost_edge(self, edge: Edge) -> EdgeWords:
        return self._edge(self.found.before, edge, fate=self.found.fates[edge.statement])

    def _edge(self, answer: Answer, edge: Edge, was: Edge | None = None, fate: Fate | None = None) -> EdgeWords:
        row = answer.predicate(edge)
        reads = row.inverse if edge.version_not_stated else row.reads
        return EdgeWords(edge, answer.record(edge.child), reads, answer.record(edge.parent), was, fate)


@dataclass(frozen=True)
class LosingEdition:
    """One edition that lost steps, with its public reason."""

    edition: Edition
    reason: str
    edges: list[LostEdge]
    left_out: int


def losing_editions(editions: Iterable[Edition]) -> list[LosingEdition]:
    """Describe editions that lost steps, each with the first of them and what lost its path."""
    found = []
    for edition in editions:
        edges, total = lost_in(edition, _EDGES_SHOWN)
        found.append(LosingEdition(edition, reason_of(edition), edges, total - len(edges)))
    return found
