"""OPML, read and written: a list of feeds in folders. Pure; which of them are taken is said in `subscriptions.py`.

Weights and what a feed leaves out travel in attributes of a namespace of our own; other readers pass over them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from lxml import etree

from kb.core.errors import InvalidInput
from kb.core.text import clean_line

NAMESPACE = "urn:upstream:feeds"
_WEIGHT, _LEFT_OUT = f"{{{NAMESPACE}}}weight", f"{{{NAMESPACE}}}leftOut"
_NO_OPML = "This is no list of feeds in OPML."
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list, as it is written there. A weight that is no number is 0."""

    url: str
    title: str = ""
    site_url: str = ""
    folder: str = ""
    weight: int = 3
    left_out: str = "none"


def read_opml(body: bytes) -> list[Outline]:
    """Return the feeds of a list in its order. Nothing is loaded, no entity is followed. Raises InvalidInput for what is none."""
    if b"\0" in body or b"<!entity" in body.lower():
        raise InvalidInput("A list of feeds is plain text in OPML, without entities of its own.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or root.tag != "opml":
        raise InvalidInput(_NO_OPML)
    return [_outline(one) for one in root.iter("outline") if _url(one)]


def _url(one: etree._Element) -> str:
    """The address of a feed; some programs write the attribute in small letters."""
    return (one.get("xmlUrl") or one.get("xmlurl") or "").strip()


def _outline(one: etree._Element) -> Outline:
    weight = one.get(_WEIGHT, "3")
    return Outline(
        _url(one), _name(one), (one.get("htmlUrl") or "").strip(), _folder(one),
        int(weight) if weight.isdecimal() and len(weight) < 3 else 0, one.get(_LEFT_OUT, "none"),
    )  # fmt: skip


def _name(one: etree._Element) -> str:
    return clean_line(one.get("text") or one.get("title") or "", _LONGEST)


def _folder(one: etree._Element) -> str:
    """The names of the outlines that a feed lies in, the outermost first."""
    return " / ".join(reversed([name for above in one.iterancestors("outline") if (name := _name(above))]))


def write_opml(title: str, outlines: Iterable[Outline]) -> str:
    """Return a list in OPML 2.0; feeds that follow one another in the same folder share an outline."""
    root = etree.Element("opml", version="2.0", nsmap={"up": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for folder, feeds in groupby(outlines, key=lambda one: one.folder):
        place = etree.SubElement(body, "outline", text=folder) if folder else body
        for feed in feeds:
            place.append(_element(feed))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True).decode()


def _element(feed: Outline) -> etree._Element:
    one = etree.Element("outline", type="rss", text=feed.title, title=feed.title, xmlUrl=feed.url, nsmap={"up": NAMESPACE})
    if feed.site_url:
        one.set("htmlUrl", feed.site_url)
    one.set(_WEIGHT, str(feed.weight))
    one.set(_LEFT_OUT, feed.left_out)
    return one
