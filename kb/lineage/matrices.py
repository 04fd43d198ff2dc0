"""The matrices of a graph, one for each direction, filter and level of strength: made once and kept, bounded in bytes.

Those of the base serve every younger edition; what came since is laid over a copy of the rows.
"""

import numpy as np

from kb.lineage.graph import Direction, Filters, Graph, Ints
from kb.lineage.kept import store
from kb.lineage.near import ends
from kb.lineage.sparse import Matrix, Rows


def matrix_of(graph: Graph, direction: Direction, filters: Filters, level: int) -> Matrix:
    """Return who reaches whom in one step over edges that pass the filters and are of at least this strength."""
    key = (direction, filters.of_kind, level)
    base = store.get((graph.base.serial, *key), lambda: _rows(graph, direction, filters).matrix(level))
    if not len(graph.fresh) and not len(graph.withdrawn) and graph.room == len(base.indptr) - 1:
        return base
    return store.get((graph.serial, *key), lambda: _laid_over(graph, base, direction, filters, level))


def levels_of(graph: Graph, direction: Direction, filters: Filters) -> tuple[int, ...]:
    """Return the levels of strength that edges which pass the filters have, strongest first."""
    rows = _rows(graph, direction, filters)
    present = set(store.get((graph.base.serial, direction, filters.of_kind, "levels"), lambda: _Present(rows.strength)).levels)
    if len(graph.fresh):
        edges = graph.fresh[graph.passes(graph.fresh, filters)]
        present |= set(graph.strength[edges[graph.carries[edges] > 0]].tolist())
    return tuple(sorted((level for level in present if level >= filters.weakest), reverse=True))


class _Present:
    """The levels that stand in rows."""

    nbytes = 64

    def __init__(self, strength: Ints) -> None:
        self.levels = np.flatnonzero(np.bincount(strength)).tolist()


def _rows(graph: Graph, direction: Direction, filters: Filters) -> Rows:
    """The base's rows, under the filters but for strength, which has its levels."""
    rows = graph.base.rows(direction)
    if filters.of_kind == (None, None):
        return rows
    asked = Filters(filters.predicates, None, filters.on)
    key = (graph.base.serial, direction, filters.of_kind)
    return store.get(key, lambda: rows.masked(graph.passes(rows.edge, asked)))


def _laid_over(graph: Graph, base: Matrix, direction: Direction, filters: Filters, level: int) -> Matrix:
    source, target = ends(graph, direction)

    def pairs(edges: Ints) -> tuple[Ints, Ints]:
        """The ends of those edges that stand in a matrix of this level."""
        standing = graph.passes(edges, filters) & (graph.strength[edges] >= level) & (graph.carries[edges] > 0)
        return source[edges[standing]], target[edges[standing]]

    of_base = graph.withdrawn[graph.withdrawn < graph.base.edges]
    return base.laid_over(graph.room, pairs(graph.fresh), pairs(of_base))
