"""When a feed is polled next: from how often it publishes, what its server asks for, and how its polls went. Pure.

Always between ten minutes and a day. A feed that fails is polled ever more rarely and never given up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from statistics import median

SHORTEST = timedelta(minutes=10)
LONGEST = timedelta(hours=24)
# Where nothing is known about a feed.
USUAL = timedelta(hours=1)
LOOKED_AT = 20
# How much a failure counts: what passes by itself counts less than what somebody has to mend.
FAILURE_WEIGHTS: Mapping[str, int] = {
    "timeout": 1, "server_error": 1, "broken": 1, "host_busy": 1, "packing": 1, "slow_lookup": 1, "unresolved": 2, "tls": 2,
    "tls_refused": 2, "tls_failed": 2, "unreadable": 2, "client_error": 2, "headers": 3, "too_large": 3, "too_many_redirects": 3,
    "downgraded": 3, "bad_url": 4, "refused_address": 4,
}  # fmt: skip
_MOST_FAILURES = 1_000
_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Asked:
    """What a server asks for, in seconds: how long its answer stays fresh, and when to come back at the earliest."""

    fresh: int = 0
    retry_after: int = 0


def asked_for(headers: Mapping[str, str], moment: datetime) -> Asked:
    """Read Cache-Control, Expires and Retry-After of an answer; header names are in small letters."""
    return Asked(_fresh(headers, moment), _seconds(headers.get("retry-after", ""), moment))


def _fresh(headers: Mapping[str, str], moment: datetime) -> int:
    directives = {
        name.strip().lower(): value.strip(' "')
        for name, _, value in (part.partition("=") for part in headers.get("cache-control", "").split(","))
    }
    if {"no-cache", "no-store"} & directives.keys():
        return 0
    if "max-age" in directives:
        return _digits(directives["max-age"])
    return _seconds(headers.get("expires", ""), _date(headers.get("date", "")) or moment)


def _seconds(value: str, since: datetime) -> int:
    """Seconds from a header that gives them as a number or as a date; nothing for what is neither or lies in the past."""
    if value.strip().isdecimal():
        return _digits(value.strip())
    at = _date(value)
    return max(0, _bounded((at - since).total_seconds())) if at else 0


def _digits(value: str) -> int:
    return _bounded(int(value[:12])) if value.isdecimal() and value.isascii() else 0


def _bounded(seconds: float) -> int:
    return int(min(seconds, LONGEST.total_seconds()))


def _date(value: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def rate_of(published: Sequence[datetime]) -> timedelta:
    """Return half of the usual time between the newest entries, or an hour where they do not tell."""
    newest = sorted(published, reverse=True)[:LOOKED_AT]
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(newest)]
    return _clamped(timedelta(seconds=median(gaps) / 2)) if gaps else USUAL


def interval_of(rate: timedelta, *, ttl: int | None, asked: Asked) -> timedelta:
    """Return how long a feed can be left alone after a good poll: not less than the feed (`ttl`, minutes) or its server ask."""
    return _clamped(max(rate, timedelta(seconds=max(asked.fresh, asked.retry_after, min(ttl or 0, 24 * 60) * 60))))


def after_failure(interval: timedelta, failures: int, asked: Asked) -> timedelta:
    """Return the pause after a failed poll: it doubles with every two weighted failures, up to a day."""
    doublings = min(failures / 2, 12)
    return _clamped(max(interval * 2**doublings, timedelta(seconds=asked.retry_after)))


def after_wait(interval: timedelta, asked: Asked) -> timedelta:
    """Return the pause after 429 or 503: what the server asks for, or twice the usual."""
    return _clamped(timedelta(seconds=asked.retry_after) if asked.retry_after else interval * 2)


def host_waits(status: int | None, asked: Asked) -> timedelta:
    """Return how long a whole host is left alone after 429 or 503: for what it asks, after 429 in any case."""
    if asked.retry_after:
        return _clamped(timedelta(seconds=asked.retry_after))
    return SHORTEST if status == _TOO_MANY else timedelta(0)


def scattered(pause: timedelta, chance: float) -> timedelta:
    """Lengthen a pause by up to a tenth, so that feeds do not come due together. `chance` lies between 0 and 1."""
    return _clamped(pause * (1 + chance / 10))


def weighted(failures: int, code: str) -> int:
    """Return the weighted failures after one more; a code that is not declared counts as one."""
    return min(failures + FAILURE_WEIGHTS.get(code, 1), _MOST_FAILURES)


def _clamped(pause: timedelta) -> timedelta:
    return min(max(pause, SHORTEST), LONGEST)
