"""Statements as lines that a page can show: words, value, dates and who says so.

A line is read from the side of the record whose page it is on. What a statement may say is in the registry.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kb.core.dates import in_words
from kb.core.vocabulary import Vocabulary
from kb.records import vocabularies as words
from kb.records.evidence import evidence_by_statement
from kb.records.models import Evidence, Record, Statement, StatementVersion
from kb.records.predicates import PREDICATES, Predicate
from kb.records.responses import NO_RESPONSES, Responses, contested, responses_to_statements
from kb.records.telling import best_of, confirmed_by, statement_path, voice_of

AnyStatement = Statement | StatementVersion


@dataclass(frozen=True)
class Line:
    """One statement on a page. `other` is the record at the far end, if there is one.

    `responses` are replies to Upstream about it and its disputes; it is also contested while its issue is.
    """

    statement: AnyStatement
    row: Predicate
    outgoing: bool
    other: Record | None
    evidence: tuple[Evidence, ...]
    contested: bool = False
    responses: Responses = NO_RESPONSES

    @property
    def number(self) -> int:
        """The statement's number, which its anchor carries."""
        return self.statement.id if isinstance(self.statement, Statement) else self.statement.statement_id

    @property
    def path(self) -> str:
        """Where all that is told of it stands."""
        return statement_path(self.number)

    @property
    def reads(self) -> str:
        """The words between the record and the other end, or the value."""
        return self.row.reading(self.statement.qualifier, inverse=not self.outgoing)

    @property
    def value(self) -> str:
        """The value in words."""
        return value_in_words(self.statement, self.row)

    @property
    def qualifier(self) -> str:
        """The qualifier in words, unless the reading says it already."""
        vocabulary = self.row.qualifiers
        if not vocabulary or not self.statement.qualifier or self.row.qualifier_reads:
            return ""
        return vocabulary.label(self.statement.qualifier)

    @property
    def is_fix(self) -> bool:
        """Whether it says that an issue was fixed, which is never said without who says so."""
        return self.row.code == "impact" and self.statement.qualifier == "fixed"

    @property
    def period(self) -> str:
        """When it was so, in words."""
        return period_in_words(self.statement.start, self.statement.end, ongoing=self.row.is_use)

    @property
    def supporting(self) -> list[Evidence]:
        """The evidence that says so."""
        return [row for row in self.evidence if row.stance == "supports"]

    @property
    def disputing(self) -> list[Evidence]:
        """The evidence that says otherwise."""
        return [row for row in self.evidence if row.stance == "disputes"]

    @property
    def best(self) -> Evidence | None:
        """The source to name first."""
        return best_of(self.supporting or self.evidence)

    @property
    def confirmed_by(self) -> str:
        """Who confirms it: a confirmed statement always says by whom."""
        return confirmed_by(self.evidence) if self.statement.status == "confirmed" else ""

    @property
    def who(self) -> str:
        """Who says so, in a word: the party, or the report where nobody is known."""
        return (voice(self.best) or f"“{self.best.report.name}”") if self.best else ""

    @property
    def according_to(self) -> str:
        """Who says so and when, for wording that must name its source."""
        if self.best is None:
            return ""
        said = in_words(self.best.start or self.best.report.report.published)
        return f"{self.who} ({said})" if said else self.who


def voice(row: Evidence) -> str:
    """The name of whose word a piece of evidence is."""
    party = voice_of(row)
    return party.name if party else ""


def value_in_words(statement: AnyStatement, row: Predicate) -> str:
    """Write a statement's value for readers: labels for codes, grouped digits, months in words."""
    unit = f" {statement.unit}" if statement.unit else ""
    value = getattr(statement, row.column) if row.column != "object" else None
    return f"{_PLAIN[row.column](value, row)}{unit}" if value is not None else ""


def _code(value: str, row: Predicate) -> str:
    vocabulary: Vocabulary = row.codes or words.STATUSES
    return vocabulary.label(value)


def _decimal(value: Decimal, row: Predicate) -> str:
    return f"{value.normalize():,f}"


_PLAIN: dict[str, Callable[[Any, Predicate], str]] = {
    "value_code": _code,
    "value_text": lambda value, row: str(value),
    "value_integer": lambda value, row: f"{value:,}",
    "value_decimal": _decimal,
    "value_date": lambda value, row: in_words(value),
}


def period_in_words(start: str, end: str, *, ongoing: bool = False) -> str:
    """Write a period: `2 January 2024`, `from May 2022 to June 2023`, `until 2021`; a use with only a start is `from`."""
    first, last = in_words(start), in_words(end)
    if first and last:
        return first if first == last else f"from {first} to {last}"
    if first:
        return f"from {first}" if ongoing else first
    return f"until {last}" if last else ""


def lines(statements: Iterable[Statement], own: set[int]) -> list[Line]:
    """Make lines of statements, read from the side of the records in `own`."""
    statements = list(statements)
    numbers = [statement.id for statement in statements]
    evidence, responses, disputed = evidence_by_statement(numbers), responses_to_statements(numbers), contested()
    return [_line(one, own, tuple(evidence[one.id]), disputed.holds(one), responses[one.id]) for one in statements]


def _line(statement: Statement, own: set[int], evidence: tuple[Evidence, ...], disputed: bool, responses: Responses) -> Line:
    outgoing = statement.subject_id in own
    other = statement.object if outgoing else statement.subject
    return Line(statement, PREDICATES[statement.predicate], outgoing, other, evidence, disputed, responses)
