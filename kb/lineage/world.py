"""A world: the graph of an edition with what goes beside it. Pure; `load.py` makes one of rows, `overlay.py` of an older one."""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property

from kb.lineage.graph import Graph
from kb.lineage.inherit import Impact


@dataclass(frozen=True, eq=False)
class World:
    """Impacts by issue, undisclosed nodes and merges of an edition, whose `digest` is that of the chain's head then.

    `merged` and `silences` (statement and subject) are what is on file; `canonical` and `undisclosed` are how it reads.
    """

    graph: Graph
    impacts: dict[int, tuple[Impact, ...]]
    undisclosed: frozenset[int]
    canonical: dict[int, int]
    merged: dict[int, int] = field(default_factory=dict, repr=False)
    silences: dict[int, int] = field(default_factory=dict, repr=False)
    digest: str = ""

    def speaker(self, record_id: int) -> int:
        """Return the record that speaks for a record: itself, unless it was merged."""
        return self.canonical.get(record_id, record_id)

    @cached_property
    def issues_at(self) -> Mapping[int, tuple[int, ...]]:
        """The issues that something is said of at a node."""
        found: dict[int, dict[int, None]] = defaultdict(dict)
        for issue, impacts in self.impacts.items():
            for impact in impacts:
                found[impact.node][issue] = None
        return {node: tuple(issues) for node, issues in found.items()}

    def issues_near(self, nodes: Set[int]) -> list[int]:
        """Return the issues that something is said of at any of the nodes, in the order of their first impact."""
        issues = {issue for node in self.issues_at.keys() & nodes for issue in self.issues_at[node]}
        return sorted(issues, key=lambda issue: self.impacts[issue][0].statement)


def canonical_of(merged: Mapping[int, int]) -> dict[int, int]:
    """Map each merged record to the last one it was merged into."""
    return {record: _last(merged, record) for record in merged}


def _last(merged: Mapping[int, int], record: int) -> int:
    while record in merged:
        record = merged[record]
    return record
