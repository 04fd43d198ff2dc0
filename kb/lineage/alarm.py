"""The lost-edge alarm: which steps of lineage editions lost, and which products lose their path by it.

A merge that is taken back may cut products off too: what stood below one of the two stood below both.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kb.lineage.fall import DOCUMENTED, HOW_LOST, MOST_FOLLOWED, PARTED, Fall, Followed, Lost, followed
from kb.lineage.local import Stored
from kb.lineage.merges import partings
from kb.records.losses import Loss, losses
from kb.records.models import Record, StatementVersion
from kb.records.predicates import PREDICATES
from kb.records.queries import records_by_id, versions_by_statement

# Gives records by their ids.
Named = Callable[[Iterable[int]], dict[int, Record]]


@dataclass(frozen=True, slots=True)
class Cut:
    """Products that no other path known to Upstream joins to the parent. Empty and not complete: too many to work out."""

    products: tuple[Record, ...] = ()
    complete: bool = True
    of_documented: frozenset[int] = frozenset()

    @property
    def documented(self) -> tuple[Record, ...]:
        """Those that had a documented path, which alone are counted."""
        return tuple(record for record in self.products if record.id in self.of_documented)

    @property
    def others(self) -> tuple[Record, ...]:
        """Those that were leads to check, or had a step that a source disputes."""
        return tuple(record for record in self.products if record.id not in self.of_documented)


@dataclass(frozen=True, slots=True)
class LostEdge:
    """One step that was lost, as it stood before; `cut` is empty where there were too many steps to follow each.

    Of a merge that was taken back `child` is the record that products stay below, and `parent` the one they lose.
    """

    loss: Loss
    predicate: str
    child: Record
    parent: Record
    cut: Cut | None

    @property
    def is_parting(self) -> bool:
        """Whether a merge was taken back, so that there is no statement."""
        return self.loss.how == PARTED

    @property
    def reads(self) -> str:
        """The words between child and parent."""
        return "was read as one with" if self.is_parting else PREDICATES[self.predicate].reads

    @property
    def how(self) -> str:
        """How it was lost, in a sentence."""
        return HOW_LOST[self.loss.how].definition

    @property
    def how_in_short(self) -> str:
        """How it was lost, in two or three words."""
        return HOW_LOST[self.loss.how].label


def lost_edges(after: int, until: int, follow: int = MOST_FOLLOWED) -> list[LostEdge]:
    """Return every step that the editions after one and until another lost, the first of them with what they cut off.

    A step that no source asserts any more counts as lost here, though its statement stands.
    """
    return in_names(followed_between(after, until, follow), records_by_id)


def followed_between(after: int, until: int, follow: int) -> list[Followed]:
    """Return what editions lost by numbers, with what it cut off."""
    lost = lost_between(after, until)
    return followed(lost, Stored(after, until, statements_of(lost)), follow) if lost else []


def lost_between(after: int, until: int) -> list[Lost]:
    """Return what the editions after one and until another lost, by numbers and in their order."""
    dropped = losses(after, until)
    versions = _versions_before(dropped)
    found = [_lost(loss, versions[loss.statement]) for loss in dropped if loss.statement in versions]
    for one in partings(after, until):
        loss = Loss(one.edition, 0, PARTED)
        found += [Lost(loss, one.record, one.other), Lost(loss, one.other, one.record)]
    return sorted(found, key=lambda lost: (lost.loss.edition, lost.is_parting, lost.loss.statement, lost.child))


def statements_of(lost: Iterable[Lost]) -> frozenset[int]:
    """Return the statements that were lost."""
    return frozenset(one.loss.statement for one in lost if not one.is_parting)


def in_names(found: Sequence[Followed], named: Named) -> list[LostEdge]:
    """Return what was lost with its records."""
    ends = {end for lost, _ in found for end in (lost.child, lost.parent)}
    records = named(ends | {record for _, fall in found if fall for record in fall.products})
    known = [(lost, fall) for lost, fall in found if {lost.child, lost.parent} <= records.keys()]
    return [_in_names(lost, fall, records) for lost, fall in known]


def _versions_before(lost: Iterable[Loss]) -> dict[int, StatementVersion]:
    """The statements as they stood before the edition that lost them."""
    found: dict[int, StatementVersion] = {}
    for edition in {loss.edition for loss in lost}:
        found |= versions_by_statement((loss.statement for loss in lost if loss.edition == edition), edition - 1)
    return found


def _lost(loss: Loss, row: StatementVersion) -> Lost:
    assert row.object_id is not None
    documented = row.status in DOCUMENTED and row.predicate != "version_of"
    return Lost(loss, row.subject_id, row.object_id, row.predicate, documented)


def _in_names(lost: Lost, fall: Fall | None, records: dict[int, Record]) -> LostEdge:
    cut = None
    if fall is not None:
        products = (records[record] for record in fall.products if record in records)
        ordered = tuple(sorted(products, key=lambda record: (record.folded, record.id)))
        cut = Cut(ordered, fall.complete, fall.documented)
    return LostEdge(lost.loss, lost.predicate, records[lost.child], records[lost.parent], cut)
