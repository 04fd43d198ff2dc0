"""Lists of feeds in and out, as OPML: what is added, what is known, what is refused and why. The format is in `opml.py`.

Feeds come in turned off: an operator turns on what they want.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from kb.accounts.models import User
from kb.core.errors import TooLarge, UserError
from kb.feeds.addresses import compared
from kb.feeds.manage import checked, checked_address
from kb.feeds.models import Feed, FeedEvent
from kb.feeds.opml import Outline, read_opml, write_opml

# One megabyte holds some five thousand feeds.
LARGEST = 1_000_000
MOST = 2_000
_TITLE = "Upstream: feeds"


@dataclass(frozen=True, slots=True)
class RefusedFeed:
    """A feed of a list that was not added: its place in the list, from 1, and why. Its words are not repeated."""

    place: int
    sentence: str


@dataclass(slots=True)
class Imported:
    """What became of a list."""

    added: int = 0
    known: int = 0
    refused: list[RefusedFeed] = field(default_factory=list)


def import_opml(body: bytes, by: User | None) -> Imported:
    """Add the feeds of a list, turned off. Raises InvalidInput for what is no OPML, TooLarge for too much of it."""
    if len(body) > LARGEST:
        raise TooLarge(f"A list has at most {LARGEST // 1_000_000} MB.")
    outlines = read_opml(body)
    if len(outlines) > MOST:
        raise TooLarge(f"A list has at most {MOST:,} feeds; this has {len(outlines):,}.")
    taken = Imported()
    _store(_fresh(outlines, taken), by, taken)
    return taken


def _fresh(outlines: Sequence[Outline], taken: Imported) -> list[Feed]:
    """The feeds that may be added. The guard reads them here, outside of a transaction, so that it can count."""
    feeds = []
    for place, outline in enumerate(outlines, 1):
        try:
            feeds.append(_feed(outline))
        except UserError as refusal:
            taken.refused.append(RefusedFeed(place, str(refusal)))
    return feeds


def _feed(outline: Outline) -> Feed:
    url = checked_address(outline.url)
    title = outline.title.strip() or compared(url)
    values = checked(title=title, folder=outline.folder, weight=outline.weight, left_out=outline.left_out)
    return Feed(url=url, site_url=_site(outline.site_url), active=False, **values)


def _site(address: str) -> str:
    """The address of a site where it is one; else the feed will tell it."""
    try:
        return checked_address(address) if address else ""
    except UserError:
        return ""


def _store(feeds: Sequence[Feed], by: User | None, taken: Imported) -> None:
    """Add what is not known yet, each once."""
    with transaction.atomic():
        known = {compared(url) for url in Feed.objects.values_list("url", flat=True)}
        for feed in feeds:
            key = compared(feed.url)
            if key in known:
                taken.known += 1
                continue
            known.add(key)
            feed.save()
            taken.added += 1
            FeedEvent.objects.create(feed=feed, kind="added", by=by, sentence="From a list in OPML.", after=feed.url)


def export_opml() -> str:
    """Return all feeds as OPML, by folder."""
    outlines = [
        Outline(feed.url, feed.title, feed.site_url, feed.folder, feed.weight, feed.left_out)
        for feed in Feed.objects.only("url", "title", "site_url", "folder", "weight", "left_out")
    ]
    return write_opml(_TITLE, outlines)
