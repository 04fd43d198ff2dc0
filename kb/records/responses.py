"""Reading replies and disputes: of records, of statements, and what is contested; now, or as it was at an edition.

Rows come with their record and party; what is about a withdrawn record is left out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Q, QuerySet, prefetch_related_objects

from kb.core.prepared import Prepared
from kb.records.models import Dispute, Record, Reply, Statement, StatementVersion
from kb.records.models.dispute import UNDER_REVIEW
from kb.records.queries import past_rows

AnyResponse = TypeVar("AnyResponse", Reply, Dispute)
_CHUNK = 500
_OPEN = Prepared(lambda: Dispute.objects.filter(state=UNDER_REVIEW).values_list("statement_id", "record_id", "record__kind"))


@dataclass(frozen=True, slots=True)
class Responses:
    """What parties replied to Upstream and what is or was disputed, in the order in which it was recorded."""

    replies: tuple[Reply, ...] = ()
    disputes: tuple[Dispute, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.replies or self.disputes)

    @property
    def contested(self) -> bool:
        """Whether a dispute is open."""
        return any(row.is_open for row in self.disputes)

    def of_statement(self, number: int | None) -> "Responses":
        """The part that is about one statement; with None, the part about the record as a whole."""
        return Responses(
            tuple(row for row in self.replies if row.statement_id == number),
            tuple(row for row in self.disputes if row.statement_id == number),
        )

    def without(self, numbers: Collection[int | None]) -> "Responses":
        """The part that is about none of these statements."""
        return Responses(
            tuple(row for row in self.replies if row.statement_id not in numbers),
            tuple(row for row in self.disputes if row.statement_id not in numbers),
        )


NO_RESPONSES = Responses()


@dataclass(frozen=True, slots=True)
class Contested:
    """The statements and the issues under an open dispute. A statement about a contested issue is contested too."""

    statements: frozenset[int] = frozenset()
    issues: frozenset[int] = frozenset()

    def holds(self, statement: Statement | StatementVersion) -> bool:
        """Whether a statement is contested."""
        number = statement.id if isinstance(statement, Statement) else statement.statement_id
        return number in self.statements or not self.issues.isdisjoint((statement.subject_id, statement.object_id or 0))


def contested(edition: int | None = None) -> Contested:
    """Return what is contested, now or as it was at an edition: open disputes are few, so that all of them are read."""
    about = _OPEN() if edition is None else _open_at(edition)
    return Contested(
        frozenset(statement for statement, _, _ in about if statement is not None),
        frozenset(_merged_with({record for statement, record, kind in about if statement is None and kind == "issue"})),
    )


def _open_at(edition: int) -> list[tuple[int | None, int, str]]:
    """What disputes were about that were open at an edition: a statement, or the record as a whole, and the record's kind."""
    ever = past_rows(Dispute, Dispute.objects.values_list("id", flat=True), edition)
    rows = [row for row in ever if row.is_open]
    prefetch_related_objects(rows, "record")
    return [(row.statement_id, row.record_id, row.record.kind) for row in rows]


def _merged_with(ids: set[int]) -> set[int]:
    """The records and all that are merged with them, in either direction."""
    found, frontier = set(ids), set(ids)
    while frontier:
        near = Record.objects.filter(Q(merged_into__in=frontier) | Q(merged__in=frontier)).values_list("id", flat=True)
        frontier = set(near) - found
        found |= frontier
    return found


def responses_to_records(records: Iterable[Record]) -> Responses:
    """Return replies and disputes about records, and about statements with one of them at an end."""
    ids = [record.id for record in records]
    about = Q(record__in=ids) | Q(statement__subject__in=ids) | Q(statement__object__in=ids)
    return Responses(tuple(public_replies().filter(about)), tuple(public_disputes().filter(about)))


def responses_to_statements(numbers: Iterable[int], edition: int | None = None) -> dict[int, Responses]:
    """Return replies and disputes by statement, now or as they were at an edition. Missing ones are empty."""
    ids = sorted(set(numbers))
    replies = _by_statement(_of_statements(public_replies(), ids, edition))
    disputes = _by_statement(_of_statements(public_disputes(), ids, edition))
    found: dict[int, Responses] = defaultdict(Responses)
    for number in {*replies, *disputes}:
        found[number] = Responses(tuple(replies.get(number, ())), tuple(disputes.get(number, ())))
    return found


def public_replies() -> QuerySet[Reply]:
    """Return every reply that may be shown, with its record and party."""
    return Reply.objects.filter(_shown()).select_related("record", "party").order_by("id")


def public_disputes() -> QuerySet[Dispute]:
    """Return every dispute that may be shown, with its record and party."""
    return Dispute.objects.filter(_shown()).select_related("record", "party").order_by("id")


def _shown() -> Q:
    return Q(record__withdrawn=None, statement__subject__withdrawn=None, statement__object__withdrawn=None)


def _of_statements(rows: QuerySet[AnyResponse], ids: list[int], edition: int | None) -> Iterator[AnyResponse]:
    for start in range(0, len(ids), _CHUNK):
        found = rows.filter(statement__in=ids[start : start + _CHUNK])
        if edition is None:
            yield from found
            continue
        past = past_rows(rows.model, found.values_list("id", flat=True), edition)
        prefetch_related_objects(past, "record", "party")
        yield from past


def _by_statement(rows: Iterable[AnyResponse]) -> dict[int, list[AnyResponse]]:
    grouped: dict[int, list[AnyResponse]] = defaultdict(list)
    for row in rows:
        grouped[row.statement_id or 0].append(row)
    return grouped
