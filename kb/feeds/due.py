"""Which feeds are polled now, and by which job: every host is in the hands of one job at a time.

Several workers poll at once, each its own hosts; so what is asked of a host is counted in one place (`polite.py`).
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from kb.core.clock import now
from kb.feeds.models import Feed, Host
from kb.feeds.polite import host_of
from kb.jobs.models import RUNNING, WAITING, Job, Seen
from kb.jobs.queue import enqueue

DUE, POLL = "feeds.due", "feeds.poll"
# Feeds that one job polls at most; more would keep the others waiting for a worker that is lost.
MOST_IN_A_JOB = 150
_MOST_DUE = 3_000


@transaction.atomic
def order_polls(moment: datetime, key: str) -> int:
    """Order the polls of all feeds that are due, and return how many: in the caller's transaction, or in one of its own."""
    one_at_a_time()
    busy = busy_hosts() | left_alone(moment)
    due = Feed.objects.filter(active=True, gone=False, next_poll__lte=moment)
    by_host: dict[str, list[int]] = defaultdict(list)
    for number, url in due.order_by("next_poll").values_list("id", "url")[:_MOST_DUE]:
        by_host[host_of(url)].append(number)
    free = {host: numbers for host, numbers in by_host.items() if host not in busy}
    for place, hosts in enumerate(_batches(free)):
        feeds = [number for host in hosts for number in free[host]]
        enqueue(POLL, key=f"{key}:{place}", payload={"feeds": feeds, "hosts": hosts})
    return sum(map(len, free.values()))


def one_at_a_time() -> None:
    """Wait for whoever else gives hosts away, so that none is given twice; holds until the end of the transaction."""
    Seen.objects.select_for_update().filter(name=f"slot:{DUE}").first()


def left_alone(moment: datetime) -> set[str]:
    """The hosts that nobody may begin to ask now."""
    return set(Host.objects.filter(Q(visited_until__gt=moment) | Q(not_before__gt=moment)).values_list("name", flat=True))


def leave_alone(host: str, until: datetime) -> None:
    """Have a host asked by nobody until a moment, as it wants."""
    Host.objects.update_or_create(name=host, defaults={"not_before": until})


def soonest(url: str) -> datetime:
    """Return when an address may be asked at the earliest: now, or when its host wants to be asked again."""
    wanted = Host.objects.filter(name=host_of(url), not_before__gt=now()).values_list("not_before", flat=True).first()
    return wanted or now()


def just_polled(since: datetime) -> set[str]:
    """The hosts of feeds that were polled since a moment."""
    return set(map(host_of, Feed.objects.filter(last_poll__gt=since).values_list("url", flat=True)))


def busy_hosts() -> set[str]:
    """The hosts that a job polls or will poll."""
    payloads = Job.objects.filter(kind=POLL, state__in=(WAITING, RUNNING)).values_list("payload", flat=True)
    return {host for payload in payloads if payload for host in json.loads(payload)["hosts"]}


def _batches(by_host: Mapping[str, Sequence[int]]) -> Iterator[list[str]]:
    """Share hosts among jobs: as few as hold them, each about as large as the others."""
    total = sum(map(len, by_host.values()))
    jobs = -(-total // MOST_IN_A_JOB)
    share, batch, size = -(-total // jobs) if jobs else 0, [], 0
    for host, feeds in by_host.items():
        batch.append(host)
        size += len(feeds)
        if size >= share:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
