"""The layout of a picture: where each card, line and badge stands, in pixels from the top left.

Layered drawing after Sugiyama: `layers.py` makes columns, `ordering.py` uncrosses, `placing.py` gives heights, `badges.py`
numbers the lines. Here columns get their distances and lines their ways.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import ceil
from operator import attrgetter

from kb.lineage.view.badges import Badge, Board, Point, badge_text, badge_width, on_the_way
from kb.lineage.view.layers import Chain, Layers, make_layers
from kb.lineage.view.ordering import order
from kb.lineage.view.picture import Box, Link, Picture
from kb.lineage.view.placing import BOX_HEIGHT, place_vertically

BOX_WIDTH, COLUMN_GAP = 148.0, 28.0
# Gaps widen where more than 7 lines cross them, as far as the page is wide or a long picture can bear.
_CROWD, _MOST_CROWD, _PAGE, _WIDE_GAPS = 7, 24, 1204.0, (76.0, 160.0)
_EDGE, _HEAD = 2.0, 30.0
# Lines leave a card apart from each other, but not at its corners.
_PORT, _PORTS = 21.0, 57.0
_LOOP, _LOOPS = 10.0, (-25.0, 25.0, 0.0)


@dataclass(frozen=True, slots=True)
class Place:
    """A card and its top left corner."""

    box: Box
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Route:
    """A line: points from left to right, curved in the gaps and straight through columns, in turns.

    A `turned` line leads from right to left; a loop has no points of its own but starts and ends at its card.
    """

    link: Link
    points: tuple[Point, ...]
    badge: Badge
    turned: bool = False
    loop: bool = False
    cross: Point | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What stands over a column."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole picture with its places: cards and lines in reading order, left to right and then down."""

    picture: Picture
    width: float
    height: float
    places: tuple[Place, ...]
    routes: tuple[Route, ...]
    heads: tuple[Head, ...]


# The same picture is asked for again and again, as a page and as a file. It has some sixty boxes, however large its scene is.
@lru_cache(maxsize=32)
def lay_out(picture: Picture) -> Layout:
    """Give every box, link and badge of a picture its place."""
    layers = make_layers(picture)
    order(layers)
    middle = [float(round(_HEAD + _EDGE + height)) for height in place_vertically(layers)]
    column_of = {vertex: place for place, column in enumerate(layers.columns) for vertex in column}
    left = _columns(picture, layers, column_of)
    boxes = {vertex: (left[column_of[vertex]], middle[vertex]) for vertex in range(layers.boxes)}
    ways = _ways(layers, column_of, left, middle)
    return Layout(
        picture=picture,
        width=left[-1] + _EDGE,
        height=ceil(max(middle) + BOX_HEIGHT / 2 + _EDGE),
        places=tuple(
            Place(picture.boxes[vertex], left[place], middle[vertex] - BOX_HEIGHT / 2)
            for place, column in enumerate(layers.columns)
            for vertex in column
            if vertex < layers.boxes
        ),
        routes=_routes(picture, layers, ways, boxes),
        heads=tuple(Head(x, _head(picture, layers, column)) for x, column in zip(left, layers.columns, strict=False)),
    )


def _columns(picture: Picture, layers: Layers, column_of: dict[int, int]) -> list[float]:
    """The left edges of the columns and of what is right of them. A gap grows with its lines and what they must carry."""
    number = {box.key: place for place, box in enumerate(picture.boxes)}
    crowd, needed = [0] * len(layers.columns), [0.0] * len(layers.columns)
    for chain in layers.chains:
        need = _needed(picture.links[chain.link], turned=chain.reversed)
        for vertex in chain.vertices[:-1]:
            crowd[column_of[vertex]] += 1
            needed[column_of[vertex]] = max(needed[column_of[vertex]], need)
    for place in layers.loops:
        column = column_of[number[picture.links[place].source]]
        needed[column] = max(needed[column], _needed(picture.links[place], turned=False) + _LOOP)
    spare = (_PAGE - BOX_WIDTH * len(crowd)) / max(len(crowd) - 1, 1)
    left, widest = [_EDGE], min(max(spare, _WIDE_GAPS[0]), _WIDE_GAPS[1])
    for lines, need in zip(crowd, needed, strict=True):
        crowded = min(max(0, lines - _CROWD) / _MOST_CROWD, 1.0)
        left.append(left[-1] + BOX_WIDTH + ceil(max(COLUMN_GAP + crowded * (widest - COLUMN_GAP), need)))
    left[-1] -= 0 if needed[-1] else ceil(COLUMN_GAP)
    return left


def _needed(link: Link, *, turned: bool) -> float:
    """How wide a gap must be for the badge of a link, its arrow or its cross."""
    wide = badge_width(badge_text(link))
    pill = len(link.numbers) > 1
    return wide + 6 + 24 * pill + 20 * turned + 14 * (link.status == "disputed")


def _ways(
    layers: Layers, column_of: dict[int, int], left: Sequence[float], middle: Sequence[float]
) -> dict[int, tuple[Point, ...]]:
    """The points of every link, by its number."""
    leaves, arrives = _ports(layers, middle)
    found: dict[int, tuple[Point, ...]] = {}
    for chain in layers.chains:
        first, *bends, last = chain.vertices
        points = [(left[column_of[first]] + BOX_WIDTH, middle[first] + leaves[chain.link])]
        for bend in bends:
            x = left[column_of[bend]]
            points += [(x, middle[bend]), (x + BOX_WIDTH, middle[bend])]
        points.append((left[column_of[last]], middle[last] + arrives[chain.link]))
        found[chain.link] = tuple(points)
    return found


def _ports(layers: Layers, middle: Sequence[float]) -> tuple[dict[int, float], dict[int, float]]:
    """How far from a card's middle each link leaves and arrives, in the order of where it comes from or goes to."""
    leaving: dict[int, list[Chain]] = defaultdict(list)
    arriving: dict[int, list[Chain]] = defaultdict(list)
    for chain in layers.chains:
        leaving[chain.vertices[0]].append(chain)
        arriving[chain.vertices[-1]].append(chain)
    return (
        {link: y for chains in leaving.values() for link, y in _spread(chains, middle, 1).items()},
        {link: y for chains in arriving.values() for link, y in _spread(chains, middle, -2).items()},
    )


def _spread(chains: list[Chain], middle: Sequence[float], beside: int) -> dict[int, float]:
    ordered = sorted(chains, key=lambda chain: (middle[chain.vertices[beside]], chain.link))
    apart = min(_PORT, _PORTS / max(len(ordered) - 1, 1))
    return {chain.link: (place - (len(ordered) - 1) / 2) * apart for place, chain in enumerate(ordered)}


def _routes(picture: Picture, layers: Layers, ways: dict[int, tuple[Point, ...]], boxes: dict[int, Point]) -> tuple[Route, ...]:
    """Lines with their badges. Loops have one place for a badge; then short lines, which have few, choose before long ones."""
    number = {box.key: place for place, box in enumerate(picture.boxes)}
    board, routes = Board(), list[Route]()
    for place in layers.loops:
        link = picture.links[place]
        x, y = boxes[number[link.source]]
        wide = badge_width(badge_text(link))
        at = board.put([(x + BOX_WIDTH + _LOOP + wide / 2, y + height) for height in _LOOPS], wide)
        start = (x + BOX_WIDTH, at[1])
        routes.append(Route(link, (start, start), Badge(badge_text(link), *at, wide), loop=True))
    turned = {chain.link: chain.reversed for chain in layers.chains}
    leaving, arriving = (Counter(map(attrgetter(end), picture.links)) for end in ("source", "target"))
    for place in sorted(ways, key=lambda place: (_length(ways[place]), place)):
        link, points = picture.links[place], ways[place]
        text = badge_text(link)
        wide = badge_width(text)
        onwards = leaving[link.source] >= arriving[link.target] or turned[place]
        at = board.put(on_the_way(points, wide, onwards=onwards), wide)
        cross = board.put(on_the_way(points, 12, onwards=onwards), 12) if link.status == "disputed" else None
        routes.append(Route(link, points, Badge(text, *at, wide), turned[place], cross=cross))
    return tuple(sorted(routes, key=lambda route: (route.badge.x, route.badge.y, route.link.numbers)))


def _length(points: Sequence[Point]) -> float:
    return sum(abs(one[0] - two[0]) + abs(one[1] - two[1]) for one, two in pairwise(points))


def _head(picture: Picture, layers: Layers, column: list[int]) -> str:
    """Name a column by the fewest steps of its cards, which the tables give too, although columns count the most."""
    boxes = [picture.boxes[vertex] for vertex in column if vertex < layers.boxes]
    if not boxes:
        return ""
    if boxes[0].focus:
        return f"This {boxes[0].kind}"
    low, high = min(box.depths[0] for box in boxes), max(box.depths[1] for box in boxes)
    return f"{low} to {high} steps" if low < high else f"{low} step{'' if low == 1 else 's'}"
