"""One document of a feed, from bytes to entries. Items that are known are found by their digest and not parsed again.

bytes -> JSON or XML -> items with their digests -> entries of those that are not known
"""

from collections.abc import Collection
from dataclasses import replace

from kb.feeds.parse.entry import Entry
from kb.feeds.parse.json_feed import read_json
from kb.feeds.parse.parsed import PROBLEMS, Item, Parsed
from kb.feeds.parse.xml_feed import read_xml

__all__ = ["PROBLEMS", "Entry", "Item", "Parsed", "read_feed"]

_BLANKS = b" \t\r\n\xef\xbb\xbf"


def read_feed(body: bytes, *, content_type: str = "", url: str = "", known: Collection[str] = ()) -> Parsed:
    """Read a document that was had from an address. Whatever comes, this returns; what is no feed has a problem and no items."""
    begun = body.lstrip(_BLANKS)
    if not begun:
        return Parsed(problem="empty")
    is_json = begun[:1] in {b"{", b"["}
    parsed = read_json(begun, url, known) if is_json else read_xml(body, content_type, url, known)
    if not parsed.problem and any(item.entry and item.entry.odd_date for item in parsed.items):
        return replace(parsed, problem="odd_date")
    return parsed
