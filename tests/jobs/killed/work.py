"""Work that takes its time, with a row for each time that its effect took place."""

import time
from dataclasses import replace
from datetime import timedelta

from django.db import connection

from kb.jobs.registry import WORK, Payload, work
from kb.jobs.running import Running

LEASE = timedelta(seconds=1.5)
ATTEMPTS = 60


def leave_effect(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effect (job) VALUES (%s)", [key])


@work("inside", attempts=ATTEMPTS, lease=LEASE)
def inside(job: Running, payload: Payload) -> None:
    """Write between two pauses, in the transaction of the job's end."""
    time.sleep(0.02)
    leave_effect(f"inside {job.key}")
    time.sleep(0.02)


@work("outside", attempts=ATTEMPTS, lease=LEASE, outside=True)
def outside(job: Running, payload: Payload) -> None:
    """Look outside first, then write what was learned together with the job's end."""
    time.sleep(0.05)
    with job.finishing():
        leave_effect(f"outside {job.key}")
        time.sleep(0.01)


WORK["mail"] = replace(WORK["mail"], attempts=ATTEMPTS, lease=LEASE)
