"""Hosts that redirects lead to are asked by one job at a time; those that want to be left alone are asked by none."""

from datetime import timedelta

import pytest

from kb.core.clock import now
from kb.core.fetch import Fetcher
from kb.core.fetch_failures import FetchFailed
from kb.feeds import poll as polling
from kb.feeds import visits as visiting
from kb.feeds.due import POLL, order_polls
from kb.feeds.forget import forget
from kb.feeds.manage import edit_feed, turn_off, turn_on
from kb.feeds.mend import not_polled
from kb.feeds.models import Feed, Host
from kb.feeds.visits import Visits
from kb.jobs.queue import enqueue
from tests.feeds.written import answer, let_all_be_due, make_feed, polled

pytestmark = pytest.mark.django_db
THERE = "news.example"


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "_PATIENCE", 0.0)
    monkeypatch.setattr(visiting, "_EVERY", 0.0)


def is_free(gap: float = 1.0) -> bool:
    try:
        Visits(gap).take(THERE)
    except FetchFailed as failure:
        assert failure.code == "host_busy"
        return False
    return True


def test_a_host_has_one_visit_at_a_time_and_the_next_after_the_gap() -> None:
    one = Visits(60.0)
    one.take(THERE)
    assert not is_free()
    one.give_back(THERE)
    assert not is_free()
    Host.objects.update(visited_until=now())
    assert is_free()


def test_a_visit_that_nobody_ended_is_over_after_the_longest_answer() -> None:
    Visits(1.0).take(THERE)
    assert timedelta(seconds=20) < Host.objects.get().visited_until - now() < timedelta(minutes=2)  # type: ignore[operator]


def test_a_host_is_not_visited_while_a_job_polls_it_or_just_did() -> None:
    make_feed(last_poll=now())
    assert not is_free()
    Feed.objects.update(last_poll=now() - timedelta(seconds=2))
    enqueue(POLL, key="x", payload={"feeds": [1], "hosts": [THERE]})
    assert not is_free()


def test_a_host_that_is_visited_is_given_to_no_job() -> None:
    make_feed()
    let_all_be_due()
    Visits(1.0).take(THERE)
    assert order_polls(now(), "one") == 0
    Host.objects.update(visited_until=now())
    assert order_polls(now(), "two") == 1


def test_visits_of_days_before_are_forgotten() -> None:
    Host.objects.create(name=THERE, visited_until=now() - timedelta(days=2))
    forget()
    assert not Host.objects.exists()


def test_a_host_that_wants_to_be_left_alone_is_given_to_no_job_and_no_visit() -> None:
    feed = make_feed()
    polled(feed, answer(status=429, retry_after="7200"))
    other = make_feed(url=f"https://{THERE}/other", title="Other")
    let_all_be_due()
    assert order_polls(now(), "one") == 0 and not is_free()
    assert "asked for fewer polls" in not_polled(other)
    assert order_polls(now() + timedelta(hours=2), "two") == 2


def test_turning_a_feed_off_and_on_or_giving_it_another_address_asks_no_host_that_wants_to_be_left_alone() -> None:
    feed = make_feed()
    polled(feed, answer(status=429, retry_after="7200"))
    feed = turn_on(turn_off(feed, None), None)
    assert feed.next_poll > now() + timedelta(hours=1)
    feed = edit_feed(feed, title="News", folder="", weight=3, left_out="none", by=None, address=f"https://{THERE}/other")
    assert feed.next_poll > now() + timedelta(hours=1)


def test_after_one_feed_of_a_host_is_told_to_wait_the_others_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Fetcher, "get", lambda self, url, **_: asked.append(url) or answer(status=429, retry_after="3600"))
    monkeypatch.setattr(polling, "just_polled", lambda since: set())
    feeds = [make_feed(url=f"https://{THERE}/{number}", title=str(number), last_good=now()) for number in range(4)]
    found = [one for group in polling._asked({feed.id: feed for feed in feeds}, 0.01) for _, one in group]
    assert [one.outcome for one in found] == ["told_to_wait"] * 4
    assert len(asked) == 1
    row = polled(feeds[0], found[-1])
    assert (row.status, row.sentence) == (None, found[-1].sentence)
    assert feeds[0].next_poll > now() + timedelta(minutes=55)
