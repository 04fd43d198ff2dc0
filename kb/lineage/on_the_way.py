"""Losses on the way: what editions between two moments lost of the lineage of one record, though the two may not differ in it.

What each edition lost is `past_losses.py`'s, as the page of all losses shows it; here it is asked which of it touched the record.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kb.ledger.history import reason_of
from kb.ledger.models import Edition
from kb.lineage.alarm import LostEdge, in_names
from kb.lineage.ask_diff import Difference
from kb.lineage.fall import Followed, Lost
from kb.lineage.graph import Direction, Filters
from kb.lineage.past_losses import editions_with_losses, followed_in
from kb.lineage.voices import node_of
from kb.lineage.walk import within_reach
from kb.lineage.world import World
from kb.records.queries import records_by_id

# So many editions are looked into, the newest first; so many steps of each are told.
MOST_EDITIONS = 100
MOST_STEPS = 50


@dataclass(frozen=True, slots=True)
class Losing:
    """An edition that lost steps which led on from the record asked about, with its public reason."""

    edition: Edition
    reason: str
    edges: list[LostEdge]
    total: int

    @property
    def left_out(self) -> int:
        """How many steps are not told."""
        return self.total - len(self.edges)


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """The editions, newest first; not complete where there were too many to look into."""

    editions: tuple[Losing, ...] = ()
    complete: bool = True

    @property
    def steps(self) -> int:
        """How many steps were lost; one that was lost twice counts twice."""
        return sum(one.total for one in self.editions)

    @property
    def products(self) -> int:
        """How many products lost a documented path by them, as far as that was worked out."""
        return len({record.id for one in self.editions for edge in one.edges if edge.cut for record in edge.cut.documented})


def lost_between_ends(found: Difference) -> OnTheWay:
    """Return what was lost between the two ends of a difference; of two days, which one edition tells, nothing."""
    after = found.after
    if found.span.editions is None:
        return OnTheWay()
    return lost_on_the_way(after.world, after.world.speaker(after.root.id), after.question.direction, found.span.editions)


def lost_on_the_way(world: World, root: int, direction: Direction, editions: tuple[int, int]) -> OnTheWay:
    """Return what was lost after the first edition and until the last, whose world is given, of what the root reached."""
    first, last = editions
    numbers = [number for number in editions_with_losses() if first < number <= last]
    known = Edition.objects.in_bulk(numbers[:MOST_EDITIONS])
    reach = _Reach(world, root, direction)
    found = []
    for number in numbers[:MOST_EDITIONS]:
        edition = known[number]
        touching = reach.back_before(followed_in(edition))
        if touching:
            named = in_names(touching[:MOST_STEPS], records_by_id)
            found.append(Losing(edition, reason_of(edition), named, len(touching)))
    return OnTheWay(tuple(found), len(numbers) <= MOST_EDITIONS)


class _Reach:
    """What the root reached, from the last edition back: before each loss it reached what the lost steps led to as well."""

    def __init__(self, world: World, root: int, direction: Direction) -> None:
        self._world, self._direction = world, direction
        self._inside: set[int] = set()
        self._add([root])

    def back_before(self, lost: Iterable[Followed]) -> list[Followed]:
        """Return the lost steps that led on from what was reached before that edition, and go back before it."""
        waiting, touching = [one for one in lost if one[0].carries], []
        while found := [one for one in waiting if self._leads_on(one[0])]:
            touching += found
            waiting = [one for one in waiting if one not in found]
            self._add(end for step, _ in found for end in step.ends)
        return sorted(touching, key=lambda one: (one[0].loss.statement, one[0].child))

    def _leads_on(self, lost: Lost) -> bool:
        lower, upper = lost.ends
        starts = lost.ends if lost.is_parting else (upper,) if self._direction == "downstream" else (lower,)
        return any(node_of(self._world, start) in self._inside for start in starts)

    def _add(self, records: Iterable[int]) -> None:
        nodes = {node for record in records if (node := node_of(self._world, record)) is not None} - self._inside
        if nodes:
            reached = within_reach(self._world.graph, nodes, self._direction, Filters())
            self._inside |= set(reached.nonzero()[0].tolist())
