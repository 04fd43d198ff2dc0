"""Where the steps of an answer stand as rows: on its page, or of a large answer on pages of their own.

Pages lay out by it and pictures link by it, so every number leads to its row. What a row says is theirs.
"""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from kb.lineage.answer import Edge
from kb.lineage.ask import ROWS, Answer
from kb.records.models import Record
from kb.records.telling import statement_path

# An answer of more steps has them on pages of their own, so many on each.
ON_PAGE = 40
A_PAGE = 100
# A longer question than this is too long an address for every number of a large picture.
_LONG = 20


@dataclass(frozen=True)
class StepRows:
    """The rows of one answer."""

    answer: Answer

    @cached_property
    def on_page(self) -> bool:
        """Whether the answer's own page has them. Records asked for by name are too long an address for every number."""
        outline = self.answer.outline
        return bool(self.answer.question.records) or len(outline.edges) + len(outline.lead_edges) <= ON_PAGE

    @cached_property
    def _listed(self) -> frozenset[int]:
        outline = self.answer.outline
        return frozenset(edge.index for edge in (*outline.edges[:ROWS], *outline.lead_edges[:ROWS]))

    def address(self, edge: Edge) -> str:
        """The address of an edge's row, seen from the answer's page.

        Where it has none, or under so many filters that every number would need a long address, its statement's page.
        """
        number = self.answer.number_of[edge.index]
        if not self.on_page:
            if len(self.query()) > _LONG:
                return statement_path(edge.statement)
            return f"{self.pages(1 + (number - 1) // A_PAGE)}#e{number}"
        return f"#e{number}" if edge.index in self._listed else statement_path(edge.statement)

    def pages(self, page: int = 1) -> str:
        """The address of the pages of rows, seen from the answer's page."""
        query = self.query(page)
        return f"steps/?{query}" if query else "steps/"

    def trace(self, record: Record) -> str:
        """The address of the page that tells the best path to a record by the steps that the question follows.

        It is seen from the answer's page.
        """
        limits = self.answer.question.limits
        return f"trace/{record.slug}/{f'?{urlencode(limits)}' if limits else ''}"

    @property
    def last(self) -> str:
        """The address of the last of those pages."""
        outline = self.answer.outline
        return self.pages(-(-(len(outline.edges) + len(outline.lead_edges)) // A_PAGE))

    def query(self, page: int = 1) -> str:
        """The question as parameters of an address, without how it is drawn."""
        return urlencode([*self._asked, *([("page", str(page))] if page > 1 else [])])

    @cached_property
    def _asked(self) -> list[tuple[str, str]]:
        question = self.answer.question
        return [
            *question.turned,
            *(("kind", kind) for kind in sorted(question.kinds)),
            *(("record", self.answer.record(record).public_id) for record in sorted(question.records)),
            *question.limits,
        ]
