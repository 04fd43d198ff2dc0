"""OPML, read and written: a list of feeds in folders. Pure; which of them are taken is said in `subscriptions.py`.

Weights and what a feed leaves out travel in attributes of a namespace of our own; other readers pass over them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from lxml import etree

from kb.core.errors import InvalidInput

NAMESPACE = "urn:upstream:feeds"
_WEIGHT, _LEFT_OUT = f"{{{NAMESPACE}}}weight", f"{{{NAMESPACE}}}leftOut"
_NO_OPML = "This is no list of feeds in OPML."
# Neither in XML nor in any text; a parser that mends would pass over them.
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
    if _CONTROLS.search(body) or b"<!entity" in body.lower():
        raise InvalidInput("A list of feeds is plain text in OPML, without control characters and entities of its own.")
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
    """What an outline is called, as it is written: what is wrong with it is seen by the guard."""
    return (one.get("text") or one.get("title") or "").strip()


def _folder(one: etree._Element) -> str:
    """The names of the outlines that a feed lies in, the outermost first."""
    return " / ".join(reversed([name for above in one.iterancestors("outline") if (name := _name(above))]))


def write_opml(title: str, outlines: Iterable[Outline]) -> str:
    """Return a list in OPML 2.0; feeds that follow one another in the same folder share an outline."""
    root = etree.Element("opml", version="2.0", nsmap={"up": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _written(title)
    body = etree.SubElement(root, "body")
    for folder, feeds in groupby(outlines, key=lambda one: one.folder):
        place = etree.SubElement(body, "outline", text=_written(folder)) if folder else body
        for feed in feeds:
            place.append(_element(feed))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True).decode()


def _element(feed: Outline) -> etree._Element:
    told = {
        "text": feed.title, "title": feed.title, "xmlUrl": feed.url, "htmlUrl": feed.site_url, _WEIGHT: str(feed.weight),
        _LEFT_OUT: feed.left_out,
    }  # fmt: skip
    one = etree.Element("outline", type="rss", nsmap={"up": NAMESPACE})
    for name, value in told.items():
        if value:
            one.set(name, _written(value))
    return one


def _written(text: str) -> str:
    """A text without characters that XML has no way to write."""
    return _NO_XML.sub("", text)
