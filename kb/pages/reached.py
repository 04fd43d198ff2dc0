"""Issues that reach an artifact, or artifacts that an issue reaches, by class: as record pages and comparisons list them."""

from collections.abc import Iterable
from dataclasses import dataclass

from kb.lineage.inherit import CLASSES
from kb.lineage.reach import Reach

# Each of them is told in a line or two and has its steps folded, so a page has room for more of them than of statements.
MOST = 200

REACH_TITLES = {
    "present": "Present in it",
    "inherited": "Inherited along documented steps that carry everything",
    "possibly_inherited": "Possibly inherited: a step may carry only part, or nobody has said",
    "remediated": "Would reach it, and is fixed or does not affect it, according to the source named",
}


@dataclass(frozen=True)
class ReachGroup:
    """Issues or artifacts of one class of exposure."""

    category: str
    title: str
    reaches: list[Reach]

    @property
    def shown(self) -> list[Reach]:
        """Those that have room on a page: the nearest come first."""
        return self.reaches[:MOST]

    @property
    def more(self) -> int:
        """How many there are beside."""
        return len(self.reaches) - len(self.shown)


def by_class(found: Iterable[Reach]) -> list[ReachGroup]:
    """Put them in groups, strongest class first; a class without any has none."""
    reaches = list(found)
    groups = [ReachGroup(code, REACH_TITLES[code], [one for one in reaches if one.category == code]) for code in CLASSES]
    return [group for group in groups if group.reaches]
