"""The picture as SVG: `inline` for a page, whose style sheet gives the looks, and `standalone` as a file of its own.

Everything is a link: a card to its record, a number to its row of evidence. They stand in the order in which one reads:
cards from left to right and down, then numbers. All text is escaped; there are no style attributes and no scripts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from urllib.parse import urljoin, urlsplit

from kb.lineage.view.badges import HEIGHT, Badge, Point
from kb.lineage.view.card import card, kind_symbols
from kb.lineage.view.layout import Layout, Route
from kb.lineage.view.lettering import clean, width

_FOOT = 26
_SAFE = frozenset({"", "http", "https"})
Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a picture that travels alone must carry: its look, where its links lead, and what it is a picture of."""

    styles: str
    base: str
    site_name: str
    edition: int


def inline(layout: Layout, title: str, prefix: str = "lp", base: str = "") -> str:
    """Draw for a page. `prefix` keeps ids apart where a page has several; with `base` links lead to another page."""
    size = _size(layout.width, layout.height)
    named = f'role="group" aria-labelledby="{prefix}-t {prefix}-d"'
    return f'<svg class="lineage-picture" {size} {named}>{_body(layout, title, prefix, lambda href: urljoin(base, href))}</svg>'


def standalone(layout: Layout, title: str, imprint: Imprint, prefix: str = "lp") -> str:
    """Draw as a file: with its style sheet, absolute addresses, and site, edition and address in the corner."""
    base = escape(clean(imprint.base))
    words = f"{escape(clean(imprint.site_name))}, edition {imprint.edition} · {base}"
    wide = max(layout.width, width(words, 12) + 8)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="lineage-picture" {_size(wide, layout.height + _FOOT)} role="group" '
        f'aria-labelledby="{prefix}-t {prefix}-d"><style>{_as_text(imprint.styles)}</style>'
        f'<path class="sheet" d="M0 0h{wide:g}v{layout.height + _FOOT:g}H0z"/>'
        f"{_body(layout, title, prefix, lambda href: urljoin(imprint.base, href))}"
        f'<text class="s" x="2" y="{layout.height + _FOOT - 8:g}">{words}</text></svg>'
    )


def _size(wide: float, high: float) -> str:
    return f'width="{wide:g}" height="{high:g}" viewBox="0 0 {wide:g} {high:g}"'


def _as_text(styles: str) -> str:
    return styles.replace("&", "&amp;").replace("<", "&lt;")


def _body(layout: Layout, title: str, prefix: str, address: Address) -> str:
    shapes = kind_symbols(layout.picture.kinds, prefix) + "".join(_badge_shape(length, prefix) for length in (1, 2))
    lines = sorted(layout.routes, key=lambda route: route.link.traced)
    numbers = {place.box.key: number for number, place in enumerate(layout.places)}
    return "".join((
        f'<title id="{prefix}-t">{escape(clean(title))}</title><desc id="{prefix}-d">{_description(layout)}</desc>',
        f"<defs>{shapes}</defs>",
        '<g class="heads" aria-hidden="true">',
        *(f'<text x="{head.x:g}" y="15">{escape(head.text)}</text>' for head in layout.heads),
        '</g><g class="lines" aria-hidden="true">',
        *(_line(route, numbers) for route in lines),
        "</g>",
        *(card(place, _href(place.box.href, address), prefix, number) for number, place in enumerate(layout.places)),
        *(_badge(route, _href(route.link.href, address), prefix) for route in layout.routes),
    ))  # fmt: skip


def _description(layout: Layout) -> str:
    boxes, lines = len(layout.picture.boxes), len(layout.picture.links)
    return (
        f"A diagram from left to right, from data source to product, with {boxes} card{'' if boxes == 1 else 's'} "
        f"and {lines} line{'' if lines == 1 else 's'}. The numbers on the lines lead to the evidence in the table."
    )


def _href(href: str, address: Address) -> str:
    """The attribute of an address; none for a scheme that a page must not follow."""
    href = clean(href)
    try:
        scheme, whole = urlsplit(href).scheme, address(href)
    except ValueError:
        return ""
    return f' href="{escape(whole)}"' if scheme in _SAFE else ""


def _line(route: Route, numbers: dict[str, int]) -> str:
    """A line with the numbers of the cards it joins, by which a script can follow it."""
    names = ["e", route.link.status, *(["traced"] if route.link.traced else [])]
    way = _loop(route.points[0]) if route.loop else _way(route.points)
    ends = f"{numbers[route.link.source]} {numbers[route.link.target]}"
    return f'<path class="{escape(" ".join(names))}" data-ends="{ends}" d="{way}"/>{_arrow(route)}{_cross(route.cross)}'


def _way(points: tuple[Point, ...]) -> str:
    """A curve across every gap, and a straight line through every column between."""
    parts = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for (left, upper), (right, lower) in zip(points[::2], points[1::2], strict=True):
        half = (left + right) / 2
        if len(parts) > 1:
            parts.append(f"H{left:g}")
        parts.append(f"C{half:g} {upper:g} {half:g} {lower:g} {right:g} {lower:g}")
    return "".join(parts)


def _loop(start: Point) -> str:
    x, y = start
    return f"M{x:g} {y - 7:g}C{x + 22:g} {y - 18:g} {x + 22:g} {y + 18:g} {x:g} {y + 7:g}"


def _arrow(route: Route) -> str:
    """Lines lead from left to right; one that does not has a head at its left end."""
    x, y = route.points[0]
    return f'<path class="turn" d="M{x:g} {y:g}l9 -4.5v9z"/>' if route.turned else ""


def _cross(at: Point | None) -> str:
    return f'<path class="cross" d="M{at[0] - 5:g} {at[1] - 5:g}l10 10m0 -10l-10 10"/>' if at else ""


def _badge_shape(length: int, prefix: str) -> str:
    """The body of a badge of one or two digits, with the area that answers to a finger."""
    wide = HEIGHT + 4 * (length - 1)
    return f'<g id="{prefix}-b{length}">{_reach(24)}{_pill(wide)}</g>'


def _reach(wide: float) -> str:
    """What a finger may hit around a badge. Attributes, not classes: style sheets do not reach into what is used twice."""
    return f'<path fill="none" stroke="none" pointer-events="all" d="M{-wide / 2:g} -12h{wide:g}v24h-{wide:g}z"/>'


def _pill(wide: float) -> str:
    return f'<rect x="{-wide / 2:g}" y="-9" width="{wide:g}" height="18" rx="9"/>'


def _badge(route: Route, href: str, prefix: str) -> str:
    badge = route.badge
    return (
        f'<a class="ev"{href} transform="translate({badge.x:.5g} {badge.y:.5g})" aria-label="{escape(clean(route.link.says))}">'
        f'{_badge_body(badge, prefix)}<text y="4.3">{badge.text}</text></a>'
    )


def _badge_body(badge: Badge, prefix: str) -> str:
    if len(badge.text) <= 2:
        return f'<use href="#{prefix}-b{len(badge.text)}"/>'
    return _reach(round(badge.width)) + _pill(round(badge.width))
