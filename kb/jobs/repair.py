"""What an operator may do to a job that does not come to its end: try it again, or drop it with a reason."""

import logging

from django.db import transaction

from kb.core.clock import now
from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.core.safety import UnsafeText, check_texts
from kb.jobs.hints import hint
from kb.jobs.models import DEAD, DROPPED, LINE_LENGTH, WAITING, Job

log = logging.getLogger(__name__)


def retry(job_id: int, by: str) -> None:
    """Let a dead job start anew, with all its attempts. Raises NotFound, and Conflict where it is not dead or emptied."""
    with transaction.atomic():
        row = _locked(job_id)
        if row.state != DEAD:
            raise Conflict(f"Job {job_id} is {row.state}: only a dead job can be tried again.")
        if not row.payload:
            raise Conflict(f"What job {job_id} was to do is kept no longer: it can only be dropped.")
        row.state, row.attempts, row.run_after, row.ended_at = WAITING, 0, now(), None
        row.save(update_fields=["state", "attempts", "run_after", "ended_at"])
        transaction.on_commit(lambda: hint(job_id), robust=True)
    log.info("Job %s is tried again, asked for by %s.", job_id, by)


def drop(job_id: int, by: str, reason: str) -> None:
    """Give a waiting or dead job up for good. Raises NotFound, InvalidInput and Conflict."""
    note = f"Dropped by {by}: {_checked(reason)}"
    if len(note) > LINE_LENGTH:
        raise InvalidInput(f"A reason takes at most {LINE_LENGTH - len(note) + len(reason)} characters.")
    with transaction.atomic():
        row = _locked(job_id)
        if row.state not in (WAITING, DEAD):
            raise Conflict(f"Job {job_id} is {row.state}: only a waiting or dead job can be dropped.")
        row.state, row.payload, row.last_error, row.ended_at = DROPPED, "", note, now()
        row.save(update_fields=["state", "payload", "last_error", "ended_at"])
    log.info("Job %s was dropped by %s.", job_id, by)


def _locked(job_id: int) -> Job:
    row = Job.objects.select_for_update().filter(pk=job_id).first()
    if row is None:
        raise NotFound(f"There is no job {job_id}.")
    return row


def _checked(reason: str) -> str:
    """Return a reason as one line. Raises InvalidInput where there is none, or where the guard refuses it."""
    line = " ".join(reason.split())
    if not line:
        raise InvalidInput("Say why the job is dropped.")
    try:
        check_texts((line,))
    except UnsafeText as refusal:
        raise InvalidInput(str(refusal)) from None
    return line
