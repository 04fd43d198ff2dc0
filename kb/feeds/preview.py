"""What an address would bring: a feed with its newest entries, or a page with the feeds that it names. Nothing is stored.

address -> fetch -> a feed? its entries, as plain words that passed the guard; a page? autodiscovery
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kb.core.errors import InvalidInput
from kb.core.fetch import Fetched, Fetcher
from kb.core.fetch_failures import FetchFailed
from kb.core.safety import UnsafeText, check_text
from kb.core.text import clean_line
from kb.feeds.discover import FoundFeed, feeds_of_page
from kb.feeds.manage import LONGEST_TITLE, checked_address, known_feed
from kb.feeds.models import Feed
from kb.feeds.parse.document import PROBLEMS, Entry, Parsed, read_feed
from kb.feeds.secure import secure_first

NEWEST = 10
# A page is as welcome as a feed, since it may name one.
_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, application/xml;q=0.8, */*;q=0.5"
_LONGEST_EXCERPT = 240
_FORMATS = {"rss": "RSS", "atom": "Atom", "rdf": "RDF", "json": "JSON Feed"}
_PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class PreviewEntry:
    """One entry as plain words. `withheld` says that the guard refused them."""

    title: str
    excerpt: str
    published: datetime | None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A feed that a page names, and the one of ours that it is already."""

    url: str
    title: str
    known: Feed | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What came from an address. `format` is empty where it is no feed; `problem` says in words what is wrong with it."""

    address: str
    format: str = ""
    title: str = ""
    site_url: str = ""
    language: str = ""
    total: int = 0
    entries: tuple[PreviewEntry, ...] = ()
    choices: tuple[Choice, ...] = ()
    problem: str = ""
    known: Feed | None = None

    @property
    def is_feed(self) -> bool:
        """Whether it can be added as it is."""
        return bool(self.format)


def preview(address: str) -> Preview:
    """Fetch an address and say what it would bring. Raises InvalidInput for what is no address; what fails is a problem."""
    url = checked_address(address)
    try:
        with Fetcher() as fetcher:
            url, answer = secure_first(url, lambda one: fetcher.get(one, headers={"Accept": _ACCEPT}))
    except FetchFailed as failure:
        return Preview(url, problem=str(failure))
    if not 200 <= answer.status < 300:
        return Preview(url, problem=f"The server answers {answer.status} at this address.")
    return _read(_lasting(url, answer), answer)


def _lasting(url: str, answer: Fetched) -> str:
    """Where the address has moved for good, or the address."""
    permanent = answer.hops and all(hop.status in _PERMANENT for hop in answer.hops)
    try:
        return checked_address(answer.url) if permanent else url
    except InvalidInput:
        return url


def _read(url: str, answer: Fetched) -> Preview:
    kind = answer.headers.get("content-type", "")
    parsed = read_feed(answer.body, content_type=kind, url=answer.url, known=frozenset())
    if parsed.items or (parsed.format and not parsed.problem):
        return _of_feed(url, parsed)
    choices = _choices(feeds_of_page(answer.body, answer.url, kind))
    return Preview(url, choices=choices, problem="" if choices else _no_feed(parsed))


def _no_feed(parsed: Parsed) -> str:
    said = PROBLEMS.get(parsed.problem, "")
    return f"This is no feed that can be read, and no page that names one. {said}".strip()


def _choices(found: Iterable[FoundFeed]) -> tuple[Choice, ...]:
    feeds = list(Feed.objects.only("id", "url", "title"))
    return tuple(Choice(one.url, _shown(one.title), known_feed(one.url, feeds)) for one in found)


def _of_feed(url: str, parsed: Parsed) -> Preview:
    entries = [item.entry for item in parsed.items if item.entry is not None]
    return Preview(
        url, _FORMATS.get(parsed.format, "A feed"), _shown(parsed.title), parsed.site_url, parsed.language, len(parsed.items),
        tuple(map(_entry, _newest(entries))), problem=PROBLEMS.get(parsed.problem, ""), known=known_feed(url),
    )  # fmt: skip


def _newest(entries: list[Entry]) -> list[Entry]:
    """The newest first where all say when they were published, else in the order of the feed."""
    dated = [(one.published, one) for one in entries if one.published is not None]
    if len(dated) == len(entries):
        entries = [one for _, one in sorted(dated, key=lambda pair: pair[0], reverse=True)]
    return entries[:NEWEST]


def _entry(entry: Entry) -> PreviewEntry:
    title, excerpt = clean_line(entry.title, LONGEST_TITLE), clean_line(entry.text, _LONGEST_EXCERPT)
    if not _passes(title):
        return PreviewEntry("", "", entry.published, withheld=True)
    return PreviewEntry(title, excerpt if _passes(excerpt) else "", entry.published)


def _shown(text: str) -> str:
    """A title, or nothing where the guard refuses it."""
    line = clean_line(text, LONGEST_TITLE)
    return line if _passes(line) else ""


def _passes(text: str) -> bool:
    try:
        check_text(text)
    except UnsafeText:
        return False
    return True
