"""Where the numbered badges sit: on their own line, off the cards and off each other as far as there is room."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.lineage.lettering import width
from kb.lineage.picture import Link

Point = tuple[float, float]
HEIGHT = 18.0
_BETWEEN = 3.0
_ROW = 24.0
_ALONG = (0.5, 0.6, 0.4, 0.7, 0.3, 0.8, 0.2)


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
    return f"{link.numbers[0]} +{more}" if more else str(link.numbers[0])


def badge_width(text: str) -> float:
    """The width of a badge: a circle for one or two digits, else as wide as its text needs."""
    return max(HEIGHT if len(text) == 1 else HEIGHT + 4, width(text, 12, bold=True) + 9)


def curve(start: Point, end: Point, share: float) -> Point:
    """A point of the S-shaped curve between two points, whose control points lie half way across."""
    rest = 1 - share
    along = 1.5 * rest * share + share**3
    return (start[0] + (end[0] - start[0]) * along, start[1] + (end[1] - start[1]) * share * share * (3 - 2 * share))


def on_the_way(points: Sequence[Point], wide: float) -> Iterator[Point]:
    """Places for a badge on a route, the best first: before the far end, then back along bends and gaps."""
    for end in range(len(points) - 1, 0, -2):
        right, left = points[end], points[end - 1]
        room = (min(left[0], right[0]) + wide / 2 + 2, max(left[0], right[0]) - wide / 2 - 2)
        for share in _ALONG:
            x, y = curve(left, right, share)
            yield (min(max(x, room[0]), room[1]) if room[0] <= room[1] else (left[0] + right[0]) / 2, y)
        if end > 2:
            before = points[end - 2]
            steps = int(abs(left[0] - before[0]) // (wide + 8))
            yield from ((left[0] - (wide + 8) * (step + 0.5), left[1]) for step in range(steps))


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
