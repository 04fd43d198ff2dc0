"""The order of vertices within their columns: barycentre sweeps and swaps of neighbours, as few crossings as may be.

The number of rounds is bounded by the size of the picture, so the time is too.
"""

from bisect import bisect_left, bisect_right, insort

from kb.lineage.view.layers import Layers

_ROUNDS = 24
_WORK = 60_000
_SWAPS = (0, 1, 1, 1)
# Rounds that find nothing better before it is left: every kind of round comes once in four.
_PATIENCE = 8
Ends = tuple[list[int], list[int]]


def order(layers: Layers) -> None:
    """Reorder every column of the layers in place, keeping the best order that the sweeps find."""
    rank = _first_order(layers)
    best, fewest = [list(column) for column in layers.columns], crossings(layers, rank)
    rounds = max(2, min(_ROUNDS, _WORK // len(layers.before)))
    found_at = 0
    for turn in range(rounds):
        if fewest == 0 or turn - found_at > _PATIENCE:
            break
        _sweep(layers, rank, rightwards=turn % 2 == 0, turn_ties=turn % 4 >= 2)
        _swap_neighbours(layers, rank)
        found = crossings(layers, rank)
        if found < fewest:
            best, fewest, found_at = [list(column) for column in layers.columns], found, turn
    layers.columns[:] = best


def crossings(layers: Layers, rank: list[int]) -> int:
    """Count the pairs of links that cross between neighbouring columns."""
    total = 0
    for column in layers.columns:
        seen: list[int] = []
        for vertex in column:
            ends = [rank[right] for right in layers.after[vertex]]
            total += sum(len(seen) - bisect_left(seen, end + 1) for end in ends)
            for end in ends:
                insort(seen, end)
    return total


def _first_order(layers: Layers) -> list[int]:
    """Start from a walk in depth, which keeps together what hangs together."""
    place: dict[int, int] = {}
    for start in [vertex for column in layers.columns for vertex in column]:
        stack = [start]
        while stack:
            vertex = stack.pop()
            if vertex not in place:
                place[vertex] = len(place)
                stack.extend(reversed(layers.after[vertex]))
    rank = [0] * len(layers.before)
    for column in layers.columns:
        column.sort(key=place.__getitem__)
        _number(column, rank)
    return rank


def _sweep(layers: Layers, rank: list[int], *, rightwards: bool, turn_ties: bool) -> None:
    """Sort each column by the mean rank of what stands beside it; turning ties over leads out of dead ends."""
    columns = layers.columns[1:] if rightwards else layers.columns[-2::-1]
    beside = layers.before if rightwards else layers.after
    for column in columns:
        aim = {vertex: _mean([rank[one] for one in beside[vertex]], rank[vertex]) for vertex in column}
        column.sort(key=lambda vertex: (aim[vertex], -rank[vertex] if turn_ties else rank[vertex]))
        _number(column, rank)


def _mean(ranks: list[int], own: int) -> float:
    return sum(ranks) / len(ranks) if ranks else float(own)


def _number(column: list[int], rank: list[int]) -> None:
    for place, vertex in enumerate(column):
        rank[vertex] = place


def _swap_neighbours(layers: Layers, rank: list[int]) -> None:
    """Swap vertices that stand next to each other: once where that costs nothing, then only where it uncrosses links.

    A column is looked at again only where it or one beside it has changed: else nothing in it can be better.
    """
    changed = [True] * len(layers.columns)
    for least in _SWAPS:
        near = [any(changed[max(place - 1, 0) : place + 2]) for place in range(len(changed))]
        changed = [
            looked_at and _swap_down(layers, column, rank, least) for column, looked_at in zip(layers.columns, near, strict=True)
        ]
        if not any(changed):
            return


def _swap_down(layers: Layers, column: list[int], rank: list[int], least: int) -> bool:
    """Go down a column once. The columns beside it stand still meanwhile, so that their ranks are read but once."""
    swapped = False
    ends = {vertex: _ends(layers, rank, vertex) for vertex in column}
    for place in range(len(column) - 1):
        upper, lower = column[place], column[place + 1]
        if _gain(ends[upper], ends[lower]) >= least:
            column[place], column[place + 1] = lower, upper
            rank[lower], rank[upper] = place, place + 1
            swapped = True
    return swapped


def _ends(layers: Layers, rank: list[int], vertex: int) -> Ends:
    """The ranks of what a vertex is linked to, in the column before it and in the one after, each sorted."""
    return sorted([rank[one] for one in layers.before[vertex]]), sorted([rank[one] for one in layers.after[vertex]])


def _gain(upper: Ends, lower: Ends) -> int:
    """How many crossings go if two neighbours are swapped: links that cross now, less those that would cross then."""
    gain = 0
    for ours, theirs in zip(upper, lower, strict=True):
        for end in theirs:
            gain += len(ours) - bisect_right(ours, end) - bisect_left(ours, end)
    return gain
