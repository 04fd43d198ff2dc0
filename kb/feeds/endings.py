"""What the outcome of a poll means for a feed: how long it is left alone, its failures, whether it goes on at all.

One function for each word of OUTCOMES. None gives a feed up: one that is gone waits for an editor; one that is held is polled on,
and goes on by itself where an editor has not said otherwise before what comes looks like it again.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from kb.feeds.due import leave_alone
from kb.feeds.found import Found
from kb.feeds.models import Feed, FeedEvent, Poll
from kb.feeds.moves import note_move, note_secure
from kb.feeds.polite import host_of
from kb.feeds.schedule import LONGEST, Asked, after_failure, after_wait, host_waits, interval_of, weighted

_LONGEST_ETAG, _LONGEST_DATE = 500, 100
_AS_BEFORE = "What came looks like this feed again."
Ending = Callable[[Feed, Found, Poll, Asked], timedelta]


def _well(feed: Feed, found: Found, row: Poll, asked: Asked) -> timedelta:
    """The document was had, or is known to be the same."""
    pause = interval_of(timedelta(seconds=feed.rate), ttl=feed.ttl, asked=asked)
    feed.interval, feed.failures, feed.last_good = int(pause.total_seconds()), 0, row.at
    if row.new:
        feed.last_new = row.at
    _keep_validators(feed, found)
    if feed.held:
        feed.held = ""
        FeedEvent.objects.create(feed=feed, kind="released", sentence=_AS_BEFORE)
    note_secure(feed, found.secure)
    note_move(feed, found.moved_to)
    return pause


def _keep_validators(feed: Feed, found: Found) -> None:
    """Keep what the next poll asks with, also of an answer that brings no document: servers give the same one new validators.

    An answer 304 may leave out what did not change. A validator that is cut would never match, so it is left out.
    """
    known = (feed.etag, feed.modified) if found.outcome == "not_modified" else ("", "")
    etag, modified = found.headers.get("etag", known[0]), found.headers.get("last-modified", known[1])
    feed.etag, feed.modified = etag if len(etag) <= _LONGEST_ETAG else "", modified if len(modified) <= _LONGEST_DATE else ""


def _told_to_wait(feed: Feed, found: Found, row: Poll, asked: Asked) -> timedelta:
    if wait := host_waits(found.status, asked):
        leave_alone(host_of(found.url), row.at + wait)
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
