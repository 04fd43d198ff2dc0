"""A rehearsal: a change set is published inside a transaction, what it did is read, and it is always rolled back.

The write lock is held no longer than publishing itself takes: only plain values are read inside the transaction, and
consequences are worked out afterwards, when somebody asks for them, on the world that the rehearsal began from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from django.db import transaction

from kb.ledger.models import Head
from kb.ledger.write import current_edition, take_pen
from kb.lineage.alarm import LostEdge, in_names, lost_between, statements_of
from kb.lineage.announced import Announced, announced_since
from kb.lineage.consequences import Consequences
from kb.lineage.fall import MOST_FOLLOWED, Lost, followed
from kb.lineage.graph import Graph
from kb.lineage.load import World, forget_worlds, world_at
from kb.lineage.suppose import consequences, supposed
from kb.lineage.written import RowChange, row_changes
from kb.records.models import Record

Read = TypeVar("Read")


@dataclass(frozen=True)
class Rehearsal:
    """What a change set would do to the edition `before`. Its ids and numbers are drawn anew at publication.

    `refs` are the references that were filled in, where the rehearsal was given them.
    """

    before: int
    announced: Announced = field(repr=False)
    lost: tuple[Lost, ...] = field(repr=False)
    refs: Mapping[str, int]

    @cached_property
    def row_changes(self) -> tuple[RowChange, ...]:
        """Every row that would be written, with the columns that differ."""
        return row_changes(self.announced, self.before)

    @cached_property
    def created(self) -> tuple[Record, ...]:
        """The records that would be created."""
        return tuple(record for record in self.announced.records.values() if record.version is None)

    @cached_property
    def lost_edges(self) -> tuple[LostEdge, ...]:
        """The steps of lineage that would be lost, the first of them with what they cut off."""
        if not self.lost:
            return ()
        with supposed(self._world, self.announced) as supposition:
            falls = supposition.between(statements_of(self.lost))
            return tuple(in_names(followed(self.lost, falls, MOST_FOLLOWED), self.announced.named))

    @cached_property
    def consequences(self) -> Consequences:
        """What would gain or lose which inheritance."""
        with supposed(self._world, self.announced) as supposition:
            return consequences(supposition)

    @property
    def _world(self) -> World:
        """The world of the edition that the rehearsal began from."""
        if self.before == 0:
            return World(Graph.build(0, [], []), {}, frozenset(), {})
        return world_at() if current_edition() == self.before else world_at(self.before)


def rehearse(act: Callable[[], object], refs: dict[str, int] | None = None) -> Rehearsal:
    """Return what an act of publishing would do. Nothing of it stays; what it raises is raised.

    `refs`, where the act has publish() fill it, is emptied again of what it was filled with.
    """
    known = dict(refs or {})
    try:
        before, announced, lost = rolled_back(act, _read)
        filled = {ref: record for ref, record in (refs or {}).items() if ref not in known}
    finally:
        if refs is not None:
            refs.clear()
            refs.update(known)
    return Rehearsal(before, announced, tuple(lost), filled)


def rolled_back(act: Callable[[], object], read: Callable[[Head], Read]) -> Read:
    """Act inside a transaction, read what was done since the head of the chain given, and roll everything back."""
    before = Head()
    try:
        with transaction.atomic():
            before = take_pen()
            act()
            found = read(before)
            transaction.set_rollback(True)
    finally:
        # An act that asked lineage something has had a world made of what was rolled back.
        forget_worlds(before.edition)
    return found


def _read(before: Head) -> tuple[int, Announced, list[Lost]]:
    announced = announced_since(before.sequence)
    lost = [] if announced.only_adds else lost_between(before.edition, current_edition())
    return before.edition, announced, lost
