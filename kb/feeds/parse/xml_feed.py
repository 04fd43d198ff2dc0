"""RSS, Atom and RDF: the items of a well-formed document are found with lxml, and only new ones are read.

    tree -> items and their digests -> plain ones read at once (plain.py), odd ones by feedparser (odd.py)

A document that is not well-formed is left to feedparser whole. No entity is followed and nothing is loaded.
"""

import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

from lxml import etree

from kb.core.text import clean_line, http_url
from kb.feeds.parse.entry import LONGEST_TITLE, Entry, minutes
from kb.feeds.parse.mended import mended
from kb.feeds.parse.odd import read_items, read_whole
from kb.feeds.parse.parsed import MOST_ITEMS, Item, Parsed, digest_of, newest
from kb.feeds.parse.plain import XML, local, plain_entry, published_of, text_of

_ITEMS = frozenset({"item", "entry"})
# Root elements and what their format is called.
_FORMATS = {"rss": "rss", "feed": "atom", "RDF": "rdf", "rdf": "rdf", "channel": "rss", "Channel": "cdf"}
_LINK = "link"
# A tag longer than any feed's, and what is too much in it and around items: each item is written with what is declared there.
_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{20000,}")
_ATTRIBUTE = re.compile(rb"=\s*[\"']")
_MOST_ATTRIBUTES, _MOST_SPACES, _LONGEST_SPACES = 2_000, 100, 20_000


def read_xml(body: bytes, content_type: str, url: str, known: Collection[str]) -> Parsed:
    """Read a document of XML, or of what comes close to it."""
    if any(_has_more_than(_MOST_ATTRIBUTES, tag.group()) for tag in _LONG_TAG.finditer(body)):
        return Parsed(problem="long_tag")
    root, problem = _tree(body), ""
    if root is None and (better := mended(body, content_type)) is not None:
        root, problem = _tree(better), "malformed"
    if root is None or local(root) not in _FORMATS or _FORMATS[local(root)] == "cdf":
        return read_whole(body, content_type, url, known)
    items = list(_items(root))
    if any(map(_declares_much, {root, *(above for item in items if (above := item.getparent()) is not None)})):
        return read_whole(body, content_type, url, known)
    taken = newest(items, published_of)
    digests = [digest_of(etree.tostring(item, encoding="utf-8", with_tail=False)) for item in taken]
    fresh = [item for item, digest in zip(taken, digests, strict=True) if digest not in known]
    read = _entries(root, fresh, url)
    if read is None:
        return read_whole(body, content_type, url, known)
    entries = iter(read)
    return Parsed(
        **_about(root, url),
        items=tuple(Item(digest, None if digest in known else next(entries)) for digest in digests),
        problem="entity" if _has_entities(root) else "too_many" if len(items) > MOST_ITEMS else problem,
    )  # fmt: skip


def _tree(body: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _has_more_than(most: int, tag: bytes) -> bool:
    return any(True for _ in islice(_ATTRIBUTE.finditer(tag), most, None))


def _declares_much(element: etree._Element) -> bool:
    spaces = element.nsmap
    return len(spaces) > _MOST_SPACES or sum(map(len, spaces.values())) > _LONGEST_SPACES


def _has_entities(root: etree._Element) -> bool:
    subset = root.getroottree().docinfo.internalDTD
    return subset is not None and any(True for _ in subset.iterentities())  # type: ignore[attr-defined]


def _items(root: etree._Element) -> Iterator[etree._Element]:
    """The items of a document in their order; what stands within an item is no item of its own."""
    for element in root:
        name = local(element)
        if name in _ITEMS:
            yield element
        elif name in {"channel", "items"}:
            yield from (one for one in element if local(one) in _ITEMS)


def _entries(root: etree._Element, items: list[etree._Element], url: str) -> list[Entry] | None:
    """Read items, those that are not plain by feedparser; None where it cannot read them one by one."""
    read = [plain_entry(item, url) for item in items]
    odd = [place for place, entry in enumerate(read) if entry is None]
    if odd:
        by_feedparser = read_items(root, [items[place] for place in odd], url)
        if by_feedparser is None:
            return None
        for place, entry in zip(odd, by_feedparser, strict=True):
            read[place] = entry
    return [entry for entry in read if entry is not None]


def _about(root: etree._Element, url: str) -> dict[str, Any]:
    """What a document says of its feed."""
    head = next((one for one in root if local(one) == "channel"), root)
    told = {local(one): text_of(one) for one in reversed(head) if isinstance(one.tag, str) and local(one) not in _ITEMS}
    return {
        "format": _FORMATS[local(root)], "title": clean_line(told.get("title", ""), LONGEST_TITLE),
        "site_url": http_url(_site(head, told), url),
        "language": clean_line(told.get("language", "") or root.get(XML + "lang", ""), 40),
        "ttl": minutes(told.get("ttl", ""), told.get("updatePeriod", ""), told.get("updateFrequency", "")),
    }  # fmt: skip


def _site(head: etree._Element, told: dict[str, str]) -> str:
    """The site of a feed: the text of its link in RSS, the address of the alternate one in Atom."""
    links = [one for one in head if local(one) == _LINK]
    written = next((text for one in links if (text := text_of(one))), "")
    return written or next((one.get("href", "") for one in links if one.get("rel", "alternate") == "alternate"), "")
