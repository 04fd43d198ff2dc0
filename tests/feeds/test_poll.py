"""Polling by jobs against a real server: everything once, nothing lost, and every host treated politely."""

from typing import Any

import pytest
from django.core.management import call_command

from kb.core.clock import now
from kb.core.fetch_failures import FAILURES
from kb.feeds.due import busy_hosts, order_polls
from kb.feeds.models import Entry, EntryVersion, Feed, Poll
from kb.jobs.models import DEAD, Job
from tests.feeds.written import POLL, let_all_be_due, make_feed
from tests.feedserver import FeedServer, needs_feedserver

pytestmark = [pytest.mark.django_db(transaction=True), needs_feedserver, pytest.mark.shared]


def subscribe(server: FeedServer, most: int = 30) -> list[dict[str, Any]]:
    """Put up the feeds of the server and return what it tells of them."""
    rows = [row for row in server.json("/_manifest") if not row["slow"]][:most]
    for row in rows:
        make_feed(url=row["url"], title=f"Feed {row['i']}")
    return rows


def poll_all(key: str) -> None:
    """Order the polls of all feeds, and do them."""
    let_all_be_due()
    order_polls(now(), key)
    call_command("run_jobs", "--once")


def politely(server: FeedServer, key: str) -> None:
    """Poll all feeds, and look at the server's own counts of how it was asked."""
    server.control("reset")
    poll_all(key)
    told = server.json("/_stats")
    assert max(told["peak"].values()) <= 2
    # what the test itself asks goes to the first host, without turns
    assert min(gap for host, gap in told["min_gap"].items() if host != "127.0.0.1") >= 0.99


def test_every_entry_comes_in_once_and_unchanged_feeds_write_only_the_log(server: FeedServer) -> None:
    rows = subscribe(server)
    politely(server, "first")
    wanted = sum(row["entries"] for row in rows if row["malformed"] != "truncated")
    assert Entry.objects.count() >= wanted
    assert set(Poll.objects.values_list("outcome", flat=True)) == {"new"}
    entries = list(Entry.objects.values())
    politely(server, "second")
    assert list(Entry.objects.values()) == entries
    server.control("advance?new=2&edit=1")
    politely(server, "third")
    assert Entry.objects.count() == len(entries) + 2 * len(rows)
    assert EntryVersion.objects.count() == len(rows)


def test_a_host_is_given_to_one_job_at_a_time(server: FeedServer) -> None:
    subscribe(server, 6)
    let_all_be_due()
    assert order_polls(now(), "one") == 6
    assert busy_hosts() == {"127.0.0.1", "127.0.0.2", "127.0.0.3"}
    assert order_polls(now(), "two") == 0
    call_command("run_jobs", "--once")
    assert busy_hosts() == set()


def test_feeds_that_are_off_or_gone_are_not_polled_and_one_that_is_held_is(server: FeedServer) -> None:
    subscribe(server, 4)
    one, two, three, four = Feed.objects.order_by("id")
    Feed.objects.filter(id=one.id).update(active=False)
    Feed.objects.filter(id=two.id).update(gone=True)
    Feed.objects.filter(id=three.id).update(held="It floods.")
    poll_all("x")
    assert set(Poll.objects.values_list("feed", flat=True)) == {three.id, four.id}


def test_errors_of_servers_are_outcomes(server: FeedServer) -> None:
    for path in ("/nowhere", "/attack/empty200", "/attack/loop", "/attack/lie-length", "/site/1"):
        make_feed(url=server.url(path), title=path)
    make_feed(url="http://10.0.0.1/feed", title="private")
    poll_all("x")
    told = {row.feed.title: (row.outcome, bool(row.sentence)) for row in Poll.objects.select_related("feed")}
    assert told == {
        "/nowhere": ("failed", True), "/attack/empty200": ("unreadable", True), "/attack/loop": ("failed", True),
        "/attack/lie-length": ("failed", True), "/site/1": ("unreadable", True), "private": ("failed", True),
    }  # fmt: skip
    assert not Job.objects.filter(kind=POLL, state=DEAD).exists()


def test_redirects_without_an_end_are_told_as_such_however_long_the_turns_take(server: FeedServer) -> None:
    for path in ("/attack/loop", "/attack/chain?n=30"):
        make_feed(url=server.url(path), title=path)
    poll_all("x")
    assert {row.sentence for row in Poll.objects.all()} == {FAILURES["too_many_redirects"]}
