"""What the clock does with feeds: polls that are due, new names in stored entries, and forgetting what is long over."""

from datetime import timedelta

from django.db import transaction

from kb.core.clock import now
from kb.feeds import poll as polling
from kb.feeds.due import DUE, POLL, order_polls
from kb.feeds.forget import forget
from kb.feeds.renames import look_again
from kb.jobs.registry import Payload, work
from kb.jobs.running import Running
from kb.jobs.schedule import every


@work(DUE, when=every(timedelta(seconds=30)))
def order(job: Running, payload: Payload) -> None:
    """Order the polls of feeds that are due."""
    order_polls(now(), job.key)


@work(POLL, outside=True, attempts=5, limit=timedelta(minutes=15))
def poll(job: Running, payload: Payload) -> None:
    """Poll the feeds of some hosts. What was polled before this worker took over is not polled again."""
    polling.poll(job, payload["feeds"])


@work("feeds.look_again", when=every(timedelta(minutes=10)), outside=True)
def recognise(job: Running, payload: Payload) -> None:
    """Look for names that are new on record in entries that are stored."""
    while look_again():
        job.renew()


@work("feeds.forget", when=every(timedelta(hours=24)))
def tidy(job: Running, payload: Payload) -> None:
    """Forget old polls and old entries that led to nothing."""
    with transaction.atomic():
        forget()
