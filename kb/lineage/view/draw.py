"""The picture as SVG: `inline` for a page, whose style sheet gives the looks, and `standalone` as a file of its own.

Everything is a link: a card to its record, a number to its row of evidence. They stand in the order in which one reads:
from left to right and down, each column with its heading, each card with the numbers of the lines that lead to it.
All text is escaped; there are no style attributes and no scripts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby
from urllib.parse import urljoin, urlsplit

from kb.lineage.view.badges import Badge, Point, badge_width
from kb.lineage.view.card import INDENT, card, symbols
from kb.lineage.view.layout import Layout, Route
from kb.lineage.view.lettering import clean, shorten, width
from kb.lineage.view.picture import Link
from kb.records.vocabularies import STATUSES

_FOOT = 26
# An address may be longer than any picture should be wide for it.
_WIDEST = 800
_STATUSES = tuple(STATUSES)
_SAFE = frozenset({"", "http", "https"})
Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a picture that travels alone must carry: its look, where its links lead, and what it is a picture of."""

    styles: str
    base: str
    site_name: str
    edition: int


def inline(layout: Layout, title: str, prefix: str = "l", base: str = "", *, table: bool = False) -> str:
    """Draw for a page. `prefix` keeps ids apart where a page has several; with `base` links lead to another page.

    With `table` every step has a row of evidence on the page or one address further: a row of the page names its number.
    """
    size = _size(layout.width, layout.height)
    named = f'role="group" aria-labelledby="{prefix}t {prefix}d"'
    body = _body(layout, title, prefix, lambda href: urljoin(base, href), table=table)
    return f'<svg class="lineage-picture" {size} {named}>{body}</svg>'


def standalone(layout: Layout, title: str, imprint: Imprint, prefix: str = "l") -> str:
    """Draw as a file: with its style sheet, absolute addresses, and site, edition and address in the corner."""
    words = shorten(f"{clean(imprint.site_name)}, edition {imprint.edition} · {clean(imprint.base)}", _WIDEST, 12)
    wide = max(layout.width, width(words, 12) + 8)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="lineage-picture" {_size(wide, layout.height + _FOOT)} role="group" '
        f'aria-labelledby="{prefix}t {prefix}d"><style>{_as_text(imprint.styles)}</style>'
        f'<path class="sheet" d="M0 0h{wide:g}v{layout.height + _FOOT:g}H0z"/>'
        f"{_body(layout, title, prefix, lambda href: urljoin(imprint.base, href))}"
        f'<text x="2" y="{layout.height + _FOOT - 8:g}">{escape(words)}</text></svg>'
    )


def _size(wide: float, high: float) -> str:
    return f'width="{wide:g}" height="{high:g}" viewBox="0 0 {wide:g} {high:g}"'


def _as_text(styles: str) -> str:
    return styles.replace("&", "&amp;").replace("<", "&lt;")


def _body(layout: Layout, title: str, prefix: str, address: Address, *, table: bool = False) -> str:
    shapes = symbols(layout.picture.boxes, prefix) + "".join(_badge_shape(length, prefix) for length in _lengths(layout))
    shapes += "".join(f'<g id="{prefix}w{wide}">{_reach(wide)}{_pill(wide)}</g>' for wide in _widths(layout))
    return "".join((
        f'<title id="{prefix}t">{escape(clean(title))}</title><desc id="{prefix}d">{_description(layout)}</desc>',
        f'<defs>{shapes}</defs><g class="lines" aria-hidden="true">',
        *_lines(layout),
        '</g><g class="boxes">',
        *_columns(layout, prefix, address, table=table),
        "</g>",
    ))  # fmt: skip


def _columns(layout: Layout, prefix: str, address: Address, *, table: bool) -> Iterator[str]:
    """Columns from left to right. What is in one is placed from where its lines of text begin."""
    heads = {head.x: head.text for head in layout.heads}
    traced = {end for route in layout.routes if route.link.traced for end in (route.link.source, route.link.target)}
    arriving: dict[str, list[Route]] = defaultdict(list)
    for route in layout.routes:
        arriving[route.link.target].append(route)
    for left, places in groupby(layout.places, key=lambda place: place.x):
        zero = left + INDENT
        yield f'<g transform="translate({zero:g})"><text class="h" x="-{INDENT}" y="15">{escape(heads.get(left, ""))}</text>'
        for place in places:
            yield card(place, _href(place.box.href, address), prefix, traced=place.box.key in traced)
            for route in arriving[place.box.key]:
                yield _badge(route, zero, _href(route.link.href, address), prefix, table=table)
        yield "</g>"


def _description(layout: Layout) -> str:
    boxes, lines = len(layout.picture.boxes), len(layout.picture.links)
    return (
        f"A diagram from left to right, from data source to product, with {boxes} card{'' if boxes == 1 else 's'} "
        f"and {lines} line{'' if lines == 1 else 's'}. After each card come the numbers of the lines that lead to it; "
        "a number leads to the evidence in the table of steps."
    )


def _href(href: str, address: Address) -> str:
    """The attribute of an address; none for a scheme that a page must not follow."""
    href = clean(href)
    try:
        scheme, whole = urlsplit(href).scheme, address(href)
    except ValueError:
        return ""
    return f' href="{escape(whole)}"' if scheme in _SAFE else ""


def _lines(layout: Layout) -> Iterator[str]:
    """Lines by status, traced ones last. Each path names the two cards that every line of it joins, for a script."""
    number = {place.box.key: at for at, place in enumerate(layout.places)}
    looks: dict[str, list[Route]] = defaultdict(list)
    for route in sorted(layout.routes, key=lambda route: (route.link.traced, _STATUSES.index(route.link.status))):
        looks[f"e {route.link.status}{' traced' if route.link.traced else ''}"].append(route)
    for look, routes in looks.items():
        ends = " ".join(f"{number[route.link.source]} {number[route.link.target]}" for route in routes)
        yield f'<path class="{escape(look)}" data-ends="{ends}" d="{"".join(map(_line, routes))}"/>'
    for look, marks in (("turn", map(_arrow, layout.routes)), ("cross", map(_cross, layout.routes))):
        if drawn := "".join(marks):
            yield f'<path class="{look}" d="{drawn}"/>'


def _line(route: Route) -> str:
    return _loop(route.points[0]) if route.loop else _way(route.points)


def _way(points: tuple[Point, ...]) -> str:
    """A curve across every gap, and a straight line through every column between. What is relative is shorter to write."""
    parts = [f"M{points[0][0]:.0f} {points[0][1]:.0f}"]
    for (left, upper), (right, lower) in zip(points[::2], points[1::2], strict=True):
        wide, down = round(right) - round(left), round(lower) - round(upper)
        if len(parts) > 1:
            parts.append(f"H{left:.0f}")
        parts.append(_written(wide // 2, 0, wide // 2, down, wide, down) if down else f"h{wide}")
    return "".join(parts)


def _written(*numbers: int) -> str:
    """A curve by its numbers; a minus is blank enough between two of them."""
    return ("c" + " ".join(map(str, numbers))).replace(" -", "-")


def _loop(start: Point) -> str:
    x, y = map(round, start)
    return f"M{x} {y - 7}c22 -11 22 25 0 14"


def _arrow(route: Route) -> str:
    """Lines lead from left to right; one that does not has a head at its left end."""
    x, y = map(round, route.points[0])
    return f"M{x} {y}l9-4.5v9z" if route.turned else ""


def _cross(route: Route) -> str:
    at = route.cross
    return f"M{at[0] - 5:.0f} {at[1] - 5:.0f}l10 10m0-10l-10 10" if at else ""


def _lengths(layout: Layout) -> list[int]:
    """How many digits the badges have that are no more than a number."""
    return sorted({len(route.badge.text) for route in layout.routes if route.badge.text.isdecimal()})


def _widths(layout: Layout) -> list[int]:
    """How wide the badges are that say more than a number."""
    return sorted({round(route.badge.width) for route in layout.routes if not route.badge.text.isdecimal()})


def _badge_shape(length: int, prefix: str) -> str:
    """What a badge of so many digits is drawn on and called, with the area that answers to a finger."""
    wide = round(badge_width("0" * length))
    return f'<g id="{prefix}{length}"><title>Evidence of step</title>{_reach(max(wide, 24))}{_pill(wide)}</g>'


def _reach(wide: float) -> str:
    """What a finger may hit around a badge. Attributes, not classes: style sheets do not reach into what is used twice."""
    return f'<path fill="none" stroke="none" pointer-events="all" d="M{-wide / 2:g} -16h{wide:g}v24h-{wide:g}z"/>'


def _pill(wide: float) -> str:
    return f'<rect x="{-wide / 2:g}" y="-13" width="{wide:g}" height="18" rx="9"/>'


def _badge(route: Route, zero: float, href: str, prefix: str, *, table: bool) -> str:
    """A number, whose baseline is the zero of its place."""
    badge = route.badge
    return (
        f'<a class="n"{href} transform="translate({badge.x - zero:.0f} {badge.y + 4:.0f})"{_name(route.link, table=table)}>'
        f"{_badge_body(badge, prefix)}<text>{badge.text}</text></a>"
    )


def _name(link: Link, *, table: bool) -> str:
    """What a number is called: the row that it leads to, the step itself, or of rows elsewhere the number alone."""
    if not table or len(link.numbers) > 1:
        return f' aria-label="{escape(clean(link.says))}"'
    return f' aria-labelledby="{escape(link.href[1:])}"' if link.href.startswith("#") else ""


def _badge_body(badge: Badge, prefix: str) -> str:
    if badge.text.isdecimal():
        return f'<use href="#{prefix}{len(badge.text)}"/>'
    return f'<use href="#{prefix}w{round(badge.width)}"/>'
