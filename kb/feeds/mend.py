"""Mending a feed: polls out of turn, new addresses followed or taken back, and going on after a hold or a farewell.

Each act says who did it in an event. What a poll does by itself is said in `moves.py`, `endings.py` and `quality.py`.
"""

from datetime import timedelta

from django.db import transaction

from kb.accounts.models import User
from kb.core.clock import now
from kb.core.errors import Conflict
from kb.feeds.due import soonest
from kb.feeds.manage import forget_document, go_to, locked, note, refuse_known
from kb.feeds.models import Feed, FeedEvent

# Whoever asks twice in a moment gets the same document twice.
_SOONEST = timedelta(minutes=1)


def poll_now(feed: Feed, by: User | None) -> Feed:
    """Poll a feed as soon as a worker is free. Raises Conflict where it is not polled, or its server asked to be left alone."""
    with transaction.atomic():
        feed = locked(feed)
        if said := not_polled(feed):
            raise Conflict(said)
        feed.next_poll = now()
        feed.save()
        note(feed, "edited", by, "To be polled at once.")
    return feed


def not_polled(feed: Feed) -> str:
    """Say in a sentence why a feed cannot be polled now, or nothing."""
    moment = now()
    if not feed.active:
        return "This feed is turned off: turn it on, and it is polled."
    if feed.gone:
        return "This feed is marked as gone: have it polled again first."
    told = feed.next_poll if feed.outcome == "told_to_wait" else moment
    if (wanted := max(told, soonest(feed.url))) > now():
        return f"Its server asked for fewer polls: the next one is at {wanted:%H:%M} UTC on {wanted:%-d %B}."
    if feed.last_poll and moment - feed.last_poll < _SOONEST:
        return "This feed was polled less than a minute ago."
    return ""


def follow_move(feed: Feed, by: User | None) -> Feed:
    """Follow a feed to where its polls are permanently sent, before that was seen often enough to be done by itself."""
    with transaction.atomic():
        feed = locked(feed)
        before, after = feed.url, feed.moved_to
        if not after:
            raise Conflict("This feed is not sent anywhere else.")
        refuse_known(after, besides=feed)
        go_to(feed, after)
        feed.save()
        note(feed, "moved", by, "Followed by an editor.", before=before, after=after)
    return feed


def undo_move(event: FeedEvent, by: User | None) -> Feed:
    """Bring a feed back to the address before a move, which is then not followed by itself again.

    Raises Conflict where the feed went on since, or another feed has that address now.
    """
    with transaction.atomic():
        feed = locked(event.feed)
        if event.kind != "moved" or not event.before or feed.url != event.after:
            raise Conflict("This cannot be taken back any more: the feed has another address by now.")
        refuse_known(event.before, besides=feed)
        go_to(feed, event.before)
        feed.save()
        note(feed, "unmoved", by, before=event.after, after=event.before)
    return feed


def release(feed: Feed, by: User | None) -> Feed:
    """Take the document that comes next from a held feed as the usual one, whatever it looks like."""
    with transaction.atomic():
        feed = locked(feed)
        if not feed.held:
            raise Conflict("This feed is not held.")
        said, feed.held, feed.usual = feed.held, "", {}
        forget_document(feed)
        feed.next_poll = soonest(feed.url)
        feed.save()
        note(feed, "released", by, said)
    return feed


def revive(feed: Feed, by: User | None) -> Feed:
    """Have a feed polled again whose server said that it is gone for good."""
    with transaction.atomic():
        feed = locked(feed)
        if not feed.gone:
            raise Conflict("This feed is not marked as gone.")
        feed.gone, feed.active, feed.failures, feed.next_poll = False, True, 0, soonest(feed.url)
        feed.save()
        note(feed, "on", by, "Polled again, though its server had said that it is gone.")
    return feed
