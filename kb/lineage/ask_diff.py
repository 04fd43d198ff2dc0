"""Asking what changed in the lineage of a record, between two editions or between two days, and why a step was lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kb.core.clock import today
from kb.core.errors import InvalidInput
from kb.core.vocabulary import Term, Vocabulary
from kb.ledger.history import check_edition, reason_of
from kb.ledger.models import Change, Edition
from kb.ledger.write import current_edition
from kb.lineage.answer import Edge
from kb.lineage.ask import Answer, Question, ask, read_day, root_record
from kb.lineage.diff import Diff, diff
from kb.lineage.graph import Direction
from kb.lineage.shelf import Shelf
from kb.records.losses import LOSSES, NOT_HELD, UNASSERTED, Loss, is_asserted, losses
from kb.records.models import Record, StatementVersion
from kb.records.predicates import LINEAGE
from kb.records.queries import records_by_id, versions_by_statement

FATES = Vocabulary(
    "fate of a step",
    *(LOSSES[code] for code in LOSSES if code != UNASSERTED),
    Term("ended", "Ended", "The use had ended by then."),
    Term("cut_off", "Cut off", "It still stands, and is no longer reached from the record asked about."),
)


@dataclass(frozen=True, slots=True)
class Span:
    """The two moments that are compared: two editions, or two days in the newest edition."""

    editions: tuple[int, int] | None = None
    days: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """Why a step is no longer there, and the edition that took it away with its public reason."""

    code: str
    edition: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two answers and what they differ in.

    `fates` are those of lost steps by their statements; `merged` gives, for lost artifacts, the record that speaks for each
    now. `silent` are steps that still stand and that no source asserts any more. Of two large answers a page shows a part:
    what of the difference is to be shown is brought first.
    """

    span: Span
    before: Answer
    after: Answer
    diff: Diff
    fates: Shelf[Fate]
    merged: dict[int, Record]
    silent: tuple[Edge, ...]

    def bring(self, part: Diff) -> None:
        """Read what a part of the difference names, together."""
        nodes = (part.products, part.others)
        broken = {part.broken.get(node.record) for of in nodes for node in of.lost}
        lost = [*part.edges.lost, *(edge for edge in self.diff.edges.lost if edge.statement in broken)]
        gone, came = (pair.before for pair in part.edges.changed), (pair.after for pair in part.edges.changed)
        were = {node.record for of in nodes for node in (*of.lost, *(pair.before for pair in of.changed))}
        are = {node.record for of in nodes for node in (*of.gained, *(pair.after for pair in of.changed))}
        self.before.bring([*lost, *gone], were, evidence=True)
        self.after.bring([*part.edges.gained, *came], are, evidence=True)
        self.fates.bring(edge.statement for edge in lost)


def read_span(root: Record, given: dict[str, str]) -> Span:
    """Read the span of `from`, `to`, `from_date` and `to_date`, empty where not given.

    Without any: from the edition that recorded the root to the newest. Raises InvalidInput with a sentence.
    """
    editions, days = (given["from"], given["to"]), (given["from_date"], given["to_date"])
    if any(editions) and any(days):
        raise InvalidInput("Compare two editions or two dates, not an edition with a date.")
    if any(days):
        return _days(*days)
    first = _edition("from", editions[0]) if editions[0] else _recorded(root)
    last = _edition("to", editions[1]) if editions[1] else current_edition()
    if first > last:
        raise InvalidInput(f"Edition {first} comes after edition {last}: give the earlier one first.")
    return Span(editions=(first, last))


def _days(first: str, last: str) -> Span:
    since, until = read_day(first), read_day(last) or today()
    if since is None:
        raise InvalidInput("Give the earlier date too, as from_date.")
    if since > until:
        raise InvalidInput(f"{since.isoformat()} comes after {until.isoformat()}: give the earlier date first.")
    return Span(days=(since, until))


def _edition(name: str, text: str) -> int:
    if not (text.isascii() and text.removeprefix("-").isdecimal() and len(text) < 19):
        raise InvalidInput(f"{name}: “{text[:20]}” is not the number of an edition.")
    return check_edition(int(text))


def _recorded(root: Record) -> int:
    created = Change.objects.filter(table=Record._meta.db_table, row_id=root.id, version=1)
    return created.values_list("edition_id", flat=True).first() or current_edition()


def ask_diff(root: Record, direction: Direction, span: Span) -> Difference:
    """Compare the lineage of a record at the two ends of a span. Raises NotFound where it was not on record then."""
    before, after = (ask(_question(root, direction, span, end), whole=False) for end in (0, 1))
    found = diff(before.outline, after.outline)
    lost = losses(*span.editions) if span.editions else []
    quiet = {loss.statement for loss in lost if loss.how == UNASSERTED}
    fallen = [edge for edge in (*after.outline.edges, *after.outline.lead_edges) if edge.statement in quiet]
    after.bring(fallen, evidence=True)
    silent = tuple(edge for edge in fallen if not is_asserted(after.evidence[edge.statement]))
    return Difference(span, before, after, found, _Fates(found, before, after, lost).shelf, _merged(found, after), silent)


def _merged(found: Diff, after: Answer) -> dict[int, Record]:
    lost = {node.record: after.world.speaker(node.record) for node in (*found.products.lost, *found.others.lost)}
    merged = {record: speaker for record, speaker in lost.items() if speaker != record}
    speakers = records_by_id(merged.values(), after.question.edition)
    return {record: speakers[speaker] for record, speaker in merged.items() if speaker in speakers}


def _question(root: Record, direction: Direction, span: Span, end: int) -> Question:
    if span.editions is None:
        return Question(root, direction, on=span.days[end] if span.days else None)
    edition = span.editions[end]
    return Question(root_record(root.public_id, edition), direction, edition=edition)


class _Fates:
    """Why lost steps are gone; the last edition that dropped one names the reason."""

    def __init__(self, found: Diff, before: Answer, after: Answer, lost: Iterable[Loss]) -> None:
        self._edges = {edge.statement: edge for edge in found.edges.lost}
        self._before, self._after = before, after
        self._dropped = {loss.statement: loss.edition for loss in lost if loss.how != UNASSERTED}
        self.shelf: Shelf[Fate] = Shelf(self._read)

    def _read(self, statements: Iterable[int]) -> dict[int, Fate]:
        wanted = self._edges.keys() & set(statements)
        versions = versions_by_statement(wanted, self._after.edition)
        self._before.bring([self._edges[one] for one in wanted - versions.keys()])
        codes = {one: _code(versions.get(one) or self._before.statement(self._edges[one]), self._after) for one in wanted}
        editions = {one: self._dropped.get(one, 0) if code in LOSSES else 0 for one, code in codes.items()}
        reasons = {one.number: reason_of(one) for one in Edition.objects.filter(number__in=set(editions.values()))}
        return {one: Fate(code, editions[one] or None, reasons.get(editions[one], "")) for one, code in codes.items()}


def _code(version: StatementVersion, after: Answer) -> str:
    if version.status in NOT_HELD:
        return version.status
    if version.rank == "deprecated":
        return "deprecated"
    row, last, on = LINEAGE.get(version.predicate), read_day(version.end), after.question.on
    return "ended" if row and row.is_use and last and on and last < on else "cut_off"
