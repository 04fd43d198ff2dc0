"""Taking a job: one worker gets its lease and a new fence. What was taken by a worker that fell silent is due again.

Which jobs are due is said here alone; the sweeper and the workers ask for it.
"""

import json
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from kb.core.clock import now
from kb.jobs.models import DEAD, RUNNING, WAITING, Job
from kb.jobs.registry import WORK, Work
from kb.jobs.running import Running

_LOOK_AHEAD = 20


def claim(job_id: int) -> Running | None:
    """Take a job that is due; nothing where it is not, is held by another, or is of a kind that nobody declared here."""
    moment = now()
    with transaction.atomic():
        due = Q(state=WAITING, run_after__lte=moment) | Q(state=RUNNING, lease_until__lt=moment)
        row = Job.objects.select_for_update(skip_locked=True).filter(due, pk=job_id).first()
        done_by = WORK.get(row.kind) if row else None
        return _take(row, done_by, moment) if row and done_by else None


def claim_next() -> Running | None:
    """Take the job that has been due longest; nothing where none is left."""
    return next((taken for job_id in due_jobs(_LOOK_AHEAD) if (taken := claim(job_id))), None)


def due_jobs(limit: int) -> list[int]:
    """Ids of jobs that are due and of a declared kind: those whose worker fell silent, then those that wait longest."""
    moment, known = now(), Job.objects.filter(kind__in=list(WORK))
    silent = known.filter(state=RUNNING, lease_until__lt=moment).order_by("lease_until")
    waiting = known.filter(state=WAITING, run_after__lte=moment).order_by("run_after")
    found = [*silent.values_list("pk", flat=True)[:limit], *waiting.values_list("pk", flat=True)[:limit]]
    return found[:limit]


def _take(row: Job, done_by: Work, moment: datetime) -> Running | None:
    if row.state == RUNNING:
        row.last_error = f"The worker was lost during attempt {row.attempts} of {done_by.attempts}."
    if row.attempts >= done_by.attempts:
        _bury(row, moment)
        return None
    row.state, row.started_at, row.lease_until = RUNNING, moment, moment + done_by.lease
    row.attempts += 1
    row.fence += 1
    row.save(update_fields=["state", "started_at", "lease_until", "attempts", "fence", "last_error"])
    return Running(row.pk, row.kind, row.key, row.attempts, row.fence, done_by.lease, json.loads(row.payload))


def _bury(row: Job, moment: datetime) -> None:
    """Give up on a job whose worker was lost in its last attempt."""
    row.state, row.lease_until, row.ended_at = DEAD, None, moment
    row.save(update_fields=["state", "lease_until", "ended_at", "last_error"])
