"""What a new document brings: it is judged by the quality gate, then its entries are stored and the feed remembers it."""

from datetime import timedelta

from kb.feeds.entries import Arrivals, arrivals_of, store
from kb.feeds.found import Found
from kb.feeds.guard import refused, refused_address
from kb.feeds.models import Entry, Feed, FeedEvent, Poll
from kb.feeds.parse.document import PROBLEMS
from kb.feeds.quality import Look, look_of, strange, usual_after
from kb.feeds.reading import Reading
from kb.feeds.recognise import Recogniser
from kb.feeds.schedule import LOOKED_AT, rate_of

_LONGEST_TITLE = 300
_GAP = "No entry of the poll before was there any more: entries in between may be missing."
_BROKEN = "What came could not be read as a feed."


def take_document(feed: Feed, found: Found, reading: Reading | None, recogniser: Recogniser, row: Poll) -> None:
    """Store what a document brings and say in the log row what that was; nothing is stored of one that is held or unreadable."""
    if reading is None or (reading.parsed.problem and not reading.digests):
        row.outcome, row.sentence = "unreadable", PROBLEMS[reading.parsed.problem] if reading else _BROKEN
        return
    arrivals = arrivals_of(feed, reading.entries, reading.digests)
    look = _look(feed, reading, arrivals)
    if said := strange(feed.usual, look):
        row.outcome, row.sentence = "held", said
        return
    if feed.item_digests and look.entries and not look.goes_on:
        FeedEvent.objects.create(feed=feed, kind="gap", sentence=_GAP)
    store(feed, arrivals, recogniser, row.at)
    row.items, row.new, row.edited = len(reading.digests), len(arrivals.new), len(arrivals.edited)
    row.outcome = "new" if row.new or row.edited else "unchanged"
    row.sentence = PROBLEMS[reading.parsed.problem] if reading.parsed.problem else ""
    _remember(feed, found, reading, look)
    if row.new:
        feed.rate = int(_rate(feed).total_seconds())


def _look(feed: Feed, reading: Reading, arrivals: Arrivals) -> Look:
    said = [one.entry for one in reading.entries]
    rows = [{"title": one.has_title, "url": one.url, "published": one.published, "text": one.text} for one in said]
    goes_on = arrivals.found_again or not set(feed.item_digests).isdisjoint(reading.digests)
    return look_of(rows, entries=len(reading.digests), new=len(arrivals.new), goes_on=goes_on)


def _remember(feed: Feed, found: Found, reading: Reading, look: Look) -> None:
    """Keep what the next poll is compared with."""
    parsed = reading.parsed
    feed.body_digest = found.body_digest
    feed.item_digests = list(reading.digests) or feed.item_digests  # what comes after an empty document goes on from before it
    feed.ttl, feed.usual = parsed.ttl, usual_after(feed.usual, look)
    title = parsed.title[:_LONGEST_TITLE]
    if not feed.title and not refused(title):
        feed.title = title
    if not feed.site_url and not refused_address(parsed.site_url):
        feed.site_url = parsed.site_url


def _rate(feed: Feed) -> timedelta:
    newest = Entry.objects.filter(feed=feed, published__isnull=False).order_by("-published")
    return rate_of([at for at in newest.values_list("published", flat=True)[:LOOKED_AT] if at])
