"""The base of a graph: the rows of its edges in both directions, built once and shared by every younger edition."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from kb.lineage.codes import Direction
from kb.lineage.columns import Array
from kb.lineage.kept import serials
from kb.lineage.lists import RowLists, of_rows
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
        """Group edges, which are in order, by their source: sorted with their places, which is quicker than a stable sort."""
        keyed = source[edges].astype(np.int64) << 32 | np.arange(len(edges))
        keyed.sort()
        return cls((keyed >> 32).astype(np.int32), edges[keyed & 0xFFFFFFFF])

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
        child, parent, strength, carries, statement = (
            edges[name] for name in ("child", "parent", "strength", "carries", "statement")
        )
        followed = strength >= _WEAKEST
        tools = np.flatnonzero(followed & (carries == 0)).astype(np.int32)

        def best_first(some: Array) -> tuple[Array, ...]:
            """Of parallel edges the first is shown: by strength, then by what they carry, then by statement."""
            return statement[some], -carries[some], -strength[some]

        return cls(
            len(child), *both_directions(size, child, parent, strength, np.flatnonzero(followed & (carries > 0)), best_first),
            Tools.of(tools, parent), Tools.of(tools, child),
        )  # fmt: skip

    def rows(self, direction: str) -> Rows:
        """The rows of a direction."""
        return self.downstream if direction == "downstream" else self.upstream

    @cached_property
    def lists(self) -> Mapping[Direction, RowLists]:
        """The rows of each direction, read into lists as they are needed."""
        return {"downstream": of_rows(self.downstream), "upstream": of_rows(self.upstream)}

    def tools(self, direction: str) -> Tools:
        """What carries nothing, in a direction."""
        return self.tools_downstream if direction == "downstream" else self.tools_upstream
