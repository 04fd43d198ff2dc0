"""Bounded walks down over statements and merges as they stood at an edition, straight from the tables.

For alarms, which ask about a few steps of editions that no graph is kept of, or that are about to be rolled back.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kb.lineage.fall import DOCUMENTED, Fall
from kb.lineage.merges import merged_at
from kb.lineage.world import canonical_of
from kb.records.losses import NOT_HELD
from kb.records.models import Record, StatementVersion
from kb.records.predicates import LINEAGE

MOST_VISITED = 5000
_CHUNK = 500
_CARRYING = tuple(code for code, row in LINEAGE.items() if row.carries != "none")


@dataclass(frozen=True, slots=True)
class Below:
    """Records at or below another one, by the records that spoke for them; not complete where there were too many."""

    records: frozenset[int]
    complete: bool = True


class Moment:
    """Statements and merges as they stood at an edition, but for statements that are left out."""

    def __init__(self, edition: int, without: frozenset[int] = frozenset()) -> None:
        self.edition, self.without = edition, without
        self.canonical = canonical_of(merged_at(edition))
        self._members: dict[int, set[int]] = defaultdict(set)
        for record, speaker in self.canonical.items():
            self._members[speaker].add(record)
        self._known: dict[tuple[int, bool], Below] = {}

    def speaker(self, record: int) -> int:
        """Return the record that spoke for a record."""
        return self.canonical.get(record, record)

    def members(self, speakers: Iterable[int]) -> set[int]:
        """Return the records and all that they spoke for."""
        return {record for speaker in speakers for record in (speaker, *self._members.get(speaker, ()))}

    def at_or_below(self, record: int, *, documented: bool = False) -> Below:
        """Return the record and what descended from it, over every held statement, or those alone that document it."""
        start = self.speaker(record)
        if (start, documented) not in self._known:
            self._known[start, documented] = self._walked(start, documented=documented)
        return self._known[start, documented]

    def _walked(self, start: int, *, documented: bool) -> Below:
        found = {start}
        frontier = found
        while frontier:
            frontier = self._children(frontier, documented=documented) - found
            found = found | frontier
            if len(found) > MOST_VISITED:
                return Below(frozenset(found), complete=False)
        return Below(frozenset(found))

    def _children(self, records: set[int], *, documented: bool) -> set[int]:
        """Records one step down: children, and from a version its family, whose users may have used this version."""
        found: set[int] = set()
        held = self._held.filter(status__in=DOCUMENTED) if documented else self._held
        for chunk in _chunks(self.members(records)):
            steps = held.filter(object__in=chunk, predicate__in=_CARRYING).values_list("statement_id", "subject_id")
            members = held.none() if documented else held.filter(subject__in=chunk, predicate="version_of")
            families = members.values_list("statement_id", "object_id")
            found |= {child for statement, child in (*steps, *families) if child is not None and statement not in self.without}
        return {self.speaker(record) for record in found}

    @property
    def _held(self) -> "QuerySet[StatementVersion]":
        alive = Q(died=None) | Q(died__gt=self.edition)
        held = StatementVersion.objects.filter(alive, born__lte=self.edition)
        return held.exclude(Q(rank="deprecated") | Q(status__in=NOT_HELD))


class Stored:
    """What stood below what before an edition, and stands there after another one, without what was lost between them."""

    def __init__(self, after: int, until: int, without: frozenset[int]) -> None:
        self.before, self.now = Moment(after), Moment(until, without)

    def cut_off(self, lower: int, upper: int, *, parted: bool) -> Fall:
        """Return what fell off; a record that was merged is looked for where the one is that speaks for it."""
        stood, stands = self.before.at_or_below(lower), self.now.at_or_below(upper)
        if not stands.complete:
            return Fall(complete=False)
        lost = {record for record in self.before.members(stood.records) if self._is_lost(record, stands)}
        if parted:
            lost -= self.now.members([self.now.speaker(lower)])
        products = _products_among(lost)
        documented = self._documented(lower) if products else frozenset()
        return Fall(products, bool(lost), stood.complete, products & documented)

    def _documented(self, lower: int) -> frozenset[int]:
        stood = self.before.at_or_below(lower, documented=True)
        return frozenset(self.before.members(stood.records))

    def _is_lost(self, record: int, stands: Below) -> bool:
        spoke_or_speaks = record not in self.before.canonical or record not in self.now.canonical
        return spoke_or_speaks and self.now.speaker(record) not in stands.records


def _products_among(records: set[int]) -> frozenset[int]:
    found: set[int] = set()
    for chunk in _chunks(records):
        found |= set(Record.objects.filter(id__in=chunk, kind="product").values_list("id", flat=True))
    return frozenset(found)


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))
