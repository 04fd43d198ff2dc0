"""Everything that the lineage page shows of an answer: products first, the steps of a small one as rows, leads apart.

Rows and what all pages of an answer share are `step_lines.py`'s.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict

from kb.exchange.exporters.lineage_picture import Drawing
from kb.lineage.answer import Edge, Node
from kb.lineage.ask import ROWS, Answer
from kb.pages.headline import Headline
from kb.pages.step_lines import AnswerPage, EdgeLine
from kb.pages.traced import Traced, traced
from kb.records.kinds import KINDS
from kb.records.models import Record
from kb.records.predicates import LINEAGE, Predicate

_KINDS = ("product", "model", "dataset", "unresolved")
# So many are named where a name is all that is said, can be chosen from a list, and are listed of each kind beside the others.
# A page that one kind was asked for has ROWS of it.
_NAMED = 60
# So many steps show what the rows of a large answer are like.
_NEAREST = 10


@dataclass(frozen=True)
class NodeLine:
    """One artifact, how it is reached, the page that tells its best path, and whether any step of that is contested."""

    node: Node
    record: Record
    trace: str
    undisclosed: bool
    use_words: str
    contested: bool


@dataclass(frozen=True)
class KindGroup:
    """The artifacts of one kind; `more` is the address of a longer list of them, where this is not the longest."""

    code: str
    label: str
    nodes: list[NodeLine]
    total: int
    is_brief: bool
    more: str

    @property
    def left_out(self) -> int:
        """How many the page does not list."""
        return self.total - len(self.nodes)


class LineagePage(AnswerPage):
    """The parts of the page, in the order in which a journalist reads them."""

    def __init__(self, answer: Answer, drawing: Drawing, given: QueryDict) -> None:
        super().__init__(answer, given)
        self.drawing = drawing
        self.traced = given.get("trace", "")
        self.draws_leads = given.get("leads") == "1"

    @cached_property
    def groups(self) -> list[KindGroup]:
        """Documented artifacts by kind, products first."""
        return self._groups(self.answer.outline.nodes)

    @cached_property
    def lead_groups(self) -> list[KindGroup]:
        """Inferred artifacts by kind: leads to check."""
        return self._groups(self.answer.outline.lead_nodes)

    def _groups(self, nodes: Sequence[Node]) -> list[KindGroup]:
        """The nearest of each kind, which come first among the nodes, by distance and name."""
        by_kind = {kind: [node for node in nodes if node.kind == kind] for kind in _KINDS}
        listed = [node for of_kind in by_kind.values() for node in of_kind[: self._most]]
        paths = [self.answer.path(node) for node in listed]
        self.answer.bring([edge for path in paths for edge in path], (node.record for node in listed))
        self.answer.bring([path[-1] for path in paths if self.answer.predicate(path[-1]).is_use], evidence=True)
        return [self._group(kind, of_kind) for kind, of_kind in by_kind.items() if of_kind]

    def _group(self, kind: str, nodes: list[Node]) -> KindGroup:
        """Products are what is looked for: whatever else there is, the steps of its paths are told where it is asked for."""
        lines = [self._node(node) for node in sorted(nodes[: self._most], key=self._order)]
        more = "" if self._is_list else f"?{urlencode([*self.question.turned, ('kind', kind), *self.question.limits])}"
        return KindGroup(kind, KINDS[kind].plural, lines, len(nodes), kind != "product" and not self._is_list, more)

    @property
    def _is_list(self) -> bool:
        """Whether some artifacts were asked for, and not whatever there is."""
        return bool(self.question.kinds or self.question.records)

    @property
    def _most(self) -> int:
        """How many of a kind are listed."""
        return ROWS if self._is_list else _NAMED

    def _order(self, node: Node) -> tuple[int, str]:
        return node.depth, self.answer.record(node.record).folded

    def _node(self, node: Node) -> NodeLine:
        path, record = self.answer.path(node), self.answer.record(node.record)
        use = self._use_words(path[-1]) if self.answer.predicate(path[-1]).is_use else ""
        contested = any(self.answer.contested.holds(self.answer.statement(edge)) for edge in path)
        silent = self.answer.is_undisclosed(node.record)
        return NodeLine(node, record, self.rows.trace(record), silent, use, contested)

    def _use_words(self, edge: Edge) -> str:
        """`Ran on X, according to Y (date); last checked on Z.` A use needs its source named beside it."""
        line = self.line(edge)
        checked = max((row.last_checked for row in line.evidence if row.last_checked), default=None)
        until = f"; last checked {checked.day} {checked:%B %Y}" if checked else "; not checked since"
        reads = self.answer.reads(edge)
        return f"{reads[0].upper()}{reads[1:]} {self.answer.record(edge.parent).name}, according to {line.according_to}{until}."

    def shown_edges(self) -> Iterable[Edge]:
        """The steps that have rows here."""
        return (*self._documented_here, *self._of_leads_here, *self.answer.outline.not_carried[:ROWS])

    @property
    def _documented_here(self) -> Sequence[Edge]:
        """The rows of a large answer are on pages of their own; where it has no table of products, its nearest are here."""
        outline = self.answer.outline
        few = 0 if any(node.kind == "product" for node in outline.nodes) else _NEAREST
        return outline.edges[: ROWS if self.rows.on_page else few]

    @property
    def _of_leads_here(self) -> Sequence[Edge]:
        return self.answer.outline.lead_edges[: ROWS if self.rows.on_page else 0]

    @cached_property
    def edges(self) -> list[EdgeLine]:
        """The documented edges, as many as have rows."""
        return self.edge_lines(self._documented_here)

    @cached_property
    def lead_edges(self) -> list[EdgeLine]:
        """Edges that only leads use, as many as have rows."""
        return self.edge_lines(self._of_leads_here)

    @cached_property
    def not_carried(self) -> list[EdgeLine]:
        """Tools and tests one step away, which carry nothing."""
        return self.edge_lines(self.answer.outline.not_carried[:ROWS])

    @property
    def table(self) -> str:
        """Where the steps stand as rows, for those who read no picture."""
        if not self.rows.on_page:
            return self.rows.pages()
        return "#edges" if self.documented else "#leads"

    @property
    def edges_left_out(self) -> int:
        """How many documented steps have no row here."""
        return self.documented - len(self.edges)

    @property
    def lead_edges_left_out(self) -> int:
        """How many steps of leads have no row here."""
        return self.only_of_leads - len(self.lead_edges)

    @property
    def not_carried_left_out(self) -> int:
        """How many tools and tests have no row here."""
        return len(self.answer.outline.not_carried) - len(self.not_carried)

    @cached_property
    def headline(self) -> Headline:
        """What is counted first of all, and under which filters."""
        return Headline(self.answer)

    @cached_property
    def trace(self) -> Traced | None:
        """The path that stands out in the picture, in words, or why none does."""
        record = self.drawing.trace
        return traced(self.headline, record, draws_leads=self.draws_leads) if record else None

    @cached_property
    def _undisclosed(self) -> list[int]:
        outline = self.answer.outline
        ids = [self.answer.root.id, *(node.record for nodes in (outline.nodes, outline.lead_nodes) for node in nodes)]
        return [record for record in ids if self.answer.is_undisclosed(record)]

    @cached_property
    def undisclosed(self) -> list[Record]:
        """Artifacts of the answer whose training data is not disclosed, the root among them; the nearest of very many."""
        self.answer.bring((), self._undisclosed[:_NAMED])
        return [self.answer.record(record) for record in self._undisclosed[:_NAMED]]

    @property
    def more_undisclosed(self) -> int:
        """How many more there are."""
        return len(self._undisclosed) - len(self.undisclosed)

    @property
    def picture_query(self) -> str:
        """The parameters of the same question, for the files of its picture."""
        return f"?{self.query}" if self.query else ""

    @cached_property
    def traceable(self) -> list[Record]:
        """What can be chosen to be traced: products, or where there are none, the nearest of what is reached."""
        listed = [one for group in (*self.groups, *self.lead_groups) for one in group.nodes]
        chosen = [one.record for one in listed if one.node.kind == "product"] or [one.record for one in listed]
        return sorted(chosen[:_NAMED], key=lambda record: record.folded)

    @cached_property
    def relations(self) -> list[Predicate]:
        """The relations that occur in the answer, and those asked for."""
        outline = self.answer.outline
        found = {edge.predicate for edges in (outline.edges, outline.lead_edges, outline.not_carried) for edge in edges}
        return [row for code, row in LINEAGE.items() if code in found | self.question.predicates]

    @property
    def is_empty(self) -> bool:
        """Whether no path is known at all."""
        return not self.answer.outline.nodes and not self.answer.outline.lead_nodes
