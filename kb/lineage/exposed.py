"""Which artifacts an issue comes to stand to otherwise when one world follows another. Pure; the rules are in `inherit.py`.

A record that was merged is asked for as the record that speaks for it, and gains no class by that.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from kb.lineage.columns import Array
from kb.lineage.graph import KIND_CODES, Filters, Mask
from kb.lineage.inherit import CLASSES, Descent, exposures
from kb.lineage.voices import Voices
from kb.lineage.walk import within_reach
from kb.lineage.world import World

NONE = "none"
_GRAVEST_FIRST = (*CLASSES, NONE)
# Of so few nodes each is asked for by itself, which looks only upwards.
FEW = 64


class Turn(NamedTuple):
    """One issue and one artifact, by node, with the classes before and after."""

    issue: int
    node: int
    before: str
    after: str


@dataclass(frozen=True, eq=False)
class Side:
    """A world with its voices, the nodes at which it differs from the other, and the issues that are about conduct.

    What somebody did is no property of an artifact: such an issue is present where a source says so, and reaches nothing.
    """

    world: World
    voices: Voices
    roots: Collection[int]
    conduct: Collection[int] = field(default=frozenset())

    def class_of(self, issue: int, category: str | None) -> str:
        """The class that is shown."""
        return category if category and (category == "present" or issue not in self.conduct) else NONE

    def classes(self, issue: int) -> dict[int, str]:
        """Return the class of every node that an issue touches."""
        speaker = self.world.speaker(issue)
        found = exposures(self.world.graph, self.world.impacts.get(speaker, ()))
        return {node: self.class_of(speaker, one.category) for node, one in found.items()}

    def classes_at(self, node: int, issues: Iterable[int]) -> dict[int, str]:
        """Return the class of each of the issues at one node of this world."""
        descent = Descent(self.world.graph, node)
        stands = ((issue, descent.exposure_to(self.world.impacts.get(issue, ()))) for issue in issues)
        return {issue: self.class_of(issue, one.category) for issue, one in stands if one}

    def below(self) -> Mask:
        """The nodes at which it differs, and all below them."""
        return self._reach("downstream")

    def issues_above(self) -> set[int]:
        """The issues that something is said of at these nodes or above them."""
        return set(self.world.issues_near(set(np.flatnonzero(self._reach("upstream")).tolist())))

    def _reach(self, direction: str) -> Mask:
        graph = self.world.graph
        if not self.roots:
            return np.zeros(graph.room, dtype=np.bool_)
        return within_reach(graph, self.roots, "downstream" if direction == "downstream" else "upstream", Filters())


class Turns:
    """Everything that stands otherwise after than before."""

    def __init__(self, before: Side, after: Side) -> None:
        self.before, self.after = before, after
        self.touched = self._touched()

    def _touched(self) -> Array:
        """The nodes whose own lineage or whose speaker changed, and those below them."""
        found = np.zeros(self.after.voices.room, dtype=np.bool_)
        for side in (self.before, self.after):
            below = side.voices.spread(side.below())
            found |= below
        found[list(self._moved())] = True
        return np.flatnonzero(found)

    def _moved(self) -> set[int]:
        """Nodes that another one speaks for than did."""
        old, new = self.before.voices.of, self.after.voices.of
        return set(np.flatnonzero(old != new[: len(old)]).tolist())

    def issues(self) -> tuple[list[int], list[int]]:
        """Return the issues of which something else is said, and those that a changed step or merge may pass on or stop."""
        old, new = self.before.world, self.after.world
        said = {issue for issue in old.impacts.keys() | new.impacts.keys() if old.impacts.get(issue) != new.impacts.get(issue)}
        said |= {issue for issue in old.canonical.keys() | new.canonical.keys() if old.speaker(issue) != new.speaker(issue)}
        said |= set(self.before.conduct) ^ set(self.after.conduct)
        said &= self._issues_of(old) | self._issues_of(new)
        passed = (self.before.issues_above() | self.after.issues_above()) - said
        return sorted(said), sorted(passed)

    def _issues_of(self, world: World) -> set[int]:
        """Issues of which an impact is said, and those that such an issue speaks for."""
        return world.impacts.keys() | {issue for issue, speaker in world.canonical.items() if speaker in world.impacts}

    def of(self, said: Iterable[int], passed: Collection[int]) -> list[Turn]:
        """Return what turns: products first, then the gravest class."""
        found = [turn for issue in said for turn in self._of_issue(issue)]
        if len(self.touched) <= FEW:
            found += [turn for node in self.touched.tolist() for turn in self._of_node(node, passed)]
        else:
            found += [turn for issue in passed for turn in self._of_issue(issue)]
        return sorted(found, key=self._order)

    def _of_issue(self, issue: int) -> Iterator[Turn]:
        old, new = self.before.classes(issue), self.after.classes(issue)
        hushed = issue in self.after.world.canonical
        if hushed and issue in self.before.world.canonical:
            return
        for node in sorted(old.keys() | new.keys() | self._moved()):
            before, after = (_at(side, node, classes) for side, classes in ((self.before, old), (self.after, new)))
            if before != after and not (hushed and before == NONE):
                yield from self._told(Turn(issue, node, before, after))

    def _of_node(self, node: int, issues: Collection[int]) -> Iterator[Turn]:
        old, new = (self._classes_at(side, node, issues) for side in (self.before, self.after))
        for issue in sorted(old.keys() | new.keys()):
            before, after = old.get(issue, NONE), new.get(issue, NONE)
            if before != after:
                yield from self._told(Turn(issue, node, before, after))

    def _classes_at(self, side: Side, node: int, issues: Collection[int]) -> dict[int, str]:
        return side.classes_at(int(side.voices.of[node]), issues) if node < len(side.voices.of) else {}

    def _told(self, turn: Turn) -> Iterator[Turn]:
        """A node that is silent before and after is left to its speaker; one that falls silent only loses a class."""
        if self.after.voices.speaking[turn.node] or (self.before.voices.speaking[turn.node] and turn.before != NONE):
            yield turn

    def _order(self, turn: Turn) -> tuple[bool, int, int, int, int]:
        kind = KIND_CODES[int(self.after.world.graph.kind[turn.node])]
        grave = _GRAVEST_FIRST.index
        return kind != "product", grave(turn.after), grave(turn.before), turn.issue, turn.node


def _at(side: Side, node: int, classes: Mapping[int, str]) -> str:
    """The class of a node, asked for where it is spoken for."""
    return classes.get(int(side.voices.of[node]), NONE) if node < len(side.voices.of) else NONE
