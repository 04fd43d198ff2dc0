"""Everything that the lineage page shows of an answer: products first, every edge with its evidence, leads apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from kb.exchange.exporters.lineage_picture import Drawing
from kb.lineage.answer import Edge, Node
from kb.lineage.ask import ROWS, Answer
from kb.pages.lines import Line
from kb.records.kinds import KINDS
from kb.records.models import Evidence, Record
from kb.records.queries import evidence_by_statement
from kb.records.vocabularies import STATUSES


@dataclass(frozen=True)
class EdgeLine:
    """One edge with its number, both ends and its statement as a line."""

    number: int
    edge: Edge
    child: Record
    parent: Record
    line: Line
    href: str

    @property
    def reads(self) -> str:
        """The words between child and parent."""
        return "has the version" if self.edge.version_not_stated else self.line.row.reads


@dataclass(frozen=True)
class NodeLine:
    """One artifact with its best path."""

    node: Node
    record: Record
    path: list[EdgeLine]
    undisclosed: bool

    @property
    def is_use(self) -> bool:
        """Whether the last step is a use, which needs its source named beside it."""
        return bool(self.path) and self.path[-1].line.row.is_use

    @property
    def use_words(self) -> str:
        """`Ran on X, according to Y (date); last checked on Z.`"""
        step = self.path[-1]
        checked = max((row.last_checked for row in step.line.evidence if row.last_checked), default=None)
        until = f"; last checked {checked.day} {checked:%B %Y}" if checked else "; not checked since"
        reads = step.reads[0].upper() + step.reads[1:]
        return f"{reads} {step.parent.name}, according to {step.line.according_to}{until}."


@dataclass(frozen=True)
class KindGroup:
    """The artifacts of one kind."""

    code: str
    label: str
    nodes: list[NodeLine]
    total: int

    @property
    def left_out(self) -> int:
        """How many the page does not list."""
        return self.total - len(self.nodes)


class LineagePage:
    """The parts of the page, in the order in which a journalist reads them."""

    def __init__(self, answer: Answer, drawing: Drawing, given: QueryDict) -> None:
        self.answer = answer
        self.drawing = drawing
        self.question = answer.question
        self.downstream = answer.question.direction == "downstream"
        self.query = given.urlencode()
        self.traced = given.get("trace", "")
        self.draws_leads = given.get("leads") == "1"

    @cached_property
    def api_path(self) -> str:
        """The address of the same answer in the API, without the direction in its parameters."""
        return f"/api/v1/lineage/{self.answer.root.slug}/{self.question.direction}/"

    @property
    def api_query(self) -> str:
        """The parameters of the same question, ready for one more."""
        kept = "&".join(
            part
            for part in self.query.split("&")
            if part and not part.startswith(("direction=", "trace=", "leads=")) and part[-1] != "="
        )
        return f"?{kept}&" if kept else "?"

    @cached_property
    def groups(self) -> list[KindGroup]:
        """Documented artifacts by kind, products first."""
        return self._groups(self.answer.outline.nodes)

    @cached_property
    def lead_groups(self) -> list[KindGroup]:
        """Inferred artifacts by kind: leads to check."""
        return self._groups(self.answer.outline.lead_nodes)

    def _groups(self, nodes: Iterable[Node]) -> list[KindGroup]:
        ordered = sorted(nodes, key=lambda node: (node.depth, self.answer.record(node.record).folded))
        found = []
        for kind in ("product", "model", "dataset", "unresolved"):
            of_kind = [node for node in ordered if node.kind == kind]
            lines = [self._node(node) for node in of_kind[:ROWS]]
            found.append(KindGroup(kind, KINDS[kind].plural, lines, len(of_kind)))
        return [group for group in found if group.nodes]

    @cached_property
    def evidence(self) -> dict[int, list[Evidence]]:
        """The evidence of every step that has a row, and of the last step to every artifact that is listed."""
        outline = self.answer.outline
        shown = {edge.statement for edge in (*outline.edges[:ROWS], *outline.lead_edges[:ROWS], *outline.not_carried[:ROWS])}
        for nodes in (outline.nodes, outline.lead_nodes):
            listed = sorted(nodes, key=lambda node: (node.depth, self.answer.record(node.record).folded))
            for kind in KINDS:
                of_kind = [node for node in listed if node.kind == kind][:ROWS]
                shown |= {self.answer.path(node)[-1].statement for node in of_kind}
        return evidence_by_statement(shown, self.question.edition)

    def _node(self, node: Node) -> NodeLine:
        path = [self._edge(edge) for edge in self.answer.path(node)]
        return NodeLine(node, self.answer.record(node.record), path, self.answer.is_undisclosed(node.record))

    def _edge(self, edge: Edge) -> EdgeLine:
        version = self.answer.statement(edge)
        line = Line(version, self.answer.predicate(edge), True, None, tuple(self.evidence.get(edge.statement, ())))
        number = self.answer.number_of.get(edge.index, 0)
        href = self.answer.row_address(edge) if number else ""
        return EdgeLine(number, edge, self.answer.record(edge.child), self.answer.record(edge.parent), line, href)

    @cached_property
    def edges(self) -> list[EdgeLine]:
        """The documented edges, as many as have rows."""
        return [self._edge(edge) for edge in self.answer.outline.edges[:ROWS]]

    @cached_property
    def lead_edges(self) -> list[EdgeLine]:
        """Edges that only leads use, as many as have rows."""
        return [self._edge(edge) for edge in self.answer.outline.lead_edges[:ROWS]]

    @property
    def edges_left_out(self) -> int:
        """How many documented steps have no row here."""
        return len(self.answer.outline.edges) - len(self.edges)

    @cached_property
    def not_carried(self) -> list[EdgeLine]:
        """Tools and tests one step away, which carry nothing."""
        return [self._edge(edge) for edge in self.answer.outline.not_carried[:ROWS]]

    @cached_property
    def products(self) -> list[Node]:
        """Documented products, without the disputed ones."""
        return [node for node in self.answer.outline.nodes if node.kind == "product" and node.status != "disputed"]

    @cached_property
    def disputed_products(self) -> int:
        """Products whose best path holds a disputed step."""
        return sum(node.kind == "product" and node.status == "disputed" for node in self.answer.outline.nodes)

    @cached_property
    def lead_products(self) -> list[Node]:
        """Products that only an inference leads to."""
        return [node for node in self.answer.outline.lead_nodes if node.kind == "product"]

    @cached_property
    def unstated_products(self) -> int:
        """Products whose source names only the family of the model."""
        return sum(node.version_not_stated for node in self.lead_products)

    def count_by_status(self, nodes: Iterable[Node]) -> list[tuple[str, int]]:
        """Counts by status, strongest first, as labels."""
        nodes = list(nodes)
        counts = [(STATUSES.label(code).lower(), sum(node.status == code for node in nodes)) for code in STATUSES]
        return [(label, count) for label, count in counts if count]

    @cached_property
    def product_counts(self) -> list[tuple[str, int]]:
        """Documented products by status."""
        return self.count_by_status(self.products)

    @cached_property
    def node_counts(self) -> list[tuple[str, int]]:
        """Documented artifacts by status."""
        return self.count_by_status(self.answer.outline.nodes)

    @cached_property
    def undisclosed(self) -> list[Record]:
        """Artifacts of the answer whose training data is not disclosed, the root among them."""
        ids = [self.answer.root.id, *(node.record for node in (*self.answer.outline.nodes, *self.answer.outline.lead_nodes))]
        return [self.answer.record(record) for record in ids if self.answer.is_undisclosed(record)]

    @property
    def picture_query(self) -> str:
        """The parameters of the same question, for the files of its picture."""
        return f"?{self.query}" if self.query else ""

    @cached_property
    def traceable(self) -> list[Record]:
        """What can be traced in the picture: products, or where there are none, everything reached."""
        nodes = [*self.answer.outline.nodes, *self.answer.outline.lead_nodes]
        chosen = [node for node in nodes if node.kind == "product"] or nodes
        return sorted((self.answer.record(node.record) for node in chosen), key=lambda record: record.folded)

    @property
    def is_empty(self) -> bool:
        """Whether no path is known at all."""
        return not self.answer.outline.nodes and not self.answer.outline.lead_nodes
