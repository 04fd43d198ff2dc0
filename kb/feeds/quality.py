"""The quality gate: whether a document looks like those that a feed gave before. Pure.

One that suddenly lacks a field, halves its entries or floods is held for an editor; what was stored before stays as it is.
A few entries say nothing of a field: they are counted together with those that come next, until there are enough.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

# The fields that an entry usually has: a document that drops one of them was made by something else than before.
FIELDS: Mapping[str, str] = {"title": "titles", "url": "addresses", "published": "dates", "text": "texts"}
_MOST_OF = 90
_FEW_OF = 50
_FEWEST_TO_JUDGE = 6
_FEWEST_ENTRIES = 8
_FLOOD_AT_LEAST = 100
_FLOOD_TIMES = 10
# Under which names entries are kept that were too few to judge: how many, and how many of them have each field.
_FEW, _OF_FEW = "few", {name: f"few_{name}" for name in FIELDS}


@dataclass(frozen=True, slots=True)
class Look:
    """How a document looks: entries in it, how many are new, and how many of those that were `read` have each field.

    It `goes_on` from the document before where both share an entry.
    """

    entries: int
    new: int
    read: int
    having: Mapping[str, int]
    goes_on: bool = True


Usual = Mapping[str, int]
Rule = Callable[[Usual, Look], str]


def look_of(rows: Sequence[Mapping[str, object]], *, entries: int, new: int, goes_on: bool = True) -> Look:
    """Say how a document looks whose entries that were read are given by their fields."""
    return Look(entries, new, len(rows), {name: sum(bool(row.get(name)) for row in rows) for name in FIELDS}, goes_on)


def strange(usual: Usual, look: Look) -> str:
    """Return in one sentence what is strange about a document, or an empty text. A first document is never strange."""
    if not usual:
        return ""
    return next((said for rule in _RULES if (said := rule(usual, look))), "")


def _counted(usual: Usual, look: Look) -> tuple[int, dict[str, int]]:
    """How many entries there are to judge, with those of documents before that were too few, and how many have each field."""
    having = {name: usual.get(_OF_FEW[name], 0) + look.having.get(name, 0) for name in FIELDS}
    return usual.get(_FEW, 0) + look.read, having


def _shares(usual: Usual, look: Look) -> dict[str, int]:
    """The per cent of entries that have each field; nothing where they are too few to tell."""
    read, having = _counted(usual, look)
    return {name: 100 * count // read for name, count in having.items()} if read >= _FEWEST_TO_JUDGE else {}


def _drops_a_field(usual: Usual, look: Look) -> str:
    for name, share in _shares(usual, look).items():
        if usual.get(name, 0) >= _MOST_OF and share < _FEW_OF:
            return f"Its entries have lost their {FIELDS[name]}: {share} % have them, where {usual[name]} % had."
    return ""


def _halves(usual: Usual, look: Look) -> str:
    before = usual.get("entries", 0)
    if before < _FEWEST_ENTRIES or 2 * look.entries > before or _is_another(usual, look):
        return ""
    return f"It holds {look.entries} entries, where it usually holds {before}."


def _is_another(usual: Usual, look: Look) -> bool:
    """Whether a document is no part of the one before: all its entries are others, or it has none yet of a new lot."""
    return not look.goes_on if look.entries else 2 * usual.get("new", 0) >= usual.get("entries", 0)


def _floods(usual: Usual, look: Look) -> str:
    if look.new >= max(_FLOOD_AT_LEAST, _FLOOD_TIMES * max(usual.get("new", 0), 1)):
        return f"It brings {look.new} new entries at once, where it usually brings {usual.get('new', 0)}."
    return ""


_RULES: tuple[Rule, ...] = (_drops_a_field, _halves, _floods)


def usual_after(usual: Usual, look: Look) -> dict[str, int]:
    """Return what is usual after one more good document. The first one says nothing about how many entries are new."""
    if usual and not look.entries:
        return dict(usual)
    shares = _shares(usual, look)
    read, having = _counted(usual, look)
    few = {} if shares else {_FEW: read} | {_OF_FEW[name]: count for name, count in having.items()}
    if not usual:
        return {"entries": look.entries, "new": 0, **shares, **few}
    fields = {name: usual[name] for name in FIELDS if name in usual}
    blended = {name: _blend(usual.get(name, share), share) for name, share in shares.items()}
    amounts = {"entries": _blend(usual["entries"], look.entries), "new": _blend(usual["new"], look.new)}
    return amounts | fields | blended | few


def _blend(before: int, now: int) -> int:
    """A mean that leans on what was before, and moves by at least one towards what is now."""
    step = (now - before) // 4 if now >= before else -((before - now) // 4)
    return before + (step or (now > before) - (now < before))
