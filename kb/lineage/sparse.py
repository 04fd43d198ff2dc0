"""Compressed sparse rows: who stands next to whom, in both directions, built in linear time and never by sorting.

`Rows` knows its edges and their strength; a `Matrix` is what `scipy.sparse.csgraph` walks on. Pure numpy and scipy.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

Array = NDArray[Any]
# Few insertions are copied piece by piece, many in one go.
_PIECES = 20_000


@dataclass(frozen=True, eq=False, slots=True)
class Rows:
    """The edges that may be followed from each node, by target and then strongest first."""

    indptr: Array
    target: Array
    edge: Array
    strength: Array

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.indptr) - 1

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays."""
        return sum(array.nbytes for array in (self.indptr, self.target, self.edge, self.strength))

    def bounds(self, node: int) -> tuple[int, int]:
        """Where the row of a node begins and ends; a node that came later has none."""
        return (int(self.indptr[node]), int(self.indptr[node + 1])) if node < self.size else (0, 0)

    def between(self, source: int, target: int) -> Array:
        """Edges from one node to another, strongest first."""
        start, end = self.bounds(source)
        row = self.target[start:end]
        first, last = np.searchsorted(row, target, "left"), np.searchsorted(row, target, "right")
        return self.edge[start + first : start + last]

    def masked(self, keep: Array) -> "Rows":
        """Return the rows with these entries alone."""
        return Rows(_compressed(self.indptr, keep), self.target[keep], self.edge[keep], self.strength[keep])

    def matrix(self, level: int) -> "Matrix":
        """Return who reaches whom over edges of at least a strength."""
        keep = self.strength >= level
        if keep.all():
            return Matrix(self.indptr, self.target)
        return Matrix(_compressed(self.indptr, keep), self.target[keep])


@dataclass(frozen=True, eq=False, slots=True)
class Matrix:
    """Rows of targets. Parallel edges stand side by side, which a walk does not mind."""

    indptr: Array
    target: Array

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays."""
        return int(self.indptr.nbytes + self.target.nbytes)

    @property
    def csr(self) -> Any:
        """The matrix as csgraph takes it without a copy: ready rows, and float64 for data, of which it reads none."""
        size = len(self.indptr) - 1
        ones = np.broadcast_to(np.float64(1), len(self.target))
        return csr_array((ones, self.target, self.indptr), shape=(size, size))

    def laid_over(self, size: int, added: tuple[Array, Array], withdrawn: tuple[Array, Array]) -> "Matrix":
        """Return the matrix with pairs of source and target added and others withdrawn, for this many nodes."""
        indptr, target = self.indptr, self.target
        if size > len(indptr) - 1:
            indptr = np.concatenate((indptr, np.full(size + 1 - len(indptr), indptr[-1], dtype=indptr.dtype)))
        source, fresh = added
        if len(withdrawn[0]) or len(source):
            target = target.copy()
        if len(withdrawn[0]):
            # A step to itself leads nowhere: the row keeps its length. The places are found in the rows as they were.
            places = _places_of(indptr, self.target, *withdrawn)
            target[places] = withdrawn[0][np.lexsort(withdrawn[::-1])]
        if not len(source):
            return Matrix(indptr, target)
        order = np.lexsort((fresh, source))
        places = lower_bounds(indptr, self.target, source[order], fresh[order])
        return Matrix(_shifted(indptr, source[order]), np.insert(target, places, fresh[order]))


def _places_of(indptr: Array, target: Array, sources: Array, targets: Array) -> Array:
    """Where these pairs stand, given in any order and found by source and target; of equal ones each has its own place."""
    order = np.lexsort((targets, sources))
    sources, targets = sources[order], targets[order]
    places = lower_bounds(indptr, target, sources, targets)
    again = np.concatenate(([False], (sources[1:] == sources[:-1]) & (targets[1:] == targets[:-1])))
    count = np.arange(len(again))
    found: Array = places + count - np.maximum.accumulate(np.where(again, 0, count))
    return found


def lower_bounds(indptr: Array, target: Array, sources: Array, targets: Array) -> Array:
    """Return for each pair the first place in the source's row whose target is not smaller: a binary search for all at once."""
    low, high = indptr[sources].astype(np.int64), indptr[sources + 1].astype(np.int64)
    last = max(len(target) - 1, 0)
    while np.any(low < high):
        middle = (low + high) // 2
        smaller = (low < high) & (target[np.minimum(middle, last)] < targets) if len(target) else np.zeros(len(low), bool)
        low, high = np.where(smaller, middle + 1, low), np.where(smaller | (low >= high), high, middle)
    return low


def _shifted(indptr: Array, sources: Array) -> Array:
    more = np.bincount(sources + 1, minlength=len(indptr))
    shifted: Array = indptr + np.cumsum(more, dtype=indptr.dtype)
    return shifted


def _compressed(indptr: Array, keep: Array) -> Array:
    before = np.zeros(len(keep) + 1, dtype=np.int32)
    np.cumsum(keep, out=before[1:])
    return before[indptr]


def both_directions(
    size: int, child: Array, parent: Array, strength: Array, edges: Array, keys: Callable[[Array], tuple[Array, ...]]
) -> tuple[Rows, Rows]:
    """Return the rows downstream and upstream of these edges; parallel ones stand by their keys, of which the last leads.

    Each direction is the other one transposed, which is a counting sort: rows come out in the order of their targets.
    """
    edges = edges.astype(np.int32, copy=False)
    pairs = coo_array((edges, (child[edges], parent[edges])), shape=(size, size))
    pairs.has_canonical_format = True  # or scipy would sum parallel edges
    downstream = pairs.tocsr().tocsc()
    _sort_parallel(downstream.indptr, downstream.indices, downstream.data, keys)
    below = csr_array((downstream.data, downstream.indices, downstream.indptr), shape=(size, size))
    return _rows(downstream, strength), _rows(below.tocsc(), strength)


def _rows(compressed: Any, strength: Array) -> Rows:
    indptr, target = (array.astype(np.int32, copy=False) for array in (compressed.indptr, compressed.indices))
    return Rows(indptr, target, compressed.data, strength[compressed.data])


def _sort_parallel(indptr: Array, target: Array, edge: Array, keys: Callable[[Array], tuple[Array, ...]]) -> None:
    """Put edges between the same two nodes, which stand side by side already, in the order of their keys. They are few."""
    repeats = np.zeros(len(target) + 1, dtype=np.bool_)
    np.equal(target[1:], target[:-1], out=repeats[1:-1])
    repeats[indptr] = False
    places = np.flatnonzero(repeats[:-1] | repeats[1:])
    found = edge[places]
    edge[places] = found[np.lexsort((*keys(found), np.cumsum(~repeats[places])))]
