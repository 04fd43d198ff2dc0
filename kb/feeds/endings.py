"""What the outcome of a poll means for a feed: how long it is left alone, its failures, whether it goes on at all.

One function for each word of OUTCOMES. None gives a feed up: one that is gone waits for an editor; one that is held is polled on,
and goes on by itself where an editor has not said otherwise before what comes looks like it again.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from kb.feeds.found import Found
from kb.feeds.models import Feed, FeedEvent, Poll
from kb.feeds.moves import note_move, note_secure
from kb.feeds.schedule import LONGEST, Asked, after_failure, after_wait, interval_of, weighted

_AS_BEFORE = "What came looks like this feed again."
Ending = Callable[[Feed, Found, Poll, Asked], timedelta]


def _well(feed: Feed, found: Found, row: Poll, asked: Asked) -> timedelta:
    """The document was had, or is known to be the same."""
    pause = interval_of(timedelta(seconds=feed.rate), ttl=feed.ttl, asked=asked)
    feed.interval, feed.failures, feed.last_good = int(pause.total_seconds()), 0, row.at
    if row.new:
        feed.last_new = row.at
    if feed.held:
        feed.held = ""
        FeedEvent.objects.create(feed=feed, kind="released", sentence=_AS_BEFORE)
    note_secure(feed, found.secure)
    note_move(feed, found.moved_to)
    return pause


def _told_to_wait(feed: Feed, found: Found, row: Poll, asked: Asked) -> timedelta:
    return after_wait(timedelta(seconds=feed.interval), asked)


def _failed(feed: Feed, found: Found, row: Poll, asked: Asked) -> timedelta:
    feed.failures = weighted(feed.failures, found.code or row.outcome)
    return after_failure(timedelta(seconds=feed.interval), feed.failures, asked)


def _gone(feed: Feed, found: Found, row: Poll, asked: Asked) -> timedelta:
    feed.gone = True
    FeedEvent.objects.create(feed=feed, kind="gone", before=feed.url, sentence=row.sentence)
    return LONGEST


def _held(feed: Feed, found: Found, row: Poll, asked: Asked) -> timedelta:
    if not feed.held:
        FeedEvent.objects.create(feed=feed, kind="held", sentence=row.sentence)
    feed.held = row.sentence
    return timedelta(seconds=feed.interval)


ENDINGS: Mapping[str, Ending] = {
    "new": _well, "unchanged": _well, "not_modified": _well, "told_to_wait": _told_to_wait, "failed": _failed,
    "unreadable": _failed, "gone": _gone, "held": _held,
}  # fmt: skip
