"""One card of the picture as SVG: bar, shape and word of its kind, title, party, and what is recorded against it.

Only issues present in the record itself are shown, never inherited ones. Colours are the style sheet's matter.
"""

from dataclasses import dataclass
from html import escape

from kb.lineage.layout import BOX_WIDTH, Place
from kb.lineage.lettering import clean, shorten, wrap
from kb.lineage.picture import Box
from kb.lineage.placing import BOX_HEIGHT
from kb.records.kinds import KINDS

_INDENT, _ROOM = 13, BOX_WIDTH - 13 - 7
_TITLE, _SUB = 13, 12
_WIDE, _HIGH = int(BOX_WIDTH), int(BOX_HEIGHT)
_STACK = f'<path class="stack" d="M8 0h{_WIDE - 8}v{_HIGH - 6}h-{_WIDE - 8}z"/><path class="stack" d="M4 3h{_WIDE - 4}v{_HIGH - 6}h-{_WIDE - 4}z"/>'
_PLAIN = f'<path class="card" d="M0 0h{_WIDE}v{_HIGH}H0z"/>'
_FOCUS = f'<path class="card focus" d="M0 0h{_WIDE}v{_HIGH}H0z"/>'
_TOP = f'<path class="card" d="M0 6h{_WIDE}v{_HIGH - 6}H0z"/>'

# A square, a circle, a diamond; an open square is a name that nobody has resolved.
_SHAPES = {
    "dataset": '<path d="M13 -9h9v9h-9z"/>',
    "model": '<circle cx="17.5" cy="-4.5" r="4.7"/>',
    "product": '<path d="M17.5 -10.3l5.8 5.8l-5.8 5.8l-5.8 -5.8z"/>',
}
_OPEN = '<path class="open" d="M14 -8h7v7h-7z"/>'


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a card: its class and text."""

    style: str
    text: str


def kind_symbols(kinds: tuple[str, ...], prefix: str) -> str:
    """The shape and word of each kind that occurs, drawn once and used by every card."""
    return "".join(f'<g id="{prefix}-{kind}">{_SHAPES.get(kind, _OPEN)}<text x="27">{_word(kind)}</text></g>' for kind in kinds)


def card(place: Place, href: str, prefix: str) -> str:
    """Write one card with its link."""
    box, top = place.box, 6 if place.box.count > 1 else 0
    back = _STACK + _TOP if box.count > 1 else _FOCUS if box.focus else _PLAIN
    bar = f'<path class="bar" d="M0 {top}h5v{_HIGH - top}h-5z"/>'
    return (
        f'<a class="box {_kind_class(box.kind)}"{href} transform="translate({place.x:g} {place.y:g})" '
        f'aria-label="{escape(label(box))}"><title>{escape(label(box))}</title>{back}{bar}{_lines(box, top, prefix)}</a>'
    )


def label(box: Box) -> str:
    """All that the card says, in full, as it is read out."""
    steps = "the record asked about" if box.focus else _steps_away(box.depths)
    parts = [clean(box.title), _word(box.kind), clean(box.sub), steps, *_issues(box), *_undisclosed(box)]
    if box.count > 1:
        parts.append("open the list")
    return ". ".join(part[0].upper() + part[1:] for part in parts if part) + "."


def _lines(box: Box, top: int, prefix: str) -> str:
    """Spread the lines of a card over its height."""
    rows = _rows(box, 5 if top == 0 else 4)
    pitch = min(15.5, (_HIGH - top - 6) / (len(rows) + 1))
    first = top + (_HIGH - top - pitch * (len(rows) + 1)) / 2 + 11
    kind = f'<use href="#{prefix}-{_kind_class(box.kind)}" y="{first:.4g}"/>'
    texts = (
        f'<text class="{row.style}" x="{_INDENT}" y="{first + pitch * (place + 1):.4g}">{escape(row.text, quote=False)}</text>'
        for place, row in enumerate(rows)
    )
    return kind + "".join(texts)


def _rows(box: Box, most: int) -> list[Row]:
    """The title takes two lines where there is room for them."""
    notes = [Row("iss", f"▲ {text}") for text in _issues(box)] + [Row("s", "data not disclosed") for _ in _undisclosed(box)]
    party = [Row("s", shorten(clean(box.sub), _ROOM, _SUB))] if clean(box.sub) else []
    titles = wrap(clean(box.title), _ROOM, _TITLE, max(1, min(2, most - 1 - len(party) - len(notes))), bold=True)
    return [*(Row("t", text) for text in titles), *party, *notes]


def _issues(box: Box) -> list[str]:
    if not box.present_issues:
        return []
    if box.count > 1:
        return [f"{box.present_issues:,} with issues"]
    return [f"{box.present_issues} issue{'' if box.present_issues == 1 else 's'} present"]


def _undisclosed(box: Box) -> list[str]:
    if not box.undisclosed:
        return []
    return ["training data not disclosed" + (f" of {box.undisclosed:,}" if box.count > 1 else "")]


def _steps_away(depths: tuple[int, int]) -> str:
    low, high = depths
    return f"{low} to {high} steps away" if low < high else f"{low} step{'' if low == 1 else 's'} away"


def _word(kind: str) -> str:
    return KINDS[kind].label if kind in KINDS else "Unresolved"


def _kind_class(kind: str) -> str:
    return kind if kind in KINDS else "unresolved"
