"""Where the numbered badges sit: on their own line, off the cards and off each other as far as there is room."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.lineage.view.lettering import width
from kb.lineage.view.picture import Link

Point = tuple[float, float]
HEIGHT = 18.0
_BETWEEN = 3.0
_ROW = 24.0
_ALONG = (0.66, 0.7, 0.62, 0.74, 0.58, 0.78, 0.54, 0.82, 0.5, 0.46, 0.42, 0.38, 0.34, 0.3, 0.26, 0.22)


@dataclass(frozen=True, slots=True)
class Badge:
    """The number on a line; x and y are its middle."""

    text: str
    x: float
    y: float
    width: float


def badge_text(link: Link) -> str:
    """The number of the first step, and how many more there are."""
    more = len(link.numbers) - 1
    return f"{link.numbers[0]} +{more:,}" if more else str(link.numbers[0])


def badge_width(text: str) -> float:
    """The width of a badge: a circle for one or two digits, else as wide as its text needs."""
    return max(HEIGHT if len(text) == 1 else HEIGHT + 4, width(text, 12, bold=True) + 9)


def curve(start: Point, end: Point, share: float) -> Point:
    """A point of the S-shaped curve between two points, whose control points lie half way across."""
    rest = 1 - share
    along = 1.5 * rest * share + share**3
    return (start[0] + (end[0] - start[0]) * along, start[1] + (end[1] - start[1]) * share * share * (3 - 2 * share))


def on_the_way(points: Sequence[Point], wide: float, *, onwards: bool = True) -> Iterator[Point]:
    """Places for a badge on a route, the best first: where it runs straight, then in the gaps, then wherever it must.

    `onwards` says that more lines leave the card on the left than reach the one on the right: then the numbers are clearer
    near the right end, else near the left.
    """
    gaps = list(zip(points[::2], points[1::2], strict=True))[:: -1 if onwards else 1]
    for left, right in list(zip(points[1::2], points[2::2], strict=False))[:: -1 if onwards else 1]:
        room = wide + 8
        yield from ((right[0] - room * (place + 0.5), right[1]) for place in range(int((right[0] - left[0]) // room)))
    for left, right in gaps:
        places = (curve(left, right, share if onwards else 1 - share) for share in _ALONG)
        yield from (place for place in places if left[0] + wide / 2 + 2 <= place[0] <= right[0] - wide / 2 - 2)
    yield from (curve(left, right, 0.5) for left, right in gaps)


class Board:
    """What is taken: middles and widths of badges, by rows of height, so that looking is cheap."""

    def __init__(self) -> None:
        self._rows: dict[int, list[tuple[float, float, float]]] = defaultdict(list)

    def put(self, places: Iterable[Point], wide: float) -> Point:
        """Take the first place that is free, or the one that overlaps the least."""
        best, least = (0.0, 0.0), float("inf")
        for place in places:
            overlap = self._overlap(place, wide)
            if overlap < least:
                best, least = place, overlap
            if overlap == 0:
                break
        self._rows[int(best[1] // _ROW)].append((*best, wide))
        return best

    def _overlap(self, place: Point, wide: float) -> float:
        row = int(place[1] // _ROW)
        return sum(_shared(place, wide, other) for near in (row - 1, row, row + 1) for other in self._rows.get(near, ()))


def _shared(place: Point, wide: float, other: tuple[float, float, float]) -> float:
    across = (wide + other[2]) / 2 + _BETWEEN - abs(place[0] - other[0])
    down = HEIGHT + _BETWEEN - abs(place[1] - other[1])
    return across * down if across > 0 and down > 0 else 0.0
