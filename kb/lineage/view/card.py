"""One card of the picture as SVG: bar, shape and word of its kind, title, party, and what is recorded against it.

Only issues present in the record itself are shown, never inherited ones. Colours are the style sheet's matter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from kb.lineage.view.layout import BOX_WIDTH, Place
from kb.lineage.view.lettering import ELLIPSIS, clean, shorten, wrap
from kb.lineage.view.picture import Box
from kb.lineage.view.placing import BOX_HEIGHT
from kb.records.kinds import KINDS

# A card's zero is where its lines of text begin.
INDENT, _ROOM = 13, BOX_WIDTH - 13 - 7
_TITLE, _SUB = 13, 12
_WIDE, _HIGH = int(BOX_WIDTH), int(BOX_HEIGHT)
# The kind's word stands on one line in every card, and what follows on lines as far apart as there is room for.
_FIRST, _LAST, _PITCH = 16, 69, 15
_STACKED = 6
_ISSUE = '<path d="M0 0l5 -9l5 9z"/>'

# A square, a circle, a diamond; an open square is a name that nobody has resolved.
_SHAPES = {
    "dataset": '<path d="M0 -9h9v9h-9z"/>',
    "model": '<circle cx="4.5" cy="-4.5" r="4.7"/>',
    "product": '<path d="M4.5 -10.3l5.8 5.8l-5.8 5.8l-5.8 -5.8z"/>',
}
_OPEN = '<path d="M0 -9h9v9h-9zm2 2v5h5v-5z" fill-rule="evenodd"/>'


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a card: its class, if it has one, and text."""

    style: str
    text: str


def symbols(boxes: Iterable[Box], prefix: str) -> str:
    """What cards share, drawn once: back, bar, shape and word of each kind that occurs, and the sign of an issue."""
    boxes = list(boxes)
    looks = sorted({_look(box) for box in boxes})
    backs = "".join(f'<g id="{prefix}{look}" class="{kind}">{_back(kind, look)}</g>' for look, kind in looks)
    sign = f'<g id="{prefix}i" class="iss">{_ISSUE}</g>' if any(box.present_issues for box in boxes) else ""
    return backs + sign


def _look(box: Box) -> tuple[str, str]:
    """The id of a card's symbol - the letter of its kind, `g` for a group, `f` for the record asked about - and the kind."""
    kind = _kind_class(box.kind)
    return f"{KINDS[kind].letter}{'f' if box.focus else 'g' if box.count > 1 else ''}", kind


def _back(kind: str, look: str) -> str:
    """A card without its own words. Stacked cards look out behind a group; the record asked about has a heavy frame."""
    top = _STACKED if look.endswith("g") else 0
    stack = "".join(
        f'<path class="card" d="M{x - INDENT} {y}h{_WIDE - x}v{_HIGH - 6}h-{_WIDE - x}z"/>'
        for x, y in (((8, 0), (4, 3)) if top else ())
    )
    frame = f'<path class="card{" focus" if look.endswith("f") else ""}" d="M-{INDENT} {top}h{_WIDE}v{_HIGH - top}h-{_WIDE}z"/>'
    bar = f'<path d="M-{INDENT} {top}h5v{_HIGH - top}h-5z"/>'
    word = f'{_SHAPES.get(kind, _OPEN)}<text x="14" font-size="12">{_word(kind)}</text>'
    return f'{stack}{frame}{bar}<g transform="translate(0 {_FIRST + top // 2})">{word}</g>'


def card(place: Place, href: str, prefix: str, *, traced: bool = False) -> str:
    """Write one card with its link, which its words name, that of its kind first; a title says in full what they cannot.

    A card on the traced path says so in a word.
    """
    box = place.box
    lines = (_traced(box, int(place.y)) if traced else "") + _lines(box, int(place.y), prefix)
    in_full = (
        f"<title>{escape(label(box))}{' Traced.' if traced else ''}</title>"
        if ELLIPSIS in lines or box.focus or box.count > 1
        else ""
    )
    return f'<a{href}>{in_full}<use href="#{prefix}{_look(box)[0]}" y="{place.y:g}"/>{lines}</a>'


def _traced(box: Box, top: int) -> str:
    """The word of a traced card, on the line of its kind, at the right."""
    return f'<text x="94" y="{top + _first(box)}">traced</text>'


def _first(box: Box) -> int:
    """Where the line of the kind's word stands in a card."""
    return _FIRST + (_STACKED // 2 if box.count > 1 else 0)


def label(box: Box) -> str:
    """All that the card says, in full, as it is read out."""
    steps = "the record asked about" if box.focus else _steps_away(box.depths)
    parts = [clean(box.title), _word(box.kind), clean(box.sub), steps, *_issues(box), *_undisclosed(box)]
    if box.count > 1:
        parts.append("open the list")
    return ". ".join(part[0].upper() + part[1:] for part in parts if part) + "."


def _lines(box: Box, top: int, prefix: str) -> str:
    """The lines of a card below the word of its kind."""
    first = _first(box)
    rows = _rows(box, 5 if box.count == 1 else 4)
    pitch = min(_PITCH, (_LAST - first) // max(len(rows), 1))
    return "".join(_text(row, top + first + pitch * (place + 1), prefix) for place, row in enumerate(rows))


def _text(row: Row, base: int, prefix: str) -> str:
    """One line; an issue's begins with its triangle, drawn since not every font has the sign."""
    mark, start = (f'<use href="#{prefix}i" y="{base}"/>', ' x="14"') if row.style == "iss" else ("", "")
    style = f' class="{row.style}"' if row.style else ""
    return f'{mark}<text{style}{start} y="{base}">{escape(row.text, quote=False)}</text>'


def _rows(box: Box, most: int) -> list[Row]:
    """The title takes two lines where there is room for them."""
    notes = [Row("iss", text) for text in _issues(box)] + [Row("", "data not disclosed") for _ in _undisclosed(box)]
    party = [Row("", shorten(clean(box.sub), _ROOM, _SUB))] if clean(box.sub) else []
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
