"""Hosts that redirects lead to: asked by one job at a time, and left alone for the gap after a request."""

from datetime import timedelta

import pytest

from kb.core.clock import now
from kb.core.fetch_failures import FetchFailed
from kb.feeds import visits as visiting
from kb.feeds.due import POLL, order_polls
from kb.feeds.forget import forget
from kb.feeds.models import Feed, Host
from kb.feeds.visits import Visits
from kb.jobs.queue import enqueue
from tests.feeds.written import let_all_be_due, make_feed

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
