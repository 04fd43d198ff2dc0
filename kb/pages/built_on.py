"""What a model is built on, in brief, beside what inherits it: its parents by step, each with status and evidence.

The whole answer, with its picture and every step as a row, is the same question's other direction: the lineage page's.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from kb.lineage.answer import Node
from kb.lineage.ask import Answer, ask
from kb.lineage.step_rows import StepRows
from kb.pages.headline import Headline
from kb.records.models import Record

# So many are listed; the nearest come first.
_LISTED = 40


@dataclass(frozen=True)
class Parent:
    """An artifact that a model is built on, the step by which its best path reaches it, and the page of that path."""

    node: Node
    record: Record
    says: str
    trace: str
    undisclosed: bool
    contested: bool


class BuiltOn:
    """The upstream answer to a downstream question about a model."""

    def __init__(self, answer: Answer) -> None:
        self.answer = ask(replace(answer.question, direction="upstream"), whole=False)
        self.headline = Headline(self.answer)

    @cached_property
    def parents(self) -> list[Parent]:
        """Documented ones, by distance and name."""
        answer = self.answer
        listed = self.answer.outline.nodes[:_LISTED]
        answer.bring([edge for node in listed for edge in answer.path(node)], [node.record for node in listed])
        return [self._parent(node) for node in sorted(listed, key=lambda node: (node.depth, answer.record(node.record).folded))]

    def _parent(self, node: Node) -> Parent:
        answer, path = self.answer, self.answer.path(node)
        edge, record = path[-1], answer.record(node.record)
        return Parent(
            node, record, f"{answer.record(edge.child).name} {answer.reads(edge)} it", StepRows(answer).trace(record),
            answer.is_undisclosed(node.record), any(answer.contested.holds(answer.statement(step)) for step in path),
        )  # fmt: skip

    @property
    def left_out(self) -> int:
        """How many are not listed."""
        return len(self.answer.outline.nodes) - len(self.parents)

    @property
    def address(self) -> str:
        """The whole upstream question, under the same filters."""
        asked = self.answer.question.limits
        return f"/lineage/{self.answer.root.slug}/?{urlencode([('direction', 'upstream'), *asked])}"


def built_on(answer: Answer) -> BuiltOn | None:
    """Tell what a model is built on; nothing for other records, the other direction, or where a list was asked for."""
    question = answer.question
    lists = bool(question.kinds or question.records)
    return BuiltOn(answer) if question.root.kind == "model" and question.direction == "downstream" and not lists else None
