"""Typed changes as JSON, both ways: how proposals are sent, stored and shown.

    {"change": "add_statement", "subject": "UP-M-7", "predicate": "trained_on", "object": "new:data", "evidence": [...]}

A record is named by its permanent id or slug, or by `new:` and a name of the proposal's own where the same proposal
creates it. The shape of each change is read from its dataclass, so a new field needs nothing here. What the words of a
change may be is checked by `publish()` and the guard; who may propose which change is said in `open_changes.py`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from kb.core.errors import InvalidInput, NotFound
from kb.records import changes as do
from kb.records.apply import HANDLERS
from kb.records.queries import any_record

NEW = "new:"
_MOST_ITEMS = 100
_DEEPEST = 6
# Stands for the name of a field among the texts of a piece of JSON.
_A_NAME = "(name)"

Json = Any
Find = Callable[[str], int]
Tell = Callable[[int], str]
Shape = TypeVar("Shape")


def _code(change: type[do.Change]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", change.__name__).lower()


CHANGES: dict[str, type[do.Change]] = {_code(change): change for change in HANDLERS}
CODES: dict[type[do.Change], str] = {change: code for code, change in CHANGES.items()}
# Fields of details and parts that name a record.
_REFERRING = frozenset({"publisher", "report"})


def by_key(key: str) -> int:
    """Return the id of the record that a permanent id or slug names, a withdrawn one too: it may be restored.

    Raises InvalidInput where there is none.
    """
    try:
        return any_record(key).id
    except NotFound as unknown:
        raise InvalidInput(str(unknown)) from None


def read_change(data: Json, find: Find = by_key) -> do.Change:
    """Read one change. Raises InvalidInput with one sentence that says what to put right."""
    if not isinstance(data, dict):
        raise InvalidInput("A change is an object with its kind in “change”.")
    code = data.get("change")
    kind = CHANGES.get(code) if isinstance(code, str) else None
    if kind is None:
        raise InvalidInput(f"“{str(code)[:40]}” is not a change. Changes are: {', '.join(sorted(CHANGES))}.")
    change: do.Change = _read_fields(kind, {name: value for name, value in data.items() if name != "change"}, str(code), find)
    return change


def _read_fields(kind: Any, data: Mapping[str, Json], where: str, find: Find) -> Any:
    shape = _shape(kind)
    if unknown := sorted(set(data) - set(shape)):
        raise InvalidInput(f"{where} has no “{unknown[0][:40]}”. It has: {', '.join(shape)}.")
    if missing := sorted(name for name in _required(kind) if name not in data):
        raise InvalidInput(f"{where} needs “{missing[0]}”.")
    return kind(**{name: _read(shape[name], value, f"{where}.{name}", find) for name, value in data.items()})


def _read(hint: Any, value: Json, where: str, find: Find) -> Any:
    if reader := _READERS.get(hint):
        return reader(value, where, find)
    if is_dataclass(hint):
        return _read_fields(hint, _mapping(value, where), where, find)
    (item, _) = get_args(hint)  # all that is left is a tuple of any length
    return tuple(_read(item, one, f"{where}[{place}]", find) for place, one in enumerate(_list(value, where)))


def read_shape(kind: type[Shape], data: Json, where: str) -> Shape:
    """Read a dataclass of texts, flags and further dataclasses. Raises InvalidInput, for a field that it lacks as well."""
    shape: Shape = _read_fields(kind, _mapping(data, where), where, by_key)
    return shape


@cache
def _shape(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


@cache
def _required(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING)


def _ref(value: Json, where: str, find: Find) -> do.Ref:
    if not isinstance(value, str) or not value.strip():
        raise InvalidInput(f"{where} names a record: its id, its slug, or new: and a name that this proposal gives it.")
    return value if value.startswith(NEW) else find(value.strip())


def _optional_ref(value: Json, where: str, find: Find) -> do.Ref | None:
    return None if value is None else _ref(value, where, find)


def _text(value: Json, where: str, find: Find) -> str:
    if not isinstance(value, str):
        raise InvalidInput(f"{where} is a text.")
    return value


def _new_ref(value: Json, where: str, find: Find) -> str:
    text = _text(value, where, find)
    if not text.startswith(NEW):
        raise InvalidInput(f"{where} begins with {NEW}")
    return text


def _flag(value: Json, where: str, find: Find) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput(f"{where} is true or false.")
    return value


def _number(value: Json, where: str, find: Find) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        raise InvalidInput(f"{where} is a number of a row on file.")
    return value


def _optional_number(value: Json, where: str, find: Find) -> int | None:
    return None if value is None else _number(value, where, find)


def _value(value: Json, where: str, find: Find) -> do.Value | None:
    if value is None or (isinstance(value, str | int) and not isinstance(value, bool)):
        return value
    raise InvalidInput(f"{where} is a text or a whole number; a decimal number is written as text.")


def _day(value: Json, where: str, find: Find) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InvalidInput(f"{where} is a day, such as 2026-11-22.") from None


def _needed_day(value: Json, where: str, find: Find) -> date:
    day = _day(value, where, find)
    if day is None:
        raise InvalidInput(f"{where} is a day, such as 2026-11-22.")
    return day


def _mapping(value: Json, where: str) -> dict[str, Json]:
    if not isinstance(value, dict) or len(value) > _MOST_ITEMS or not all(isinstance(name, str) for name in value):
        raise InvalidInput(f"{where} is an object of at most {_MOST_ITEMS} fields.")
    return value


def _fields(value: Json, where: str, find: Find) -> dict[str, object]:
    return {name: _field(name, one, f"{where}.{name[:40]}", find) for name, one in _mapping(value, where).items()}


def _field(name: str, value: Json, where: str, find: Find) -> object:
    if name in _REFERRING:
        return _optional_ref(value, where, find)
    if name in _DAY_FIELDS:
        return _day(value, where, find)
    if isinstance(value, dict) or (isinstance(value, list) and not all(isinstance(one, str) for one in value)):
        raise InvalidInput(f"{where} is a text, a number, true, false or a list of texts.")
    if isinstance(value, float):
        raise InvalidInput(f"{where} is a whole number; a decimal number is written as text.")
    return value


_DAY_FIELDS = frozenset({"accessed", "last_checked", "last_seen", "first_seen", "asked", "due", "answered", "opened", "decided"})


def _flags(value: Json, where: str, find: Find) -> dict[str, bool]:
    return {name: _flag(one, f"{where}.{name[:40]}", find) for name, one in _mapping(value, where).items()}


def _list(value: Json, where: str) -> list[Json]:
    if not isinstance(value, list) or len(value) > _MOST_ITEMS:
        raise InvalidInput(f"{where} is a list of at most {_MOST_ITEMS}.")
    return value


def _texts(value: Json, where: str, find: Find) -> tuple[str, ...]:
    return tuple(_text(one, f"{where}[{place}]", find) for place, one in enumerate(_list(value, where)))


def _pairs(value: Json, where: str, find: Find) -> tuple[tuple[str, str], ...]:
    items = _list(value, where)
    if not all(isinstance(one, list) and len(one) == 2 and all(isinstance(text, str) for text in one) for one in items):
        raise InvalidInput(f"{where} is a list of pairs of texts.")
    return tuple((one[0], one[1]) for one in items)


_READERS: dict[Any, Callable[[Json, str, Find], Any]] = {
    do.Ref: _ref,
    do.Ref | None: _optional_ref,
    str: _text,
    bool: _flag,
    int: _number,
    do.Value | None: _value,
    int | None: _optional_number,
    date: _needed_day,
    date | None: _day,
    do.Fields: _fields,
    Mapping[str, bool]: _flags,
    tuple[tuple[str, str], ...]: _pairs,
    tuple[str, ...]: _texts,
}


def write_change(change: do.Change, tell: Tell) -> dict[str, Json]:
    """Write one change; `tell` names a record on file. What is left at its default is left out."""
    return {"change": CODES[type(change)]} | _write_fields(change, tell)


def _write_fields(item: Any, tell: Tell) -> dict[str, Json]:
    kind: Any = type(item)
    shape, written = _shape(kind), {}
    for field in fields(item):
        value = getattr(item, field.name)
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        if value != default:
            written[field.name] = _write(value, shape[field.name], field.name, tell)
    return written


def _write(value: Any, hint: Any, name: str, tell: Tell) -> Json:
    if hint in {do.Ref, do.Ref | None} or name in _REFERRING:
        return tell(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(value, do.EvidenceDraft):
        return _write_fields(value, tell)
    if isinstance(value, tuple | list):
        return [_write(one, None, "", tell) for one in value]
    if isinstance(value, Mapping):
        return {key: _write(one, None, key, tell) for key, one in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def texts_of(data: Json, depth: int = 0) -> list[tuple[str, str]]:
    """Return every text in a piece of JSON with the name of its field, however deep: what the guard reads.

    Raises InvalidInput where it nests deeper than any change does.
    """
    if depth > _DEEPEST:
        raise InvalidInput("This nests too deep.")
    if isinstance(data, str):
        return [("", data)]
    if isinstance(data, dict):
        return [pair for name, value in data.items() for pair in _named(str(name), value, depth)]
    if isinstance(data, list | tuple):
        return [pair for value in data for pair in texts_of(value, depth + 1)]
    return []


def _named(name: str, value: Json, depth: int) -> list[tuple[str, str]]:
    """The texts below a field; its name is a text too, since an alias is one."""
    return [(_A_NAME, name), *((inner or name, text) for inner, text in texts_of(value, depth + 1))]
