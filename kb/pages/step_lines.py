"""An answer of lineage on a page, and its steps as rows: what the lineage page and the pages of steps have in common.

A row names its first source; all that is told of a step stands on the page of its statement.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from kb.lineage.answer import Edge
from kb.lineage.ask import Answer
from kb.lineage.step_rows import StepRows
from kb.pages.lines import Line
from kb.records.models import Record
from kb.records.responses import Responses, responses_to_statements
from kb.records.vocabularies import STATUSES

# What says how an answer is drawn or which part of it is shown, and the direction, which the API has in its path.
_NOT_ASKED = ("direction=", "trace=", "leads=", "page=")


@dataclass(frozen=True, slots=True)
class EdgeLine:
    """One step as a row: its number, itself as a sentence, its status in words, when, its first source and how many more."""

    number: int
    says: str
    href: str
    status: str
    status_words: str
    period: str
    source: Record | None
    others: int
    line: Line

    @property
    def is_answered(self) -> bool:
        """Whether it is contested, or anybody replied to it or disputed it."""
        return self.line.contested or bool(self.line.responses)


class AnswerPage(ABC):
    """What every page of an answer says: the question, the numbered steps and where else they can be had."""

    def __init__(self, answer: Answer, given: QueryDict) -> None:
        self.answer = answer
        self.question = answer.question
        self.downstream = answer.question.direction == "downstream"
        self.rows = StepRows(answer)
        self.query = given.urlencode()

    @cached_property
    def api_path(self) -> str:
        """The address of the same answer in the API, without the direction in its parameters."""
        return f"/api/v1/lineage/{self.answer.root.slug}/{self.question.direction}/"

    @property
    def api_query(self) -> str:
        """The parameters of the same question, ready for one more."""
        kept = "&".join(part for part in self.query.split("&") if part and not part.startswith(_NOT_ASKED) and part[-1] != "=")
        return f"?{kept}&" if kept else "?"

    @property
    def documented(self) -> int:
        """How many documented steps there are."""
        return len(self.answer.outline.edges)

    @property
    def only_of_leads(self) -> int:
        """How many steps there are that only leads use."""
        return len(self.answer.outline.lead_edges)

    @property
    def steps(self) -> int:
        """How many numbered steps there are: in the picture with its leads, in the tables, in CSV and API."""
        return self.documented + self.only_of_leads

    @abstractmethod
    def shown_edges(self) -> Iterable[Edge]:
        """The steps that have rows here."""

    @cached_property
    def responses(self) -> dict[int, Responses]:
        """Replies to Upstream and disputes of the steps that have rows."""
        return responses_to_statements((edge.statement for edge in self.shown_edges()), self.question.edition)

    def line(self, edge: Edge) -> Line:
        """A step as a statement with its evidence."""
        answer, version = self.answer, self.answer.statement(edge)
        return Line(
            version, answer.predicate(edge), True, None, tuple(answer.evidence[edge.statement]),
            answer.contested.holds(version), self.responses[edge.statement],
        )  # fmt: skip

    def edge_lines(self, edges: Sequence[Edge]) -> list[EdgeLine]:
        """Steps as rows."""
        self.answer.bring(edges, evidence=True)
        return [self._edge_line(edge) for edge in edges]

    def _edge_line(self, edge: Edge) -> EdgeLine:
        answer, line = self.answer, self.line(edge)
        by, best = line.confirmed_by, line.best
        status = STATUSES.label(edge.status)
        return EdgeLine(
            number=answer.number_of.get(edge.index, 0),
            says=f"{answer.record(edge.child).name} {answer.reads(edge)} {answer.record(edge.parent).name}",
            href=line.path,
            status=edge.status,
            status_words=f"{status} by {by}" if by and edge.status == "confirmed" else status,
            period=line.period,
            source=best.report if best else None,
            others=max(0, len(line.evidence) - 1),
            line=line,
        )
