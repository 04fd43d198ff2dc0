"""When a feed is polled next."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.core.fetch_failures import FAILURES
from kb.feeds.schedule import (
    FAILURE_WEIGHTS,
    LONGEST,
    SHORTEST,
    USUAL,
    Asked,
    after_failure,
    after_wait,
    asked_for,
    host_waits,
    interval_of,
    rate_of,
    scattered,
    weighted,
)  # fmt: skip

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOURS = timedelta(hours=1)
NOTHING = Asked()


def times(every: timedelta, n: int = 10) -> list[datetime]:
    return [NOON - every * k for k in range(n)]


def test_a_feed_is_polled_twice_in_the_time_between_two_entries() -> None:
    assert rate_of(times(6 * HOURS)) == 3 * HOURS


def test_a_feed_of_which_nothing_is_known_is_polled_each_hour() -> None:
    assert rate_of([]) == rate_of([NOON]) == USUAL


def test_what_feed_and_server_ask_for_is_waited_for() -> None:
    fast = rate_of(times(timedelta(minutes=1)))
    assert interval_of(fast, ttl=None, asked=NOTHING) == SHORTEST
    assert interval_of(fast, ttl=90, asked=NOTHING) == timedelta(minutes=90)
    assert interval_of(fast, ttl=90, asked=Asked(fresh=7200)) == 2 * HOURS
    assert interval_of(fast, ttl=None, asked=Asked(retry_after=10_800)) == 3 * HOURS


@given(
    st.lists(st.datetimes(min_value=datetime(1990, 1, 1), timezones=st.just(UTC)), max_size=30),
    st.none() | st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**6), st.floats(0, 1),
)  # fmt: skip
def test_a_pause_lies_between_ten_minutes_and_a_day(
    published: list[datetime], ttl: int | None, fresh: int, retry: int, failures: int, chance: float
) -> None:
    asked = Asked(fresh, retry)
    good = interval_of(rate_of(published), ttl=ttl, asked=asked)
    for pause in (good, after_failure(good, failures, asked), after_wait(good, asked), scattered(good, chance)):
        assert SHORTEST <= pause <= LONGEST


def test_failures_make_polls_rarer_and_never_end_them() -> None:
    pauses = [after_failure(HOURS, failures, NOTHING) for failures in (0, 2, 4, 6, 40)]
    assert pauses == [HOURS, 2 * HOURS, 4 * HOURS, 8 * HOURS, LONGEST]


def test_what_passes_by_itself_counts_less_than_what_must_be_mended() -> None:
    assert weighted(0, "timeout") < weighted(0, "tls") < weighted(0, "refused_address")
    assert weighted(5, "something new") == 6
    assert all(weight > 0 for weight in FAILURE_WEIGHTS.values())


def test_every_way_in_which_fetching_fails_has_a_weight() -> None:
    assert FAILURES.keys() <= FAILURE_WEIGHTS.keys()


def test_a_server_that_is_busy_says_how_long() -> None:
    assert after_wait(HOURS, Asked(retry_after=1_200)) == timedelta(minutes=20)
    assert after_wait(HOURS, NOTHING) == 2 * HOURS


@pytest.mark.parametrize(
    ("headers", "fresh", "retry"),
    [
        ({"cache-control": "public, max-age=600"}, 600, 0),
        ({"cache-control": 'max-age="600"'}, 600, 0),
        ({"cache-control": "no-cache, max-age=600"}, 0, 0),
        ({"cache-control": "max-age=600", "expires": "Mon, 02 Nov 2026 18:00:00 GMT"}, 600, 0),
        ({"expires": "Mon, 02 Nov 2026 13:00:00 GMT"}, 3600, 0),
        ({"expires": "Mon, 02 Nov 2026 13:00:00 GMT", "date": "Mon, 02 Nov 2026 12:30:00 GMT"}, 1800, 0),
        ({"expires": "0"}, 0, 0),
        ({"expires": "Sun, 01 Nov 2026 13:00:00 GMT"}, 0, 0),
        ({"retry-after": "120"}, 0, 120),
        ({"retry-after": "Mon, 02 Nov 2026 12:05:00 GMT"}, 0, 300),
        ({"retry-after": "99999999999999999999"}, 0, 86_400),
        ({"retry-after": "soon"}, 0, 0),
        ({"retry-after": "-5"}, 0, 0),
        ({"cache-control": "max-age=٣"}, 0, 0),
        ({}, 0, 0),
    ],
)
def test_headers_are_read_as_they_are_meant(headers: dict[str, str], fresh: int, retry: int) -> None:
    assert asked_for(headers, NOON) == Asked(fresh, retry)


@given(st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "retry-after"]), st.text(max_size=60)))
def test_no_header_breaks_a_poll(headers: dict[str, str]) -> None:
    asked = asked_for(headers, NOON)
    assert 0 <= asked.fresh <= 86_400 and 0 <= asked.retry_after <= 86_400


def test_a_host_is_left_alone_for_what_it_asks_and_after_429_in_any_case() -> None:
    assert host_waits(503, Asked(retry_after=7200)) == timedelta(hours=2)
    assert host_waits(429, Asked()) == SHORTEST
    assert host_waits(503, Asked()) == timedelta(0)
