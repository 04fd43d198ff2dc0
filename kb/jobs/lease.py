"""Keeping a lease while a handler works: a thread renews it, so that leases are short and a lost worker is noticed soon."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

from django.db import DatabaseError, connections

from kb.jobs.running import LeaseLost, Running


@contextmanager
def kept(job: Running, limit: timedelta) -> Iterator[None]:
    """Renew the lease of a job three times in its length, until the block ends or the limit has passed.

    After the limit the lease runs out like that of a lost worker: work that hangs is taken over, and cannot commit.
    """
    over = Event()
    keeper = Thread(target=_keep, args=(job, over, time.monotonic() + limit.total_seconds()), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _keep(job: Running, over: Event, until: float) -> None:
    try:
        while not over.wait(job.lease.total_seconds() / 3) and time.monotonic() < until:
            _renew(job)
    except LeaseLost:  # told to the handler when it ends
        return
    finally:
        connections.close_all()


def _renew(job: Running) -> None:
    try:
        job.renew()
    except DatabaseError:  # busy or gone for a moment; there is time for another try
        return
