"""What a change must fulfil before it may be published, read from the registries. Pure: no database.

Each check raises InvalidInput with one sentence that says what to put right.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation

from kb.core.dates import PartialDate
from kb.core.errors import InvalidInput
from kb.core.vocabulary import Vocabulary
from kb.records import vocabularies as words
from kb.records.changes import AddStatement, EvidenceDraft
from kb.records.kinds import KINDS
from kb.records.predicates import PREDICATES, Predicate
from kb.records.status import ORDER

_BIGGEST = 2**63 - 1
# SQLite keeps fifteen digits of a decimal, four of which stand behind the point.
_BIGGEST_DECIMAL = 10**11
QUOTATION_LENGTH = 300


def check_kind(kind: str) -> None:
    """The kind is one of the registry."""
    if kind not in KINDS:
        raise InvalidInput(f"“{kind[:40]}” is not a kind of record. Kinds are: {', '.join(KINDS)}.")


def check_code(vocabulary: Vocabulary, code: object) -> None:
    """The code is a term of the vocabulary."""
    if not isinstance(code, str) or code not in vocabulary:
        raise InvalidInput(f"“{str(code)[:40]}” is not a {vocabulary.name}. Known are: {', '.join(vocabulary)}.")


def check_period(start: str, end: str) -> None:
    """Both ends are partial dates, and the period does not end before it starts."""
    first = PartialDate.parse(start) if start else None
    last = PartialDate.parse(end) if end else None
    if first and last and last.latest < first.earliest:
        raise InvalidInput(f"The end ({end}) lies before the start ({start}).")


def known_predicate(code: str) -> Predicate:
    """Return the registry's row."""
    row = PREDICATES.get(code)
    if row is None:
        raise InvalidInput(f"“{code[:40]}” is not a known predicate.")
    return row


def check_ends(row: Predicate, subject_kind: str, object_kind: str | None, object_party_type: str = "") -> None:
    """Subject and object are of kinds that the predicate joins."""
    if subject_kind not in row.subjects:
        raise InvalidInput(f"“{row.code}” cannot be said of a {subject_kind}; it is said of {_any_of(row.subjects)}.")
    if object_kind is None:
        return
    if object_kind not in row.objects:
        raise InvalidInput(f"“{row.code}” cannot point to a {object_kind}; it points to {_any_of(row.objects)}.")
    if row.party_types is not None and object_party_type not in row.party_types:
        raise InvalidInput(
            f"“{row.code}” takes a party of type {_any_of(row.party_types)}, not {object_party_type or 'unknown'}."
        )


def _any_of(codes: Iterable[str]) -> str:
    return " or ".join(sorted(codes))


def check_statement(change: AddStatement, row: Predicate) -> None:
    """Value, qualifier, rank and period fit the predicate."""
    if (change.object is None) == (change.value is None):
        raise InvalidInput(f"“{row.code}” takes either an object or a value.")
    if (row.column == "object") != (change.object is not None):
        raise InvalidInput(f"“{row.code}” takes {'a record' if row.column == 'object' else 'a value'}.")
    if row.qualifiers is None and change.qualifier:
        raise InvalidInput(f"“{row.code}” takes no qualifier.")
    if row.qualifiers is not None and (change.qualifier or row.qualifier_required):
        check_code(row.qualifiers, change.qualifier)
    check_code(words.RANKS, change.rank)
    check_period(change.start, change.end)


def typed_value(row: Predicate, value: object) -> str | int | Decimal:
    """Return a value as the predicate's column holds it."""
    if row.codes is not None:
        check_code(row.codes, value)
    return _READERS[row.column](row, value)


def _text(row: Predicate, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidInput(f"“{row.code}” takes a text.")
    return value.strip()


def _integer(row: Predicate, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _BIGGEST:
        raise InvalidInput(f"“{row.code}” takes a whole number.")
    return value


def _decimal(row: Predicate, value: object) -> Decimal:
    try:
        number = Decimal(str(value)).quantize(Decimal("0.0001")) + 0  # adding nothing takes the sign off a zero
    except InvalidOperation:
        raise InvalidInput(f"“{row.code}” takes a number.") from None
    if not number.is_finite() or abs(number) >= _BIGGEST_DECIMAL:
        raise InvalidInput(f"“{row.code}” takes a number below a hundred billion.")
    return number


def _date(row: Predicate, value: object) -> str:
    return str(PartialDate.parse(str(value)))


_READERS: dict[str, Callable[[Predicate, object], str | int | Decimal]] = {
    "value_code": _text,
    "value_text": _text,
    "value_integer": _integer,
    "value_decimal": _decimal,
    "value_date": _date,
}


def check_evidence(draft: EvidenceDraft, row: Predicate) -> None:
    """Kind, stance, confidence, dates and the quotation's length are as they must be."""
    check_code(words.EVIDENCE_KINDS, draft.kind)
    check_code(words.STANCES, draft.stance)
    if row.evidence_kinds is not None and draft.stance == "supports" and draft.kind not in row.evidence_kinds:
        raise InvalidInput(f"“{row.code}” rests on {_any_of(row.evidence_kinds)} only.")
    check_words(draft.gist, draft.quotation)
    check_confidence(draft.confidence, draft.confidence_reason)
    check_period(draft.start, draft.end)


def check_words(gist: str, quotation: str) -> None:
    """Evidence has a gist, and a quotation that is not too long."""
    if not gist.strip():
        raise InvalidInput("Evidence says in our own words what its source says.")
    if len(quotation) > QUOTATION_LENGTH:
        raise InvalidInput(f"A quotation has at most {QUOTATION_LENGTH} characters.")


def check_confidence(confidence: str, reason: str) -> None:
    """Confidence is a word of the vocabulary, with a sentence that says why."""
    if confidence:
        check_code(words.CONFIDENCES, confidence)
    if confidence and not reason.strip():
        raise InvalidInput("Confidence needs a reason.")


def check_override(status: str, reason: str) -> None:
    """An editor's override names a status and says why."""
    if status and status not in ORDER:
        raise InvalidInput(f"“{status[:40]}” is not a status.")
    if status and not reason.strip():
        raise InvalidInput("An override needs a public reason.")
