"""What the pages of feeds show: the list with its filters, and one feed with what can be done about it.

Rules stand in `kb.feeds`; here they are put together for a page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from kb.accounts.models import User
from kb.feeds.health import BY_FOLDER, HAS_GAPS, SICK_FIRST, TO_LOOK_AT, Health, health_of, standing_feeds
from kb.feeds.manage import proposed_of, turn_off, turn_on
from kb.feeds.mend import follow_move, not_polled, poll_now, release, revive
from kb.feeds.models import Entry, Feed, FeedEvent, Poll
from kb.pages.forms.feeds import GAPS, NO_FOLDER, SICK

PAGE = 100
_POLLS, _EVENTS, _ENTRIES = 30, 30, 8


@dataclass(frozen=True, slots=True)
class FeedList:
    """One page of the list. `sick` counts all feeds that somebody should look at."""

    rows: list[Health]
    total: int
    page: int
    pages: int
    sick: int
    active: int
    feeds: int


def feed_list(asked: Mapping[str, Any]) -> FeedList:
    """Gather the list as it was asked for: three queries, however many feeds there are."""
    found = _narrowed(standing_feeds(), asked)
    order = SICK_FIRST if asked.get("order") == SICK else BY_FOLDER
    page, total = asked.get("page") or 1, found.count()
    rows = health_of(found.order_by(*order)[PAGE * (page - 1) : PAGE * page])
    # `active` stands last: what follows would take it for the figure.
    all_of = standing_feeds().aggregate(
        feeds=Count("id"), sick=Count("id", filter=TO_LOOK_AT), active=Count("id", filter=Q(active=True))
    )
    return FeedList(rows, total, page, max(1, ceil(total / PAGE)), **all_of)


def _narrowed(feeds: QuerySet[Feed], asked: Mapping[str, Any]) -> QuerySet[Feed]:
    if words := asked.get("q"):
        feeds = feeds.filter(Q(title__icontains=words) | Q(url__icontains=words))
    if folder := asked.get("folder"):
        feeds = feeds.filter(folder="" if folder == NO_FOLDER else folder)
    if standing := asked.get("standing"):
        feeds = feeds.filter({SICK: TO_LOOK_AT, GAPS: HAS_GAPS}.get(standing, Q(standing=standing)))
    return feeds


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done to a feed with a button. `done` says that it was done."""

    label: str
    done: str
    do: Callable[[Feed, User], object]
    offered: Callable[[Feed], bool]


ACTS: Mapping[str, Act] = {
    "release": Act("Release it", "Released: what comes next is taken as usual.", release, lambda feed: bool(feed.held)),
    "revive": Act("Poll it again", "It is polled again.", revive, lambda feed: feed.gone),
    "follow": Act("Follow it there", "It is polled at its new address.", follow_move, lambda feed: bool(feed.moved_to)),
    "poll": Act("Poll now", "It is polled as soon as a worker is free.", poll_now, lambda feed: not not_polled(feed)),
    "on": Act("Turn on", "Turned on.", turn_on, lambda feed: not feed.active and not feed.gone),
    "off": Act("Turn off", "Turned off. Its entries stay.", turn_off, lambda feed: feed.active),
}


@dataclass(frozen=True, slots=True)
class EventShown:
    """One event, and whether it can be taken back."""

    event: FeedEvent
    undoable: bool


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One feed as an editor sees it. `acts` are code and label of what can be done now."""

    health: Health
    acts: list[tuple[str, str]]
    events: list[EventShown]
    polls: list[Poll]
    newest: list[Entry]
    removable: bool

    @property
    def feed(self) -> Feed:
        """The feed."""
        return self.health.feed


def feed_page(feed: Feed) -> FeedPage:
    """Gather the page of a feed, which comes from `standing_feeds()`."""
    events = list(feed.events.select_related("by")[:_EVENTS])
    latest = next((event.id for event in events if event.kind in {"moved", "unmoved"}), None)
    return FeedPage(
        health_of([feed])[0],
        [(code, act.label) for code, act in ACTS.items() if act.offered(feed)],
        [EventShown(event, _undoable(feed, event) and event.id == latest) for event in events],
        list(feed.polls.all()[:_POLLS]),
        list(feed.entries.order_by(Coalesce("published", "first_seen").desc(), "-id")[:_ENTRIES]),
        not proposed_of(feed),
    )


def _undoable(feed: Feed, event: FeedEvent) -> bool:
    return event.kind == "moved" and bool(event.before) and feed.url == event.after
