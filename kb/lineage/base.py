"""The base of a graph: the rows of its edges in both directions, built once and shared by every younger edition."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from kb.lineage.columns import Array
from kb.lineage.kept import serials
from kb.lineage.sparse import Rows, both_directions
from kb.records.status import STRENGTH

_WEAKEST = STRENGTH["disputed"]


@dataclass(frozen=True, eq=False)
class Tools:
    """Edges that carry nothing, by the node that they are shown at."""

    source: Array
    edge: Array

    @classmethod
    def of(cls, edges: Array, source: Array) -> "Tools":
        """Group edges by their source."""
        order = np.argsort(source[edges], kind="stable")
        return cls(source[edges][order], edges[order])

    def at(self, node: int) -> Array:
        """Return the edges of a node."""
        first, last = np.searchsorted(self.source, (node, node + 1))
        return self.edge[first:last]


@dataclass(frozen=True, eq=False)
class Base:
    """Rows over the first `edges` edges of a graph's columns. What is refuted or retracted stands in none."""

    edges: int
    downstream: Rows
    upstream: Rows
    tools_downstream: Tools
    tools_upstream: Tools
    serial: int = field(default_factory=lambda: next(serials))

    @classmethod
    def build(cls, size: int, edges: Mapping[str, Array]) -> "Base":
        """Build both directions in one pass."""
        child, parent, strength, carries = (edges[name] for name in ("child", "parent", "strength", "carries"))
        order = _best_first(strength, carries, edges["statement"])
        order = order[strength[order] >= _WEAKEST]
        carrying = carries[order] > 0
        tools = np.sort(order[~carrying])
        return cls(
            len(child), *both_directions(size, child, parent, strength, order[carrying]),
            Tools.of(tools, parent), Tools.of(tools, child),
        )  # fmt: skip

    def rows(self, direction: str) -> Rows:
        """The rows of a direction."""
        return self.downstream if direction == "downstream" else self.upstream

    def tools(self, direction: str) -> Tools:
        """What carries nothing, in a direction."""
        return self.tools_downstream if direction == "downstream" else self.tools_upstream


def _best_first(strength: Array, carries: Array, statement: Array) -> Array:
    """The order of edges by strength, then by what they carry, then by statement: of parallel edges the first is shown."""
    rank = (strength.astype(np.int16) * 4 + carries.astype(np.int16)) * -1
    if np.all(statement[1:] > statement[:-1]):
        return np.argsort(rank, kind="stable").astype(np.int32)
    return np.lexsort((statement, rank)).astype(np.int32)
