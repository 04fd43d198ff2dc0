"""Autodiscovery: the feeds that a page names in its head, or beside a link of its own. Pure.

What is at their addresses is asked by `preview.py`; nothing of a page's words is kept but titles on one line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from lxml import etree, html

from kb.core.text import clean_line, http_url

# What of a page is read, in bytes: feeds are named at its beginning.
_LONGEST_PAGE = 2_000_000
_LONGEST_TITLE = 300
_MOST = 30
_TYPES = frozenset({
    "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/xml", "text/xml",
    "application/json",
})  # fmt: skip
# Types that other things than feeds have too: they count only where nothing says more.
_LOOSE = frozenset({"application/xml", "text/xml", "application/json"})


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that a page names: an absolute http(s) address, and a title on one line, or none."""

    url: str
    title: str
    type: str = ""


def feeds_of_page(page: bytes, url: str, content_type: str = "") -> tuple[FoundFeed, ...]:
    """Return the feeds that a page names, in its order and each once. What is no page names none."""
    tree = _tree(page[:_LONGEST_PAGE], content_type)
    if tree is None:
        return ()
    found: dict[str, FoundFeed] = {}
    for one in _named(tree, _base(tree, url)):
        if one.url != url:
            found.setdefault(one.url, one)
    certain = [one for one in found.values() if one.type not in _LOOSE]
    return tuple(certain or found.values())[:_MOST]


def _tree(page: bytes, content_type: str) -> html.HtmlElement | None:
    """The tree of a page in the charset that its server tells, or else in the one that it tells itself."""
    for charset in (_charset(content_type), None):
        try:
            found = html.document_fromstring(page, parser=html.HTMLParser(encoding=charset, no_network=True, recover=True))
        except (etree.ParserError, etree.XMLSyntaxError, LookupError, ValueError):
            continue
        return found
    return None


def _charset(content_type: str) -> str | None:
    message = Message()
    message["Content-Type"] = content_type.encode("ascii", "ignore").decode() or "text/html"
    return message.get_content_charset()


def _base(tree: html.HtmlElement, url: str) -> str:
    """What relative addresses refer to: the first base of a page that is one, or its own address."""
    bases = (http_url(one.get("href") or "", url) for one in tree.iterfind(".//base[@href]"))
    return next(filter(None, bases), url)


def _named(tree: html.HtmlElement, base: str) -> Iterator[FoundFeed]:
    for one in tree.iter("link", "a"):
        relations = (one.get("rel") or "").lower().split()
        kind = (one.get("type") or "").partition(";")[0].strip().lower()
        says_feed = "feed" in relations and "alternate" not in relations
        if not says_feed and ("alternate" not in relations or kind not in _TYPES):
            continue
        if address := http_url(one.get("href") or "", base):
            yield FoundFeed(address, clean_line(one.get("title") or "", _LONGEST_TITLE), kind)
