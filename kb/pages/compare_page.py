"""What the page of two artifacts side by side shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from kb.lineage.answer import Node
from kb.lineage.ask import Answer
from kb.lineage.compare import Comparison, Shared
from kb.lineage.reach import Reach
from kb.pages.reached import REACH_TITLES, ReachGroup
from kb.records.models import Record


@dataclass(frozen=True)
class Ancestor:
    """One ancestor with the way that leads to it."""

    record: Record
    node: Node


@dataclass(frozen=True)
class SharedAncestor:
    """One ancestor of both, with both ways."""

    record: Record
    of_a: Node
    of_b: Node


@dataclass(frozen=True)
class Side:
    """One of the two: its own ancestors, its leads, and the issues that reach it by class."""

    code: str
    record: Record
    own: list[Ancestor]
    leads: list[Ancestor]
    issues: list[ReachGroup]


class ComparePage:
    """The page of a comparison."""

    def __init__(self, found: Comparison) -> None:
        self.found = found

    @cached_property
    def sides(self) -> list[Side]:
        """The two, side by side."""
        split, issues = self.found.split, self.found.issues
        a = _side("a", self.found.a, split.only_a, split.leads_a, ((one.category, one.of_a) for one in issues))
        b = _side("b", self.found.b, split.only_b, split.leads_b, ((one.category, one.of_b) for one in issues))
        return [a, b]

    @cached_property
    def shared(self) -> list[SharedAncestor]:
        """Documented ancestors of both."""
        return self._shared(self.found.split.shared)

    @cached_property
    def shared_leads(self) -> list[SharedAncestor]:
        """Ancestors of both that an inferred step leads to from one of them at least."""
        return self._shared(self.found.split.shared_leads)

    def _shared(self, both: Iterable[Shared]) -> list[SharedAncestor]:
        return [SharedAncestor(self.found.a.record(one.of_a.record), one.of_a, one.of_b) for one in both]


def _side(
    code: str, answer: Answer, own: Iterable[Node], leads: Iterable[Node], issues: Iterable[tuple[str, tuple[Reach, ...]]]
) -> Side:
    groups = [ReachGroup(category, REACH_TITLES[category], list(reaches)) for category, reaches in issues if reaches]
    return Side(code, answer.root, _ancestors(answer, own), _ancestors(answer, leads), groups)


def _ancestors(answer: Answer, nodes: Iterable[Node]) -> list[Ancestor]:
    return [Ancestor(answer.record(node.record), node) for node in nodes]
