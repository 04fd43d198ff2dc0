"""One card of the picture as SVG: bar, shape and word of its kind, title, party, and what is recorded against it.

Only issues present in the record itself are shown, never inherited ones. Colours are the style sheet's matter.
"""

from dataclasses import dataclass
from html import escape

from kb.lineage.view.layout import BOX_WIDTH, Place
from kb.lineage.view.lettering import ELLIPSIS, clean, shorten, wrap
from kb.lineage.view.picture import Box
from kb.lineage.view.placing import BOX_HEIGHT
from kb.records.kinds import KINDS

_INDENT, _ROOM = 13, BOX_WIDTH - 13 - 7
_TITLE, _SUB = 13, 12
_WIDE, _HIGH = int(BOX_WIDTH), int(BOX_HEIGHT)
_STACK = "".join(f'<path class="stack" d="M{x} {y}h{_WIDE - x}v{_HIGH - 6}h-{_WIDE - x}z"/>' for x, y in ((8, 0), (4, 3)))
_PLAIN = f'<path class="card" d="M0 0h{_WIDE}v{_HIGH}H0z"/>'
_FOCUS = f'<path class="card focus" d="M0 0h{_WIDE}v{_HIGH}H0z"/>'
_TOP = f'<path class="card" d="M0 6h{_WIDE}v{_HIGH - 6}H0z"/>'

# A square, a circle, a diamond; an open square is a name that nobody has resolved.
_SHAPES = {
    "dataset": '<path d="M13 -9h9v9h-9z"/>',
    "model": '<circle cx="17.5" cy="-4.5" r="4.7"/>',
    "product": '<path d="M17.5 -10.3l5.8 5.8l-5.8 5.8l-5.8 -5.8z"/>',
}
_OPEN = '<path d="M13 -9h9v9h-9zm2 2v5h5v-5z" fill-rule="evenodd"/>'


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a card: its class and text."""

    style: str
    text: str


def kind_symbols(kinds: tuple[str, ...], prefix: str) -> str:
    """The shape and word of each kind that occurs, drawn once and used by every card."""
    return "".join(
        f'<g id="{prefix}-{_kind_class(kind)}">{_SHAPES.get(kind, _OPEN)}<text x="27" font-size="12">{_word(kind)}</text></g>'
        for kind in kinds
    )


def card(place: Place, href: str, prefix: str, number: int) -> str:
    """Write one card with its link."""
    box, top = place.box, 6 if place.box.count > 1 else 0
    back = _STACK + _TOP if box.count > 1 else _FOCUS if box.focus else _PLAIN
    bar = f'<path class="bar" d="M0 {top}h5v{_HIGH - top}h-5z"/>'
    words, lines = escape(label(box)), _lines(box, top, prefix)
    names = f"box {_kind_class(box.kind)}{' group' if box.count > 1 else ''}"
    # Who points sees in full what had to be cut short; who listens hears it all anyway.
    tip = f"<title>{words}</title>" if ELLIPSIS in lines else ""
    return (
        f'<a class="{names}" data-number="{number}"{href} transform="translate({place.x:g} {place.y:g})" '
        f'aria-label="{words}">{tip}{back}{bar}{lines}</a>'
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
    return kind + "".join(_text(row, first + pitch * (place + 1)) for place, row in enumerate(rows))


def _text(row: Row, base: float) -> str:
    """One line; an issue's begins with its triangle, drawn since not every font has the sign."""
    mark, start = (
        ("", _INDENT) if row.style != "iss" else (f'<path class="iss" d="M{_INDENT} {base:.4g}l5 -9l5 9z"/>', _INDENT + 14)
    )
    return f'{mark}<text class="{row.style}" x="{start}" y="{base:.4g}">{escape(row.text, quote=False)}</text>'


def _rows(box: Box, most: int) -> list[Row]:
    """The title takes two lines where there is room for them."""
    notes = [Row("iss", text) for text in _issues(box)] + [Row("s", "data not disclosed") for _ in _undisclosed(box)]
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
