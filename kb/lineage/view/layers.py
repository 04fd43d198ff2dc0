"""Layers of a picture: cycles broken, boxes in columns by their longest way from the root, long links cut into pieces.

A vertex is a box or, where a link passes a column, a bend. Vertices are small integers in here. Pure and deterministic.
"""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from kb.lineage.view.picture import Picture


@dataclass(frozen=True, slots=True)
class Chain:
    """One link on its way: its vertices from the left column to the right one. `reversed` links run right to left."""

    link: int
    vertices: tuple[int, ...]
    reversed: bool


@dataclass(frozen=True, slots=True)
class Layers:
    """Columns from left to right, each a list of vertices. The first `boxes` vertices are boxes, the others bends."""

    boxes: int
    columns: list[list[int]]
    chains: list[Chain]
    loops: list[int]
    before: list[list[int]]
    after: list[list[int]]


def make_layers(picture: Picture) -> Layers:
    """Put the boxes of a picture into columns, left to right from data source to product."""
    number = {box.key: place for place, box in enumerate(picture.boxes)}
    arcs = [(number[link.source], number[link.target]) for link in picture.links]
    loops = [place for place, (source, target) in enumerate(arcs) if source == target]
    outwards = arcs if picture.direction == "downstream" else [(target, source) for source, target in arcs]
    root = next(place for place, box in enumerate(picture.boxes) if box.focus)
    turned = _back_arcs(len(picture.boxes), root, outwards)
    forward = [(far, near) if place in turned else (near, far) for place, (near, far) in enumerate(outwards)]
    column = _longest_ways(len(picture.boxes), root, forward)
    if picture.direction == "upstream":
        column = [max(column) - one for one in column]
    return _cut(column, arcs, loops)


def _back_arcs(size: int, root: int, arcs: Sequence[tuple[int, int]]) -> set[int]:
    """The arcs that close a cycle when the graph is walked in depth from the root, and then from what is left."""
    leaving: dict[int, list[int]] = defaultdict(list)
    for place, (near, far) in enumerate(arcs):
        if near != far:
            leaving[near].append(place)
    state, found = [0] * size, set[int]()
    for start in (root, *range(size)):
        if state[start] == 0:
            found |= _walk(start, arcs, leaving, state)
    return found


def _walk(start: int, arcs: Sequence[tuple[int, int]], leaving: dict[int, list[int]], state: list[int]) -> set[int]:
    """Walk in depth without recursion; state 1 is a vertex on the way here, 2 one that is done."""
    found, stack = set[int](), [(start, iter(leaving[start]))]
    state[start] = 1
    while stack:
        vertex, rest = stack[-1]
        arc = next(rest, None)
        if arc is None:
            state[vertex] = 2
            stack.pop()
            continue
        far = arcs[arc][1]
        if state[far] == 1:
            found.add(arc)
        elif state[far] == 0:
            state[far] = 1
            stack.append((far, iter(leaving[far])))
    return found


def _longest_ways(size: int, root: int, arcs: Sequence[tuple[int, int]]) -> list[int]:
    """Give each vertex the number of steps of its longest way; what the root does not reach starts beside it, not on it."""
    leaving: dict[int, list[int]] = defaultdict(list)
    waiting, column = [0] * size, [int(vertex != root) for vertex in range(size)]
    for near, far in arcs:
        if near != far:
            leaving[near].append(far)
            waiting[far] += 1
    ready = deque(vertex for vertex in range(size) if waiting[vertex] == 0)
    while ready:
        vertex = ready.popleft()
        for far in leaving[vertex]:
            column[far] = max(column[far], column[vertex] + 1)
            waiting[far] -= 1
            if waiting[far] == 0:
                ready.append(far)
    return column


def _cut(column: list[int], arcs: Sequence[tuple[int, int]], loops: list[int]) -> Layers:
    """Lay every link through the columns between its ends, with a bend in each."""
    boxes = len(column)
    columns: list[list[int]] = [[] for _ in range(max(column) + 1)]
    for vertex, place in enumerate(column):
        columns[place].append(vertex)
    chains: list[Chain] = []
    size = boxes
    for link, (source, target) in enumerate(arcs):
        if source == target:
            continue
        left, right = sorted((source, target), key=lambda vertex: column[vertex])
        passed = range(column[left] + 1, column[right])
        bends = range(size, size + len(passed))
        for bend, place in zip(bends, passed, strict=True):
            columns[place].append(bend)
        size += len(passed)
        chains.append(Chain(link, (left, *bends, right), reversed=left != source))
    before, after = _neighbours(size, chains)
    return Layers(boxes, columns, chains, loops, before, after)


def _neighbours(size: int, chains: list[Chain]) -> tuple[list[list[int]], list[list[int]]]:
    before: list[list[int]] = [[] for _ in range(size)]
    after: list[list[int]] = [[] for _ in range(size)]
    for chain in chains:
        for left, right in zip(chain.vertices, chain.vertices[1:], strict=False):
            after[left].append(right)
            before[right].append(left)
    return before, after
