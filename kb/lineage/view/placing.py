"""Heights: where each vertex of a column stands, in its order, with minimum distances, near to what it is joined to.

Isotonic regression by pooling adjacent violators (Barlow and others, 1972): the least squares of moves from the aims.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from kb.lineage.view.layers import Layers

BOX_HEIGHT, ROW_GAP = 72.0, 18.0
# A link that passes between two boxes keeps clear of them, and of other links enough for the eye to follow it.
_PASSING, _BESIDE = 15.0, 11.0
_ROUNDS = 20


def place_vertically(layers: Layers) -> list[float]:
    """Return the height of the middle of every vertex; the smallest top of a box or bend is 0."""
    middle = [0.0] * len(layers.before)
    for column in layers.columns:
        _settle(layers, column, [0.0] * len(column), middle)
    for turn in range(_ROUNDS):
        rightwards = turn % 2 == 0
        columns = layers.columns if rightwards else layers.columns[::-1]
        for column in columns:
            aims = [_aim(layers, vertex, middle, both=turn >= _ROUNDS - 4, rightwards=rightwards) for vertex in column]
            _settle(layers, column, aims, middle)
    top = min(middle[vertex] - _half(layers, vertex) for vertex in range(len(middle)))
    return [one - top for one in middle]


def _aim(layers: Layers, vertex: int, middle: list[float], *, both: bool, rightwards: bool) -> float:
    """The median height of what a vertex is joined to on one side, in the last rounds on both."""
    before, after = layers.before[vertex], layers.after[vertex]
    beside = before + after if both else (before if rightwards else after)
    return median([middle[one] for one in beside]) if beside else middle[vertex]


def _settle(layers: Layers, column: list[int], aims: Sequence[float], middle: list[float]) -> None:
    """Move the vertices of a column as near to their aims as order and distances allow."""
    offsets = [0.0]
    for upper, lower in pairwise(column):
        offsets.append(offsets[-1] + distance(layers, upper, lower))
    weights = [1.0 if vertex < layers.boxes else 4.0 for vertex in column]
    found = isotonic([aim - offset for aim, offset in zip(aims, offsets, strict=True)], weights)
    for vertex, height, offset in zip(column, found, offsets, strict=True):
        middle[vertex] = height + offset


def distance(layers: Layers, upper: int, lower: int) -> float:
    """The least distance of two neighbours' middles."""
    boxes = (upper < layers.boxes) + (lower < layers.boxes)
    return (_BESIDE, BOX_HEIGHT / 2 + _PASSING, BOX_HEIGHT + ROW_GAP)[boxes]


def _half(layers: Layers, vertex: int) -> float:
    return BOX_HEIGHT / 2 if vertex < layers.boxes else _PASSING


def isotonic(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the non-decreasing values nearest to the given ones, by weighted least squares."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        block = (value, weight, 1)
        while blocks and blocks[-1][0] > block[0]:
            mean, mass, size = blocks.pop()
            total = mass + block[1]
            block = ((mean * mass + block[0] * block[1]) / total, total, size + block[2])
        blocks.append(block)
    return [mean for mean, _, size in blocks for _ in range(size)]
