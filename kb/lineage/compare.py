"""Two artifacts side by side: what both are built on, what only one of them is, and the issues that reach each.

Documented ancestors and leads stand apart, and issues by class: nothing is added up across them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kb.core.errors import InvalidInput
from kb.lineage.answer import Node, Outline
from kb.lineage.ask import Answer, Question, ask
from kb.lineage.inherit import CLASSES
from kb.lineage.reach import Reach, issues_reaching
from kb.records.models import Record


@dataclass(frozen=True, slots=True)
class Shared:
    """One ancestor of both, as each reaches it."""

    of_a: Node
    of_b: Node

    @property
    def is_lead(self) -> bool:
        """Whether one of them comes to it by an inferred step only."""
        return self.of_a.is_lead or self.of_b.is_lead


@dataclass(frozen=True, slots=True)
class Split:
    """Ancestors of two artifacts: documented for both, a lead for one at least, and of one alone, its leads apart."""

    shared: tuple[Shared, ...]
    shared_leads: tuple[Shared, ...]
    only_a: tuple[Node, ...]
    only_b: tuple[Node, ...]
    leads_a: tuple[Node, ...]
    leads_b: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Issues of one class, as they reach each of the two."""

    category: str
    of_a: tuple[Reach, ...]
    of_b: tuple[Reach, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two artifacts, what each is built on, and the issues that reach each, strongest class first."""

    a: Answer
    b: Answer
    split: Split
    issues: tuple[SideBySide, ...]

    @property
    def descent(self) -> str:
        """Whether one is built on the other: `a` or `b` names the one that is, nothing neither."""
        if self.b.root.id in _records(self.a.outline):
            return "a"
        return "b" if self.a.root.id in _records(self.b.outline) else ""

    @property
    def undisclosed(self) -> list[Record]:
        """Those of the two and of their ancestors whose training data is not disclosed, by name."""
        records = {record.id: record for answer in (self.a, self.b) for record in answer.records.values()}
        silent = (record for record in records.values() if self.a.is_undisclosed(record.id))
        return sorted(silent, key=lambda record: (record.folded, record.id))


def compare(a: Record, b: Record) -> Comparison:
    """Compare two artifacts as they are now. Raises InvalidInput where they are one record."""
    if a.id == b.id:
        raise InvalidInput(f"Both are {a.name}: name two different records.")
    of_a, of_b = ask(Question(a, "upstream")), ask(Question(b, "upstream"))
    issues_a, issues_b = issues_reaching(a), issues_reaching(b)
    sides = (SideBySide(code, _of_class(issues_a, code), _of_class(issues_b, code)) for code in CLASSES)
    return Comparison(of_a, of_b, split(of_a.outline, of_b.outline), tuple(side for side in sides if side.of_a or side.of_b))


def split(a: Outline, b: Outline) -> Split:
    """Part the ancestors of two artifacts. Pure."""
    of_a = {node.record: node for node in (*a.nodes, *a.lead_nodes)}
    of_b = {node.record: node for node in (*b.nodes, *b.lead_nodes)}
    both = [Shared(node, of_b[record]) for record, node in of_a.items() if record in of_b]
    return Split(
        shared=tuple(one for one in both if not one.is_lead),
        shared_leads=tuple(one for one in both if one.is_lead),
        only_a=_missing(a.nodes, of_b),
        only_b=_missing(b.nodes, of_a),
        leads_a=_missing(a.lead_nodes, of_b),
        leads_b=_missing(b.lead_nodes, of_a),
    )


def _missing(nodes: Iterable[Node], other: dict[int, Node]) -> tuple[Node, ...]:
    return tuple(node for node in nodes if node.record not in other)


def _records(outline: Outline) -> set[int]:
    return {node.record for node in (*outline.nodes, *outline.lead_nodes)}


def _of_class(reaches: Iterable[Reach], code: str) -> tuple[Reach, ...]:
    return tuple(one for one in reaches if one.category == code)
