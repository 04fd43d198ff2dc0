"""What single fields of Ecosystem Graphs say: wrappers undone, names split, dates and short texts read, all of it counted.

A value that cannot be taken is left out and counted under its field; what the safety guard refuses, by its rule too.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kb.core.dates import PartialDate
from kb.core.errors import InvalidInput
from kb.core.safety import find_rule
from kb.exchange.drafts import Counts

# A value that says nothing, in the spellings that the source has for it.
NOT_SAID = frozenset({"", "unknown", "unknkown", "unknokwn", "none", "n/a"})
_NAME_SUFFIXES = frozenset({"Inc.", "LLC", "Ltd.", "College Park"})
_SHORT, _NAME_LENGTH = 100, 300
_PRECISION = {4: "year", 7: "month", 10: "day"}
Entry = Mapping[str, Any]


def unwrapped(field: str, kept: Entry, counts: Counts) -> Any:
    """The value of a field that is taken, out of its wrapper of value and explanation if it has one."""
    value = kept.get(field)
    if not isinstance(value, Mapping):
        return value
    counts["wrapped fields", field] += 1
    for part in value.keys() - {"value", "explanation"}:
        counts["stray fields", label(f"{field}, {part}")] += 1
    if says_something(value.get("explanation")):
        counts["not taken", "explanation"] += 1
    return value.get("value")


def says_something(value: Any) -> bool:
    """Whether a value, or what its wrapper holds, is more than nothing."""
    if isinstance(value, Mapping):
        return any(map(says_something, value.values()))
    return value not in (None, "", [])


def label(field: object) -> str:
    """A field's name for the counts, unless it holds what no text may hold."""
    text = " ".join(str(field)[:40].split())
    return text if find_rule(text) is None else "a name that the guard refuses"


def as_text(value: Any) -> str:
    """A text or number in one line; anything else is none."""
    return " ".join(str(value).split()) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def as_name(heading: str, value: Any, counts: Counts) -> str:
    """A name that may stand in the record, or nothing, counted."""
    name = as_text(value)
    if not name:
        counts[heading, "without a name"] += 1
    elif len(name) > _NAME_LENGTH:
        counts[heading, "with a name that is too long"] += 1
    elif rule := find_rule(name):
        counts["refused by the guard", rule] += 1
        counts[heading, "with a name that the guard refuses"] += 1
    else:
        return name
    return ""


def organisations(value: Any, counts: Counts) -> tuple[str, ...]:
    """The names in an organisation field: several where commas part them, never where “and” does."""
    text = as_text(value)
    pieces = [piece for piece in _split(text) if piece.casefold() not in NOT_SAID]
    names = tuple(name for piece in dict.fromkeys(pieces) if (name := as_name("organisations", piece, counts)))
    if not text and says_something(value):
        counts["organisation field", "not a text"] += 1
    else:
        counts["organisation field", ("not said", "one", "several")[min(len(pieces), 2)]] += 1
    counts["organisations", "with “and” in the name, not split"] += sum(" and " in name for name in names)
    return names


def _split(text: str) -> list[str]:
    """Split at commas, but keep what belongs to the name before: “Continue Dev, Inc.”."""
    pieces: list[str] = []
    for part in text.split(", "):
        piece = part.removeprefix("and ").strip(" ,")
        if pieces and piece in _NAME_SUFFIXES:
            pieces[-1] += f", {piece}"
        elif piece:
            pieces.append(piece)
    return pieces


def dependencies(value: Any, counts: Counts) -> tuple[str, ...]:
    """The names in a list of dependencies, as written; an empty list is “not said”, not “none”."""
    if not isinstance(value, list):
        counts["dependencies", "field that is no list" if says_something(value) else "empty field"] += 1
        return ()
    counts["dependencies", "empty field"] += not value
    counts["dependencies", "rows"] += len(value)
    names = [name for row in value if (name := as_name("dependencies", row, counts))]
    counts["dependencies", "listed twice, folded"] += len(names) - len(set(names))
    return tuple(dict.fromkeys(names))


def released(value: Any, counts: Counts) -> str:
    """A date as a partial date, or nothing."""
    text = value.isoformat()[:10] if isinstance(value, date) else as_text(value)
    if text.casefold() in NOT_SAID:
        counts["created_date", "not said" if text else "without a value"] += 1
        return ""
    try:
        PartialDate.parse(text)
    except InvalidInput:
        counts["created_date", "not a date"] += 1
        return ""
    counts["created_date", _PRECISION[len(text)]] += 1
    return text


def short_text(field: str, value: Any, counts: Counts) -> str:
    """A text that is short enough to be a fact and not prose, or nothing."""
    text = as_text(value)
    if not text and value not in (None, ""):
        counts[field, "not a text"] += 1
    elif text.casefold() in NOT_SAID:
        counts[field, "not said"] += 1
    elif len(text) > _SHORT:
        counts[field, f"longer than {_SHORT} characters"] += 1
    elif rule := find_rule(text):
        counts["refused by the guard", rule] += 1
        counts[field, "refused by the guard"] += 1
    else:
        counts[field, "taken"] += 1
        return text
    return ""
