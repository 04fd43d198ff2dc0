"""The quality gate: whether a document looks like those that a feed gave before. Pure.

One that suddenly lacks a field, halves its entries or floods is held for an editor; what was stored before stays as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

# The fields that an entry usually has: a document that drops one of them was made by something else than before.
FIELDS: Mapping[str, str] = {"title": "titles", "url": "addresses", "published": "dates"}
_MOST_OF = 90
_FEW_OF = 50
_FEWEST_ENTRIES = 8
_FLOOD_AT_LEAST = 100
_FLOOD_TIMES = 10


@dataclass(frozen=True, slots=True)
class Look:
    """How a document looks: entries in it, how many are new, and the per cent of them that have each field."""

    entries: int
    new: int
    fields: Mapping[str, int]


Usual = Mapping[str, int]
Rule = Callable[[Usual, Look], str]


def look_of(rows: Sequence[Mapping[str, object]], new: int) -> Look:
    """Say how a document looks whose entries are given by their fields."""
    share = {name: 100 * sum(bool(row.get(name)) for row in rows) // len(rows) for name in FIELDS} if rows else {}
    return Look(len(rows), new, share)


def strange(usual: Usual, look: Look) -> str:
    """Return in one sentence what is strange about a document, or an empty text. A first document is never strange."""
    if not usual:
        return ""
    return next((said for rule in _RULES if (said := rule(usual, look))), "")


def _drops_a_field(usual: Usual, look: Look) -> str:
    for name, words in FIELDS.items():
        if usual.get(name, 0) >= _MOST_OF and look.fields.get(name, 100) < _FEW_OF:
            return f"Its entries have lost their {words}: {look.fields[name]} % have them, where {usual[name]} % had."
    return ""


def _halves(usual: Usual, look: Look) -> str:
    before = usual.get("entries", 0)
    if before >= _FEWEST_ENTRIES and 2 * look.entries <= before:
        return f"It holds {look.entries} entries, where it usually holds {before}."
    return ""


def _floods(usual: Usual, look: Look) -> str:
    if look.new >= max(_FLOOD_AT_LEAST, _FLOOD_TIMES * max(usual.get("new", 0), 1)):
        return f"It brings {look.new} new entries at once, where it usually brings {usual.get('new', 0)}."
    return ""


_RULES: tuple[Rule, ...] = (_drops_a_field, _halves, _floods)


def usual_after(usual: Usual, look: Look) -> dict[str, int]:
    """Return what is usual after one more good document. The first one says nothing about how many entries are new."""
    if not usual:
        return {"entries": look.entries, "new": 0, **look.fields}
    blended = {name: _blend(usual.get(name, share), share) for name, share in look.fields.items()}
    return {"entries": _blend(usual["entries"], look.entries), "new": _blend(usual["new"], look.new)} | {
        name: usual[name] for name in FIELDS if name in usual
    } | blended  # fmt: skip


def _blend(before: int, now: int) -> int:
    """A mean that leans on what was before, and moves by at least one towards what is now."""
    step = (now - before) // 4 if now >= before else -((before - now) // 4)
    return before + (step or (now > before) - (now < before))
