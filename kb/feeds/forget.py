"""What is forgotten of feeds: polls beyond the newest of each feed, and old entries that led to nothing.

An entry whose item may still be in the feed's document is kept, since it would come back as new; so is whatever was proposed.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from kb.core.clock import now
from kb.feeds.health import GAP_DAYS
from kb.feeds.models import Entry, Feed, FeedEvent, Host, MutedStory, Poll

POLLS_KEPT = 100
_A_DAY = timedelta(days=1)
_LED_TO_NOTHING = ("aside", "ignored", "muted", "withheld")


def forget() -> None:
    """Delete what is no longer needed."""
    for feed in Feed.objects.only("id", "item_digests", "body_digest"):
        _forget_polls(feed)
        _forget_entries(feed)
    FeedEvent.objects.filter(kind="gap", at__lt=now() - timedelta(days=GAP_DAYS)).delete()
    MutedStory.objects.filter(until__lt=now()).delete()
    Host.objects.exclude(Q(visited_until__gt=now() - _A_DAY) | Q(not_before__gt=now())).delete()


def _forget_polls(feed: Feed) -> None:
    newest = Poll.objects.filter(feed=feed).order_by("-id").values_list("id", flat=True)[POLLS_KEPT - 1 : POLLS_KEPT]
    if newest:
        Poll.objects.filter(feed=feed, id__lt=newest[0]).delete()


def _forget_entries(feed: Feed) -> None:
    if not feed.body_digest:  # which items its document has is to be read anew
        return
    before = now() - timedelta(days=settings.FEED_ENTRIES_KEPT_DAYS)
    old = Entry.objects.filter(feed=feed, state__in=_LED_TO_NOTHING, last_changed__lt=before)
    old.exclude(digest__in=feed.item_digests).delete()
