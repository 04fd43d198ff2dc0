"""Following a feed to a new address, logged and undoable: after three polls in a row sent there for good, or to https."""

from kb.feeds.manage import known_feed
from kb.feeds.models import Feed, FeedEvent
from kb.feeds.models.feed import LONGEST_ADDRESS

SIGHTINGS = 3


def note_move(feed: Feed, moved_to: str) -> None:
    """Note where a good poll was sent for good, or that it was not, and follow when it was seen often enough."""
    if not moved_to or moved_to == feed.url or len(moved_to) > LONGEST_ADDRESS:
        feed.moved_to, feed.moved_seen = "", 0
        return
    feed.moved_seen = feed.moved_seen + 1 if feed.moved_to == moved_to else 1
    feed.moved_to = moved_to
    if feed.moved_seen >= SIGHTINGS and _may_follow(feed):
        FeedEvent.objects.create(feed=feed, kind="moved", before=feed.url, after=moved_to, sentence=_SENTENCE)
        feed.url, feed.moved_to, feed.moved_seen = moved_to, "", 0


def note_secure(feed: Feed, secure: str) -> None:
    """Take a fresh feed to its address with https, where the same document came."""
    if secure and len(secure) <= LONGEST_ADDRESS and not _is_anothers(feed, secure):
        FeedEvent.objects.create(feed=feed, kind="moved", before=feed.url, after=secure, sentence=_SECURE)
        feed.url = secure


_SECURE = "The same document came with encryption."
_SENTENCE = f"{SIGHTINGS} polls in a row were sent on for good."


def _may_follow(feed: Feed) -> bool:
    """Whether the new address is no other feed's, and nobody took this very move back."""
    if _is_anothers(feed, feed.moved_to):
        return False
    return not FeedEvent.objects.filter(feed=feed, kind="unmoved", before=feed.moved_to).exists()


def _is_anothers(feed: Feed, url: str) -> bool:
    """Whether another feed has this address, however it is written."""
    others = Feed.objects.exclude(id=feed.id).only("id", "url", "title")
    return known_feed(url, among=others) is not None
