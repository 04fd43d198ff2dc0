"""One document of a feed, from bytes to entries. Items that are known are found by their digest and not parsed again.

bytes -> JSON or XML -> items with their digests -> entries of those that are not known
"""

from collections.abc import Collection

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
    if begun[:1] in {b"{", b"["}:
        return read_json(begun, url, known)
    return read_xml(body, content_type, url, known)
