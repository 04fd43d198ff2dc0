"""Lets a feed server publish and orders polls, round after round until it is told to stop, and says how many rounds there were.

A round ends when all that was ordered is done: so it is known how often each feed has to be polled, and what it has to bring.
"""

import json
import sys
import time
import urllib.request

import django
from django.conf import settings
from django.db import transaction

django.setup()

from kb.core.clock import now  # noqa: E402
from kb.feeds import due  # noqa: E402
from kb.feeds.models import Feed  # noqa: E402
from kb.jobs.models import DONE, Job, Seen  # noqa: E402

# Small jobs, so that several workers poll at once.
due.MOST_IN_A_JOB = 4


def subscribe(server: str) -> None:
    """Add the feeds of the server, whose address ends with a slash."""
    with urllib.request.urlopen(f"{server}_manifest") as answer:
        Feed.objects.bulk_create(Feed(url=row["url"], title=row["url"], active=True) for row in json.load(answer))


def order(number: int) -> None:
    """Order a poll of every feed, as the clock does."""
    with transaction.atomic():
        Seen.objects.select_for_update().filter(name="slot:feeds.due").first()
        Feed.objects.update(next_poll=now())
        due.order_polls(now(), f"round {number}")
    while Job.objects.filter(kind=due.POLL).exclude(state=DONE).exists():
        time.sleep(0.05)


def main(server: str) -> None:
    """Poll everything once, then with a new entry in each feed."""
    subscribe(server)
    rounds = 0
    while True:
        order(rounds)
        if (settings.VAR_DIR / "stop").exists():
            break
        rounds += 1
        urllib.request.urlopen(f"{server}_ctl/advance?new=1&edit=0").read()
    print(rounds, flush=True)  # noqa: T201


main(sys.argv[1])
