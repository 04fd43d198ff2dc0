"""What is not plain, read by feedparser: the only importer of it.

It gets streams of bytes alone, since it opens anything else as a file or an address, and neither cleans nor resolves anything
itself.
"""

import copy
import re
from calendar import timegm
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from time import struct_time
from typing import Any

import feedparser
from lxml import etree

from kb.core.text import clean_line, http_url
from kb.feeds.parse.entry import LONGEST_TITLE, Entry, Parts, made, minutes
from kb.feeds.parse.parsed import MOST_ITEMS, Item, Parsed, digest_of, newest

# A document that is not well-formed is read as far as this; feedparser takes a second for 4 MB.
_LONGEST = 4_000_000
# Items are read one by one as long as they are not longer than this in sum, with what stands around each.
_MOST_BY_ITEMS = 20_000_000
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]{0,2000}(?:\[.{0,100000}?\]\s*)?>", re.I | re.S)
_ENDS = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf|channel)\s*>\s*$", re.I)
_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{20000}")
_MOST_ATTRIBUTES = 50
_BEGINNING = 1_000
_ENTITY = re.compile(rb"<!ENTITY", re.I)
_FORMATS = {"rss": "rss", "atom": "atom", "cdf": "cdf", "json": "json"}


def read_items(root: etree._Element, items: Sequence[etree._Element], url: str) -> list[Entry] | None:
    """Read items of a well-formed document, one entry for each; None where what stands around them is too long for that."""
    head, read, entries = _without_many_attributes(_bare(root)), 0, []
    for item in items:
        document = _document(root, head, item)
        read += len(document)
        if read > _MOST_BY_ITEMS:
            return None
        found = _parsed(document, "", url).get("entries") or [{}]
        entries.append(_entry(found[0], url))
    return entries


def _bare(root: etree._Element) -> etree._Element:
    """The root of a document without what stands in it: made once for all items, since a copy costs as much as the whole."""
    head = copy.copy(root)
    head[:] = []
    head.text = None
    return head


def _document(root: etree._Element, head: etree._Element, item: etree._Element) -> bytes:
    """One item in a document of its own: feedparser then cannot take one for another."""
    parent = item.getparent()
    head[:] = []
    place = head if parent is None or parent is root else etree.SubElement(head, parent.tag, _few(parent))
    place.append(_without_many_attributes(copy.deepcopy(item)))
    if len(item.nsmap) > _MOST_ATTRIBUTES:
        etree.cleanup_namespaces(head)
    return etree.tostring(head, encoding="utf-8", xml_declaration=True)


def _few(element: etree._Element) -> dict[str, str]:
    few = len(element.attrib) <= _MOST_ATTRIBUTES
    return {str(name): str(value) for name, value in element.attrib.items()} if few else {}


def _without_many_attributes(item: etree._Element) -> etree._Element:
    """An item whose elements have few attributes: feedparser's time grows with the square of their number."""
    for element in item.iter():
        if len(element.attrib) > _MOST_ATTRIBUTES:
            element.attrib.clear()
    return item


def read_whole(body: bytes, content_type: str, url: str, known: Collection[str]) -> Parsed:
    """Read a document that is not well-formed, or of a rare format, as far as it can be had."""
    if _LONG_TAG.search(body[:_LONGEST]):
        return Parsed(problem="long_tag")
    declares = bool(_ENTITY.search(body))
    bare = _DOCTYPE.sub(b"", body[:_LONGEST]) if declares else body[:_LONGEST]
    if _ENTITY.search(bare):
        return Parsed(problem="entity")
    if b"\0" in bare[:_BEGINNING]:  # of another width, where no declaration would be found by its bytes
        return Parsed(problem="malformed")
    try:
        found = _parsed(bare, content_type, url)
    except RecursionError:
        return Parsed(problem="too_deep")
    version, entries = str(found.get("version") or ""), found.get("entries") or []
    if not version and not entries:
        return Parsed(problem="entity" if declares else "not_a_feed")
    items = [_item(entry, url, known) for entry in newest(entries, lambda entry: _moment(_published(entry)))]
    if items and not _ENDS.search(bare[-200:]):
        items[-1] = replace(items[-1], cut=True)
    problem = "entity" if declares else "too_many" if len(entries) > MOST_ITEMS or len(body) > _LONGEST else "malformed"
    return Parsed(**_about(found, version, url), items=tuple(items), problem=problem if found.get("bozo") or declares else "")


def _parsed(body: bytes, content_type: str, url: str) -> Any:
    """Let feedparser read bytes. Raises RecursionError; whatever else breaks it on hostile input is no feed.

    It gets them as a stream: what is not one it would first try to open as a file of that name.
    """
    headers = {"content-location": url} | ({"content-type": content_type} if content_type else {})
    try:
        return feedparser.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False, response_headers=headers)
    except RecursionError:
        raise
    except Exception:
        return {}


def _about(found: Any, version: str, url: str) -> dict[str, Any]:
    feed = found.get("feed") or {}
    name = next((name for begins, name in _FORMATS.items() if version.startswith(begins)), "")
    return {
        "format": "rdf" if version in {"rss090", "rss10"} else name, "title": clean_line(_text(feed.get("title")), LONGEST_TITLE),
        "site_url": http_url(_text(feed.get("link")), url), "language": clean_line(_text(feed.get("language")), 40),
        "ttl": minutes(_text(feed.get("ttl")), _text(feed.get("sy_updateperiod")), _text(feed.get("sy_updatefrequency"))),
    }  # fmt: skip


def _item(entry: Any, url: str, known: Collection[str]) -> Item:
    digest = digest_of(repr(sorted(entry.items(), key=lambda pair: str(pair[0]))).encode("utf-8", "replace"))
    return Item(digest, None if digest in known else _entry(entry, url))


def _entry(entry: Any, url: str) -> Entry:
    contents = [_text(one.get("value")) for one in entry.get("content") or [] if isinstance(one, dict)]
    base = next((_text(one.get("base")) for one in entry.get("content") or [] if isinstance(one, dict)), "") or url
    return made(
        Parts(
            uid=_text(entry.get("id")), link=_text(entry.get("link")), title=_text(entry.get("title")),
            summary=_text(entry.get("summary")), html=max(contents, key=len, default=""), base=base,
            authors=[_text(one.get("name")) for one in entry.get("authors") or [] if one] or [_text(entry.get("author"))],
            categories=[_text(one.get("term")) for one in entry.get("tags") or []], language=_text(entry.get("language")),
            published=_moment(_published(entry)), updated=_moment(dict.get(entry, "updated_parsed")),
            enclosures=[_text(one.get("href")) for one in entry.get("enclosures") or []],
        )
    )  # fmt: skip


def _published(entry: Any) -> struct_time | None:
    parsed: struct_time | None = entry.get("published_parsed")
    return parsed


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _moment(parsed: struct_time | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        return None
