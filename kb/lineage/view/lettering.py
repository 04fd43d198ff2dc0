"""Text that must fit a card: how wide it will be, where it breaks, where it is cut short.

Widths are those of Helvetica and Arial (Adobe font metrics, thousandths of the size), with a margin for their relatives.
"""

import unicodedata
from functools import lru_cache

ELLIPSIS = "…"
_MARGIN = 1.05
_LONGEST = 300
_CUT_AFTER = " -/_·"


def _table(rows: dict[int, str]) -> dict[str, int]:
    return {letter: width for width, letters in rows.items() for letter in letters}


_REGULAR = _table({
    191: "'", 222: "ijl", 260: "|", 278: " !,./:;[\\]Ift", 333: "()-`r·", 355: '"', 389: "*", 469: "^",
    500: "ckvxyzsJ", 584: "+<=>~", 611: "FTZ", 667: "ABEKPSVXY&", 722: "CDHNRUw", 778: "GOQ", 833: "Mm", 889: "%",
    944: "W", 1000: ELLIPSIS, 1015: "@",
})  # fmt: skip
_BOLD = _table({
    238: "'", 278: " ,./\\Iijl|", 333: "!()-:;[]ft`·", 389: "r*{}", 474: '"', 500: "z", 584: "+<=>~^",
    611: "bdghnopquFLTZ?", 667: "EPSVXY", 722: "ABCDHKNRU&", 778: "GOQw", 833: "M", 889: "m%", 944: "W", 975: "@",
    1000: ELLIPSIS,
})  # fmt: skip


@lru_cache(maxsize=4096)
def _letter(letter: str, bold: bool) -> int:
    category = unicodedata.category(letter)
    if category in {"Mn", "Me", "Cf"}:
        return 0
    if unicodedata.east_asian_width(letter) in "WF" or category == "So":
        return 1100
    base = unicodedata.normalize("NFD", letter)[0]
    return (_BOLD if bold else _REGULAR).get(base, 556 if base.isascii() else 750)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text in pixels, rather too large than too small."""
    return sum(_letter(letter, bold) for letter in text) * size * _MARGIN / 1000


def clean(text: str) -> str:
    """Return a text that may stand in XML on one line: no control characters, lone surrogates or turns of direction."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = (" " if letter.isspace() else letter for letter in text if letter.isspace() or _is_plain(letter))
    return " ".join("".join(kept).split())


def _is_plain(letter: str) -> bool:
    if letter.isascii():
        return letter.isprintable()
    return unicodedata.category(letter) not in {"Cc", "Cs", "Cn", "Co"} and unicodedata.bidirectional(letter) not in _TURNS


_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def shorten(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Cut a text that is too wide, and mark the cut."""
    if width(text[:_LONGEST], size, bold=bold) <= room and len(text) <= _LONGEST:
        return text
    count = _fitting(text, room - width(ELLIPSIS, size, bold=bold), size, bold)
    return text[:count].rstrip() + ELLIPSIS


def wrap(text: str, room: float, size: float, lines: int, *, bold: bool = False) -> list[str]:
    """Break a text into at most so many lines; the last is cut short where it must be."""
    found: list[str] = []
    while len(found) < lines - 1 and (len(text) > _LONGEST or width(text, size, bold=bold) > room):
        count = _fitting(text, room, size, bold)
        at = _break(text, count)
        found.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*found, shorten(text, room, size, bold=bold)] if text else found


def _fitting(text: str, room: float, size: float, bold: bool) -> int:
    """How many letters fit; at least one, so that nothing loops."""
    left = room * 1000 / (size * _MARGIN)
    for count, letter in enumerate(text[:_LONGEST]):
        left -= _letter(letter, bold)
        if left < 0:
            return max(count, 1)
    return min(len(text), _LONGEST)


def _break(text: str, count: int) -> int:
    """The last place to break at or before `count`; in the midst of a word where the line is one word."""
    if text[count : count + 1] == " ":
        return count
    return max((text.rfind(mark, 0, count) + 1 for mark in _CUT_AFTER), default=0) or count
