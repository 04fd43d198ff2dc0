"""What a lineage picture is made of: artifacts and steps that come in, boxes and links that are drawn.

Pure values. `group.py` makes a picture of a scene, `layout.py` gives it places, `draw.py` writes it as SVG.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from kb.lineage.graph import CARRIES, Direction
from kb.records.kinds import KINDS
from kb.records.vocabularies import STATUSES


class Artifact(NamedTuple):
    """A record that comes into the picture. `depth` is the fewest steps from the root, whose own is 0.

    There may be thousands of which a few are drawn, so it holds no names. `party` is a record too, 0 where none is known.
    """

    record: int
    kind: str
    depth: int
    party: int = 0
    present_issues: int = 0
    undisclosed: bool = False


class Step(NamedTuple):
    """A numbered edge from a child to its parent."""

    number: int
    child: int
    parent: int
    status: str
    carries: str


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a picture shall show. Every end of a step must be among the artifacts; `traced` are numbers of steps."""

    artifacts: tuple[Artifact, ...]
    steps: tuple[Step, ...]
    root: int
    direction: Direction
    traced: frozenset[int] = frozenset()

    def ends(self) -> list[tuple[int, int]]:
        """For each step its end that is nearer to the root by direction, and the farther one."""
        if self.direction == "downstream":
            return [(step.parent, step.child) for step in self.steps]
        return [(step.child, step.parent) for step in self.steps]


@dataclass(frozen=True, slots=True)
class Gathering:
    """The records behind one stacked card; `parents` lead to the root."""

    kind: str
    parents: tuple[int, ...]
    depths: tuple[int, int]
    records: tuple[int, ...]


class Words(Protocol):
    """What is written in a picture, asked for what is drawn alone. `bring` comes first and says what that will be."""

    def bring(self, groups: Collection[list[int]], parties: Collection[int], steps: Collection[int]) -> None:
        """Make ready for the cards of these groups of records, for these parties and the steps of these numbers."""

    def title(self, record: int) -> str:
        """The name of a record or party."""

    def href(self, record: int) -> str:
        """Where a record's own card leads."""

    def group_href(self, gathering: Gathering) -> str:
        """Where the list behind a stacked card is."""

    def step_href(self, number: int) -> str:
        """Where the evidence of a step is."""

    def step_says(self, number: int) -> str:
        """A step as a sentence without its full stop."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one picture may hold: boxes and links in all, boxes among siblings of one kind."""

    boxes: int = 60
    links: int = 160
    siblings: int = 8


@dataclass(frozen=True, slots=True)
class Box:
    """A card. For a group `count` is above 1, and issues and undisclosed data are counts of records that have them."""

    key: str
    kind: str
    title: str
    sub: str
    href: str
    records: tuple[int, ...]
    depths: tuple[int, int]
    focus: bool = False
    present_issues: int = 0
    undisclosed: int = 0
    inside: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many records it stands for."""
        return len(self.records)


@dataclass(frozen=True, slots=True)
class Link:
    """A line from a parent's box to a child's, for one or more steps of one status.

    Steps of different status are never bundled: each keeps its own line, so nothing looks stronger or weaker than it is.
    `carries` is the least that any of its steps carries.
    """

    source: str
    target: str
    numbers: tuple[int, ...]
    status: str
    carries: str
    href: str
    says: str
    traced: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes and links. Each step of the scene is in exactly one link, or inside exactly one box."""

    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    direction: Direction

    @property
    def root(self) -> Box:
        """The box of the record asked about."""
        return next(box for box in self.boxes if box.focus)

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses that occur, strongest first, for the key."""
        found = {link.status for link in self.links}
        return tuple(code for code in STATUSES if code in found)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that occur, for the key."""
        found = {box.kind for box in self.boxes}
        return tuple(code for code in KINDS if code in found)

    @property
    def has_groups(self) -> bool:
        """Whether any card stands for several records."""
        return any(box.count > 1 for box in self.boxes)

    def whereabouts(self) -> Iterator[tuple[int, Link | Box]]:
        """Where each step went: its number with the link that draws it or the group that holds both its ends."""
        for link in self.links:
            yield from ((number, link) for number in link.numbers)
        for box in self.boxes:
            yield from ((number, box) for number in box.inside)


def least(carries: set[str]) -> str:
    """Return what the least carrying of some steps carries."""
    return min(carries, key=CARRIES.index)
