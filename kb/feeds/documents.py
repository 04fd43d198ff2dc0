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

# The share of entries that have a field says nothing of one or two entries.
_FEWEST_TO_JUDGE = 3
_LONGEST_ETAG, _LONGEST_DATE, _LONGEST_TITLE = 500, 100, 300
_GAP = "No entry of the poll before was there any more: entries in between may be missing."
_BROKEN = "What came could not be read as a feed."


def take_document(feed: Feed, found: Found, reading: Reading | None, recogniser: Recogniser, row: Poll) -> None:
    """Store what a document brings and say in the log row what that was; nothing is stored of one that is held or unreadable."""
    if reading is None or (reading.parsed.problem and not reading.digests):
        row.outcome, row.sentence = "unreadable", PROBLEMS[reading.parsed.problem] if reading else _BROKEN
        return
    arrivals = arrivals_of(feed, reading.entries, reading.digests)
    look = _look(reading, arrivals)
    if said := strange(feed.usual, look):
        row.outcome, row.sentence = "held", said
        return
    if _is_gap(feed, reading, arrivals):
        FeedEvent.objects.create(feed=feed, kind="gap", sentence=_GAP)
    store(feed, arrivals, recogniser, row.at)
    row.items, row.new, row.edited = len(reading.digests), len(arrivals.new), len(arrivals.edited)
    row.outcome = "new" if row.new or row.edited else "unchanged"
    row.sentence = PROBLEMS[reading.parsed.problem] if reading.parsed.problem else ""
    _remember(feed, found, reading, look)
    if row.new:
        feed.rate = int(_rate(feed).total_seconds())


def _look(reading: Reading, arrivals: Arrivals) -> Look:
    rows = [{"title": one.entry.title, "url": one.entry.url, "published": one.entry.published} for one in reading.entries]
    fields = look_of(rows if len(rows) >= _FEWEST_TO_JUDGE else [], 0).fields
    return Look(len(reading.digests), len(arrivals.new), fields)


def _is_gap(feed: Feed, reading: Reading, arrivals: Arrivals) -> bool:
    """Whether a document shares no entry with the one before, though both hold some."""
    before = set(feed.item_digests)
    return bool(before and reading.digests and not arrivals.found_again and not before & set(reading.digests))


def _remember(feed: Feed, found: Found, reading: Reading, look: Look) -> None:
    """Keep what the next poll asks with and is compared with. A validator that is cut would never match, so it is left out."""
    parsed, etag, modified = reading.parsed, found.headers.get("etag", ""), found.headers.get("last-modified", "")
    feed.etag, feed.modified = etag if len(etag) <= _LONGEST_ETAG else "", modified if len(modified) <= _LONGEST_DATE else ""
    feed.body_digest, feed.item_digests = found.body_digest, list(reading.digests)
    feed.ttl, feed.usual = parsed.ttl, usual_after(feed.usual, look)
    title = parsed.title[:_LONGEST_TITLE]
    if not feed.title and not refused(title):
        feed.title = title
    if not feed.site_url and not refused_address(parsed.site_url):
        feed.site_url = parsed.site_url


def _rate(feed: Feed) -> timedelta:
    newest = Entry.objects.filter(feed=feed, published__isnull=False).order_by("-published")
    return rate_of([at for at in newest.values_list("published", flat=True)[:LOOKED_AT] if at])
