"""The steps of an answer as rows on pages of their own: under the numbers that picture, CSV and API give them."""

from collections.abc import Iterable
from functools import cached_property

from django.core.paginator import Paginator
from django.http import QueryDict

from kb.exchange.exporters.lineage_edges import numbered_edges
from kb.lineage.answer import Edge
from kb.lineage.ask import Answer
from kb.lineage.step_rows import A_PAGE
from kb.pages.reading import numbered_page
from kb.pages.step_lines import AnswerPage, EdgeLine


class StepsPage(AnswerPage):
    """One page of the numbered steps, documented ones first."""

    def __init__(self, answer: Answer, given: QueryDict) -> None:
        super().__init__(answer, given)
        self.page = numbered_page(Paginator(numbered_edges(answer), A_PAGE), given.get("page", ""))

    @property
    def address(self) -> str:
        """The page of the answer to the same question, with its picture."""
        path = f"/lineage/{self.answer.root.slug}/"
        query = self.rows.query()
        return f"{path}?{query}" if query else path

    def shown_edges(self) -> Iterable[Edge]:
        """The steps of this page."""
        return [edge for _, edge in self.page.object_list]

    @cached_property
    def edges(self) -> list[EdgeLine]:
        """The documented ones among them."""
        return self.edge_lines([edge for part, edge in self.page.object_list if part == "documented"])

    @cached_property
    def lead_edges(self) -> list[EdgeLine]:
        """Those among them that only leads use."""
        return self.edge_lines([edge for part, edge in self.page.object_list if part == "lead"])
