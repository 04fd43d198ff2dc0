"""The consequences of a change set as values: what shifts below which record, and how issues come to stand. Lists are bounded.

What is worked out is in `shift.py` and `exposed.py`; this module puts it together and gives it names.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from kb.core.vocabulary import plain
from kb.lineage.alarm import Named
from kb.lineage.columns import Array
from kb.lineage.exposed import Side, Turn, Turns
from kb.lineage.graph import FAMILY, Mask
from kb.lineage.shift import SHOWN, Shift, Stand, standing
from kb.lineage.steps import State, StepChange, steps_between
from kb.lineage.voices import Voices
from kb.lineage.world import World
from kb.records.models import Record
from kb.records.predicates import PREDICATES

MOST_PARENTS = 100
MOST_ISSUES = 500
STEPS_SHOWN = 20
TURNS_SHOWN = 100
EXPOSURES = plain(
    "exposure before and after",
    present="Present", inherited="Inherited", possibly_inherited="Possibly inherited", remediated="Remediated",
    none="No known path",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One step from child to parent: how it stands before and after. Both with the same status: dates or ends differ."""

    statement: int
    predicate: str
    child: Record
    parent: Record
    before: Stand | None
    after: Stand | None

    @property
    def reads(self) -> str:
        """The words between child and parent. Of a family it is said that it has the version."""
        row = PREDICATES[self.predicate]
        return row.inverse if self.predicate == FAMILY else row.reads


@dataclass(frozen=True, slots=True)
class Shifted:
    """One artifact and how it stands below the record in question, before and after."""

    record: Record
    before: Stand | None
    after: Stand | None


@dataclass(frozen=True, slots=True)
class Listed:
    """Artifacts, products apart: the first of each, and how many there are."""

    products: tuple[Shifted, ...] = ()
    others: tuple[Shifted, ...] = ()
    products_total: int = 0
    others_total: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return self.products_total + self.others_total

    @property
    def more_products(self) -> int:
        """How many products are not listed."""
        return self.products_total - len(self.products)

    @property
    def more_others(self) -> int:
        """How many others are not listed."""
        return self.others_total - len(self.others)


@dataclass(frozen=True, slots=True)
class Downstream:
    """What shifts below one record at which a step changes.

    `gained` and `lost` tell of documented paths; `leads` and `leads_lost` of those that are leads only; `changed` of
    documented paths that have another status.
    """

    parent: Record
    steps: tuple[Step, ...]
    steps_total: int
    gained: Listed
    lost: Listed
    leads: Listed
    leads_lost: Listed
    changed: Listed

    @property
    def is_quiet(self) -> bool:
        """Whether nothing shifts."""
        return not any(one.total for one in (self.gained, self.lost, self.leads, self.leads_lost, self.changed))


@dataclass(frozen=True, slots=True)
class IssueTurn:
    """One issue and one artifact, with the class in which it stands to it before and after; `none` is no known path."""

    issue: Record
    record: Record
    before: str
    after: str

    @property
    def was(self) -> str:
        """The class before, in words."""
        return EXPOSURES.label(self.before)

    @property
    def becomes(self) -> str:
        """The class after, in words."""
        return EXPOSURES.label(self.after)


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a change set gains and loses. What was left out was not worked out: there was too much of it."""

    below: tuple[Downstream, ...] = ()
    below_left_out: int = 0
    issues: tuple[IssueTurn, ...] = ()
    issues_total: int = 0
    issues_left_out: int = 0
    gaining: int = 0
    losing: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is gained, lost or changed."""
        return not (self.below or self.below_left_out or self.issues or self.issues_left_out)

    @property
    def more_issues(self) -> int:
        """How many rows of issues are not listed."""
        return self.issues_total - len(self.issues)


@dataclass(frozen=True)
class Conduct:
    """The issues that are about what somebody did, in either world."""

    before: Collection[int] = frozenset()
    after: Collection[int] = frozenset()


def consequences_between(before: World, after: World, statements: Iterable[int], conduct: Conduct, named: Named) -> Consequences:
    """Compare a world with one that grew out of it, where `statements` are all that were written or moved by a merge."""
    return _Comparison(before, after, statements, conduct).told(named)


_Parents = Mapping[int, list[StepChange]]


class _Comparison:
    """Two worlds, and the steps that changed between them."""

    def __init__(self, before: World, after: World, statements: Iterable[int], conduct: Conduct) -> None:
        self.before, self.after = before, after
        self.steps = steps_between(before, after, statements)
        self.voices = [Voices.in_world(world, after.graph.room) for world in (before, after)]
        old, new = self._roots(before, [step.before for step in self.steps]), self._roots(after, [s.after for s in self.steps])
        self.turns = Turns(
            Side(before, self.voices[0], old, conduct.before), Side(after, self.voices[1], new, conduct.after)
        )  # fmt: skip

    def _roots(self, world: World, states: Iterable[State | None]) -> set[int]:
        """Where a world differs: the lower ends of steps that changed, and whoever speaks for a record that was moved."""
        children = {state.child for state in states if state and state.carries}
        old, new = (voices.of for voices in self.voices)
        moved = np.flatnonzero(old != new[: len(old)])
        mine = self.voices[0].of if world is self.before else self.voices[1].of
        found = {node for child in children if (node := world.graph.index_of(child)) is not None}
        return found | set(mine[moved].tolist())

    def told(self, named: Named) -> Consequences:
        """Work everything out, and read the names of what is shown."""
        parents = self._parents()
        shifts = {parent: self._shift(parent) for parent in sorted(parents)[:MOST_PARENTS]}
        said, passed = self.turns.issues()
        turns = self.turns.of(said[:MOST_ISSUES], passed[: max(0, MOST_ISSUES - len(said))])
        teller = _Teller(self.after, parents, shifts, turns[:TURNS_SHOWN], named)
        below = [one for parent in shifts if (one := teller.downstream(parent)) and self._is_told(one, parent)]
        return Consequences(
            below=tuple(sorted(below, key=lambda one: (one.is_quiet, not one.lost.products_total, one.parent.id))),
            below_left_out=len(parents) - len(shifts),
            issues=tuple(teller.turns()), issues_total=len(turns),
            issues_left_out=max(0, len(said) + len(passed) - MOST_ISSUES),
            gaining=self._products(shifts, "gained"), losing=self._products(shifts, "lost"),
        )  # fmt: skip

    def _parents(self) -> _Parents:
        found: dict[int, list[StepChange]] = defaultdict(list)
        for step in self.steps:
            for parent in dict.fromkeys(state.parent for state in step.states):
                found[parent].append(step)
        return found

    def _shift(self, parent: int) -> Shift:
        among = np.zeros(self.after.graph.room, dtype=np.bool_)
        among[self.turns.touched] = True
        old, new = (
            standing(world, voices, parent, self._spoken_for(voices, among))
            for world, voices in zip((self.before, self.after), self.voices, strict=True)
        )
        spoke, speaks = (voices.speaking for voices in self.voices)
        return Shift.between(old, new, spoke, speaks, may_gain=self.after.speaker(parent) == parent)

    def _spoken_for(self, voices: Voices, among: Mask) -> Mask:
        """These nodes and whoever speaks for them."""
        found = among.copy()
        found[voices.of[among[: len(voices.of)]]] = True
        return found

    def _is_told(self, one: Downstream, parent: int) -> bool:
        """Below a record that falls silent nothing is told unless something is lost."""
        return self.after.speaker(parent) == parent or not one.is_quiet

    def _products(self, shifts: Mapping[int, Shift], name: str) -> int:
        """How many products there are that gain or lose a path, each counted once."""
        kind = self.after.graph.kind
        nodes: list[Array] = [shift.split(name, kind)[0] for shift in shifts.values()]
        return len(np.unique(np.concatenate(nodes))) if nodes else 0


class _Teller:
    """Gives what was worked out by numbers its names, which are read in one go."""

    def __init__(
        self, after: World, parents: _Parents, shifts: Mapping[int, Shift], turns: list[Turn], named: Named
    ) -> None:  # fmt: skip
        self.graph, self.parents, self.shifts, self._turns = after.graph, parents, shifts, turns
        self.records = named(set(self._wanted()))

    def _wanted(self) -> Iterator[int]:
        for parent, shift in self.shifts.items():
            yield parent
            yield from (end for step in self.parents[parent][:STEPS_SHOWN] for state in step.states for end in state[1:3])
            for name in shift.masks:
                yield from (int(self.graph.ids[node]) for nodes in shift.split(name, self.graph.kind) for node in nodes[:SHOWN])
        for turn in self._turns:
            yield from (turn.issue, int(self.graph.ids[turn.node]))

    def downstream(self, parent: int) -> Downstream | None:
        """Tell what shifts below a record; nothing of one that was purged."""
        if parent not in self.records:
            return None
        steps, shift = self.parents[parent], self.shifts[parent]
        listed = {name: self._listed(shift, name) for name in shift.masks}
        return Downstream(
            self.records[parent], tuple(filter(None, map(self._step, steps[:STEPS_SHOWN]))), len(steps), **listed
        )  # fmt: skip

    def _step(self, step: StepChange) -> Step | None:
        state = step.after or step.before
        if state is None or not {state.child, state.parent} <= self.records.keys():
            return None
        child, parent = self.records[state.child], self.records[state.parent]
        return Step(step.statement, state.predicate, child, parent, _stand(step.before), _stand(step.after))

    def _listed(self, shift: Shift, name: str) -> Listed:
        products, others = shift.split(name, self.graph.kind)
        return Listed(self._shifted(shift, products), self._shifted(shift, others), len(products), len(others))

    def _shifted(self, shift: Shift, nodes: Array) -> tuple[Shifted, ...]:
        known = ((node, self.records.get(int(self.graph.ids[node]))) for node in nodes[:SHOWN].tolist())
        found = [Shifted(record, shift.before.at(node), shift.after.at(node)) for node, record in known if record]
        return tuple(sorted(found, key=lambda one: (one.record.folded, one.record.id)))

    def turns(self) -> Iterator[IssueTurn]:
        """Tell how issues come to stand to artifacts."""
        for turn in self._turns:
            issue, record = self.records.get(turn.issue), self.records.get(int(self.graph.ids[turn.node]))
            if issue and record:
                yield IssueTurn(issue, record, turn.before, turn.after)


def _stand(state: State | None) -> Stand | None:
    return Stand(state.status, state.is_lead) if state else None
