"""Running a job: its handler, then how it ended. Nothing a handler raises leaves this module.

Errors are stored and logged as one line that holds no word of the payload: mails and tokens stay out of logs.
"""

import errno
import logging
import os
import secrets
import time
import traceback
from collections.abc import Iterator
from datetime import timedelta

from django.db import DatabaseError

from kb.core.clock import now
from kb.jobs.claim import claim, claim_next
from kb.jobs.lease import kept
from kb.jobs.models import DEAD, DONE, LINE_LENGTH, WAITING
from kb.jobs.registry import WORK, Work
from kb.jobs.running import JobFailed, LeaseLost, Running

LONGEST_WAIT = timedelta(hours=1)
# How running a job may end, beside the states: its lease went to another, or its end could not be written.
LOST = "lost"

log = logging.getLogger(__name__)


def run(job_id: int) -> str | None:
    """Run one job, if it is due. Returns how it ended: done, waiting (to be tried again), dead or lost."""
    job = claim(job_id)
    return execute(job) if job else None


def drain(seconds: float | None = None) -> Iterator[str]:
    """Run what is due until nothing is, or until no new job shall be begun any more; say how each ended."""
    until = None if seconds is None else time.monotonic() + seconds
    while (until is None or time.monotonic() < until) and (job := claim_next()):
        yield execute(job)


def execute(job: Running) -> str:
    """Run the handler of a claimed job and write how it ended."""
    done_by = WORK[job.kind]
    try:
        with kept(job, done_by.limit):
            _work(job, done_by)
    except LeaseLost:
        log.warning("Job %s (%s) was taken over during attempt %s; nothing of it was written.", job.id, job.kind, job.attempt)
        return LOST
    except Exception as error:
        return _failed(job, done_by, error)
    return DONE


def _work(job: Running, done_by: Work) -> None:
    if not done_by.outside:
        with job.finishing():
            done_by.handler(job, job.payload)
        return
    done_by.handler(job, job.payload)
    if not job.finished:
        with job.finishing():
            pass


def _failed(job: Running, done_by: Work, error: Exception) -> str:
    """Put the job off, or bury it after the last attempt. Where even that cannot be written the lease runs out."""
    line = told(error)
    if job.finished:
        log.warning("Job %s (%s) failed after its end, which stands: %s", job.id, job.kind, line)
        return DONE
    final = job.attempt >= done_by.attempts or (isinstance(error, JobFailed) and error.final)
    log.warning("Job %s (%s) failed, attempt %s of %s: %s", job.id, job.kind, job.attempt, done_by.attempts, line)
    try:
        written = _bury(job, line) if final else _put_off(job, line, pause(job.attempt, done_by.wait))
    except DatabaseError:
        return LOST
    return (DEAD if final else WAITING) if written else LOST


def _bury(job: Running, line: str) -> int:
    return job.held().update(state=DEAD, lease_until=None, last_error=line, ended_at=now())


def _put_off(job: Running, line: str, wait: timedelta) -> int:
    return job.held().update(state=WAITING, lease_until=None, last_error=line, run_after=now() + wait)


def pause(attempt: int, wait: timedelta) -> timedelta:
    """Return the time until the next attempt: doubled each time, at most an hour, and scattered over its second half."""
    longest = min(wait * (1 << min(attempt - 1, 30)), LONGEST_WAIT)
    return longest * secrets.SystemRandom().uniform(0.5, 1)


def told(error: Exception) -> str:
    """Say in one line what went wrong. Messages of others are left out, since they quote what they were given."""
    if isinstance(error, JobFailed):
        return " ".join(str(error).split())[:LINE_LENGTH]
    name = type(error).__name__
    if isinstance(error, OSError) and error.errno in errno.errorcode:  # the system's words, not those of the caller
        name = f"{name} ({os.strerror(error.errno or 0)})"
    frames = [(frame.f_globals.get("__name__", ""), line) for frame, line in traceback.walk_tb(error.__traceback__)]
    ours = [(module, line) for module, line in frames if not module.startswith(("django.", "kb.jobs.run"))] or frames
    return f"{name} in {ours[-1][0]}, line {ours[-1][1]}."[:LINE_LENGTH]
