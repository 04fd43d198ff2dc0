"""Visits at hosts that redirects lead to: what keeps two jobs from asking one of them at the same time.

A job has its own hosts to itself (`due.py`); another host is visited only while no job polls it and no other visits it.
"""

import time
from datetime import timedelta

from django.db import transaction

from kb.core.clock import now
from kb.core.fetch_failures import SECONDS, FetchFailed
from kb.feeds.due import busy_hosts, just_polled, left_alone, one_at_a_time
from kb.feeds.models import Host

# A visit that nobody ends, since its worker was lost, is over after so long: well after the longest answer.
_LONGEST = timedelta(seconds=3 * SECONDS)
_PATIENCE, _EVERY = 30.0, 0.25


class Visits:
    """Takes hosts for visits and gives them back, `gap` seconds before another may ask them. Used by many threads."""

    def __init__(self, gap: float) -> None:
        self._gap = timedelta(seconds=gap)

    def take(self, host: str) -> None:
        """Wait until a host may be visited. Raises FetchFailed where that takes too long."""
        if Host.objects.filter(name=host, not_before__gt=now() + timedelta(seconds=_PATIENCE)).exists():
            raise FetchFailed("host_busy")
        until = time.monotonic() + _PATIENCE
        while not self._taken(host):
            if time.monotonic() > until:
                raise FetchFailed("host_busy")
            time.sleep(_EVERY)

    def give_back(self, host: str) -> None:
        """End a visit."""
        Host.objects.filter(name=host).update(visited_until=now() + self._gap)

    def _taken(self, host: str) -> bool:
        with transaction.atomic():
            one_at_a_time()
            moment = now()
            if host in busy_hosts() | left_alone(moment) | just_polled(moment - self._gap):
                return False
            Host.objects.update_or_create(name=host, defaults={"visited_until": moment + _LONGEST})
        return True
