"""How feeds stand: one word for each, the sick first, figures that count what they say, in few queries."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from kb.core.clock import now
from kb.feeds.health import SICK_FIRST, STANDINGS, TO_LOOK_AT, Health, health_of, standing_feeds
from kb.feeds.models import Entry, Feed, FeedEvent
from kb.feeds.words import ENTRY_STATES, PROPOSED

pytestmark = pytest.mark.django_db
# Fields of a feed for each word; those above stand over those below.
AS: dict[str, dict[str, Any]] = {
    "off": {"active": False, "held": "It floods.", "gone": True, "failures": 3},
    "held": {"held": "It floods.", "gone": True, "failures": 3},
    "gone": {"gone": True, "failures": 3},
    "failing": {"failures": 3, "outcome": "told_to_wait"},
    "waits": {"outcome": "told_to_wait"},
    "new": {"last_poll": None},
    "well": {"outcome": "unchanged"},
}


def make_feed(name: str, **values: Any) -> Feed:
    return Feed.objects.create(url=f"https://{name}.example.org/", title=name, **{"active": True, "last_poll": now()} | values)


def make_entries(feed: Feed, count: int, *, weeks_ago: float = 1, state: str = "inbox", published: bool = True) -> None:
    at, start = now() - timedelta(weeks=weeks_ago), Entry.objects.count()
    Entry.objects.bulk_create(
        Entry(feed=feed, uid_key=str(start + number), first_seen=at, published=at if published else None, state=state,
              digest="d", text_digest="t")
        for number in range(count)
    )  # fmt: skip


def health(feed: Feed) -> Health:
    return health_of(standing_feeds().filter(id=feed.id))[0]


@pytest.mark.parametrize("word", STANDINGS)
def test_a_feed_stands_as_the_first_word_says_that_fits(word: str) -> None:
    assert health(make_feed("news", **AS[word])).standing == word


def test_the_sick_come_first() -> None:
    for word in sorted(STANDINGS):
        make_feed(word, **AS[word])
    assert [one.standing for one in health_of(standing_feeds().order_by(*SICK_FIRST))] == list(STANDINGS)


def test_entries_a_week_are_those_of_eight_weeks_by_the_day_they_were_published_or_else_first_seen() -> None:
    feed = make_feed("news")
    make_entries(feed, 12)
    make_entries(feed, 4, published=False)
    make_entries(feed, 30, weeks_ago=9)
    make_entries(feed, 30, weeks_ago=-1)
    found = health(feed)
    assert (found.entries, found.per_week) == (76, 2.0)


@pytest.mark.parametrize("state", ENTRY_STATES)
def test_the_yield_counts_what_was_put_forward_and_nothing_else(state: str) -> None:
    feed = make_feed("news")
    make_entries(feed, 1, state=state)
    make_entries(feed, 3, state="ignored")
    assert health(feed).share == (25.0 if state in PROPOSED else 0.0)


def test_a_feed_without_entries_has_no_yield() -> None:
    found = health(make_feed("news"))
    assert (found.entries, found.per_week, found.share) == (0, 0.0, None)


def test_figures_of_many_feeds_cost_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(30):
        make_entries(make_feed(f"news{number}"), 3)
    with django_assert_num_queries(2):
        found = health_of(standing_feeds())
        assert {(one.entries, one.problem) for one in found} == {(3, "")}


def test_what_is_wrong_is_said_in_words() -> None:
    assert health(make_feed("a", held="It floods.", problem="")).problem == "It floods."
    assert health(make_feed("b", failures=2, problem="The host has no address.")).problem == "The host has no address."


def make_gaps(feed: Feed, *days_ago: int) -> None:
    for days in days_ago:
        FeedEvent.objects.create(feed=feed, kind="gap", at=now() - timedelta(days=days))


def test_gaps_of_thirty_days_are_counted_and_said_of_feeds_that_are_on() -> None:
    feed, off = make_feed("news"), make_feed("off", active=False)
    make_gaps(feed, 1, 29, 31)
    make_gaps(off, 1)
    FeedEvent.objects.create(feed=feed, kind="edited")
    assert health(feed).gaps == 2 and "may be missing: 2 times in the last 30 days" in health(feed).missing
    assert health(off).missing == "" == health(make_feed("calm")).missing


def test_feeds_with_gaps_stand_among_those_to_look_at() -> None:
    for name, values in (("a", AS["well"]), ("b", AS["well"]), ("c", AS["new"]), ("d", AS["failing"])):
        make_feed(name, **values)
    make_gaps(Feed.objects.get(title="b"), 1)
    assert [one.feed.title for one in health_of(standing_feeds().order_by(*SICK_FIRST))] == ["d", "b", "c", "a"]
    assert set(standing_feeds().filter(TO_LOOK_AT).values_list("title", flat=True)) == {"b", "d"}


def test_the_command_lists_every_feed_with_what_is_wrong() -> None:
    make_feed("quiet", **AS["well"])
    make_feed("broken", failures=2, problem="The host has no address.")
    make_feed("asleep", **AS["off"])
    out = StringIO()
    call_command("feeds", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 4
    assert "Failing" in lines[1] and "broken" in lines[1] and lines[1].endswith("The host has no address.")
    assert "Turned off" in lines[3] and not lines[3].endswith("It floods.")
    out = StringIO()
    call_command("feeds", "--active", stdout=out)
    assert "asleep" not in out.getvalue()
