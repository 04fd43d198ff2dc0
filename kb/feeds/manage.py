"""Feeds as records of operation: adding, editing, turning on and off, removing. Each act says who did it in an event.

What mends a feed that fell ill is in `mend.py`, what an address would bring in `preview.py`.
"""

import logging
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction

from kb.accounts.models import User
from kb.core.addresses import is_allowed
from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.core.text import clean_line
from kb.feeds.addresses import USUAL_PORTS, as_stored, compared
from kb.feeds.due import soonest
from kb.feeds.models import Entry, EntryDecision, Feed, FeedEvent
from kb.feeds.words import ITEM_RULES, PROPOSED
from kb.review.screen import check_length, screen

LONGEST_TITLE, LONGEST_FOLDER = 300, 120
WEIGHTS: Final = {1: "1 Least", 2: "2 Little", 3: "3 Usual", 4: "4 Much", 5: "5 Most"}

log = logging.getLogger(__name__)


def find_feed(number: int) -> Feed:
    """Return a feed by its number. Raises NotFound."""
    found = Feed.objects.filter(id=number).first()
    if found is None:
        raise NotFound("There is no such feed.")
    return found


def known_feed(address: str, among: Iterable[Feed] | None = None) -> Feed | None:
    """Return the feed that has this address already, however it is written."""
    wanted = compared(address)
    feeds = Feed.objects.only("id", "url", "title") if among is None else among
    return next((feed for feed in feeds if compared(feed.url) == wanted), None)


def add_feed(
    address: str, *, title: str, folder: str = "", weight: int = 3, left_out: str = "none", by: User | None, active: bool = True
) -> Feed:  # fmt: skip
    """Add a feed, to be polled at once. Raises Conflict where it is known, InvalidInput, Refused."""
    values = checked(title=title, folder=folder, weight=weight, left_out=left_out)
    url = checked_address(address)
    with transaction.atomic():
        refuse_known(url)
        feed = _created(Feed(url=url, active=active, **values))
        note(feed, "added", by, after=url)
    return feed


def _created(feed: Feed) -> Feed:
    try:
        with transaction.atomic():
            feed.save()
    except IntegrityError:  # somebody else was faster by a moment
        raise Conflict("This feed is known already.") from None
    return feed


def checked(*, title: str, folder: str, weight: int, left_out: str) -> dict[str, object]:
    """Return what people say about a feed, checked and read by the guard. Call it outside of a transaction."""
    title, folder = title.strip(), folder.strip()
    if not clean_line(title, LONGEST_TITLE):
        raise InvalidInput("A feed needs a title.")
    check_length(title, LONGEST_TITLE, "A title")
    check_length(folder, LONGEST_FOLDER, "A folder")
    if weight not in WEIGHTS:
        raise InvalidInput("A weight is a whole number from 1 to 5.")
    if left_out not in ITEM_RULES:
        raise InvalidInput("There is no such rule for items that are left out.")
    screen([title, folder], hazard=False)
    title, folder = clean_line(title, LONGEST_TITLE), clean_line(folder, LONGEST_FOLDER)
    return {"title": title, "folder": folder, "weight": weight, "left_out": left_out}


def checked_address(address: str) -> str:
    """Return an address as it is stored. Raises InvalidInput for what is none, or names a host that is not asked."""
    url = as_stored(address)
    parts = urlsplit(url)
    if not is_allowed(parts.hostname or "", parts.port or USUAL_PORTS[parts.scheme], settings.FETCH_ALLOWED_HOSTS):
        screen({"url": url}, hazard=False)
    return url


def refuse_known(url: str, besides: Feed | None = None) -> None:
    """Raise Conflict where a feed, besides the one at hand, has this address."""
    known = known_feed(url)
    if known is not None and known != besides:
        raise Conflict(f"This feed is known already: {known}.")


def edit_feed(
    feed: Feed, *, title: str, folder: str, weight: int, left_out: str, by: User | None, address: str = ""
) -> Feed:  # fmt: skip
    """Change what people say about a feed, and where an address is given, where it is. Nothing changed leaves no event."""
    values = checked(title=title, folder=folder, weight=weight, left_out=left_out)
    url = checked_address(address) if address else feed.url
    with transaction.atomic():
        feed = locked(feed)
        changed = [name for name, value in values.items() if getattr(feed, name) != value]
        before = feed.url
        for name in changed:
            setattr(feed, name, values[name])
        if url != before:
            refuse_known(url, besides=feed)
            go_to(feed, url)
        if "left_out" in changed:
            read_anew(feed)
        if not changed and url == before:
            return feed
        feed.save()
        moved = {"before": before, "after": url} if url != before else {}
        note(feed, "edited", by, _told(feed, changed), **moved)
    return feed


def _told(feed: Feed, changed: Iterable[str]) -> str:
    """What was changed. Titles and folders are not repeated: a purge would not find them here."""
    words = {
        "title": "title", "folder": "folder", "weight": f"weight: {feed.weight}",
        "left_out": f"items left out: {ITEM_RULES.label(feed.left_out)}",
    }  # fmt: skip
    said = "; ".join(words[name] for name in changed)
    return said[:1].upper() + said[1:]


def go_to(feed: Feed, url: str) -> None:
    """Give a feed another address. What the old one's server said of its document says nothing of this one's."""
    feed.url, feed.moved_to, feed.moved_seen = url, "", 0
    forget_document(feed)
    feed.next_poll = soonest(url)


def forget_document(feed: Feed) -> None:
    """Have the next poll bring the whole document, and read it."""
    feed.etag, feed.modified, feed.body_digest = "", "", ""


def read_anew(feed: Feed) -> None:
    """Have every item of the next document read: one that was left out before may be taken now. Stored ones are found again."""
    forget_document(feed)
    feed.item_digests = []


def turn_on(feed: Feed, by: User | None) -> Feed:
    """Have a feed polled from then on, at once if its host may be asked."""
    with transaction.atomic():
        feed = locked(feed)
        if feed.active:
            raise Conflict("This feed is turned on already.")
        if feed.gone:
            raise Conflict("This feed is marked as gone: have it polled again, which turns it on too.")
        feed.active, feed.next_poll = True, soonest(feed.url)
        feed.save()
        note(feed, "on", by)
    return feed


def turn_off(feed: Feed, by: User | None) -> Feed:
    """Have a feed polled no more. Its entries stay."""
    with transaction.atomic():
        feed = locked(feed)
        if not feed.active:
            raise Conflict("This feed is turned off already.")
        feed.active = False
        feed.save()
        note(feed, "off", by)
    return feed


def remove(feed: Feed, by: User | None) -> bool:
    """Remove a feed with its entries, and say whether it went: one of whose entries something was proposed is turned off."""
    with transaction.atomic():
        feed = locked(feed)
        if not proposed_of(feed):
            log.info("Feed %s was removed by %s.", feed.id, by.get_username() if by else "a command")
            feed.delete()
            return True
        feed.active = False
        feed.save()
        note(feed, "removed", by, "It was turned off and kept, since something was proposed from its entries.")
    return False


def proposed_of(feed: Feed) -> bool:
    """Whether anything was ever proposed from an entry of a feed."""
    if EntryDecision.objects.filter(entry__feed=feed).exclude(proposal="").exists():
        return True
    return Entry.objects.filter(feed=feed, state__in=PROPOSED).exists()


def locked(feed: Feed) -> Feed:
    """Return a feed as it is now, for the rest of the transaction. Raises NotFound where it was removed meanwhile."""
    found = Feed.objects.select_for_update().filter(id=feed.id).first()
    if found is None:
        raise NotFound("There is no such feed.")
    return found


def note(feed: Feed, kind: str, by: User | None, sentence: str = "", *, before: str = "", after: str = "") -> FeedEvent:
    """Write an event of a feed."""
    return FeedEvent.objects.create(feed=feed, kind=kind, by=by, sentence=sentence[:300], before=before, after=after)
