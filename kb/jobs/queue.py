"""How work is ordered, put off and called off. The order is a row in the caller's transaction: it stands if that commits.

Working on it is left to kb.jobs.run.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from kb.core.clock import now
from kb.jobs.hints import hint
from kb.jobs.models import DEAD, KEY_LENGTH, RUNNING, WAITING, Job
from kb.jobs.registry import WORK

MAX_PAYLOAD = 1_000_000


def enqueue(kind: str, *, key: str, payload: Mapping[str, Any] | None = None, run_after: datetime | None = None) -> int:
    """Order one piece of work and return the id of its job.

    Kind and key name the work: ordered again it stays as it is, whatever has become of it, until its row is pruned.
    Raises LookupError for a kind that nobody declared, ValueError for a key or payload that does not fit.
    """
    if kind not in WORK:
        raise LookupError(f"no work {kind!r} is declared")
    moment = now()
    due = run_after or moment
    row = Job(kind=kind, key=_checked_key(key), payload=_written(payload or {}), run_after=due, created_at=moment)
    with transaction.atomic():
        Job.objects.bulk_create([row], ignore_conflicts=True)
        job_id, state = Job.objects.values_list("pk", "state").get(kind=kind, key=key)
        if state == WAITING and due <= moment:
            _hint_on_commit(job_id)
    return job_id


def reschedule(kind: str, key: str, run_after: datetime) -> bool:
    """Let waiting work start at another time. Returns whether it was still waiting."""
    moved = Job.objects.filter(kind=kind, key=key, state=WAITING)
    with transaction.atomic():
        job_id = moved.select_for_update().values_list("pk", flat=True).first()
        if job_id is None:
            return False
        moved.update(run_after=run_after)
        if run_after <= now():
            _hint_on_commit(job_id)
    return True


def cancel(kind: str, key: str) -> bool:
    """Call work off and forget it, so that the same key can be ordered anew. Returns whether there was any left to do.

    A handler that is running cannot commit afterwards; what it did outside the database stays done.
    """
    deleted, _ = Job.objects.filter(kind=kind, key=key, state__in=(WAITING, RUNNING, DEAD)).delete()
    return bool(deleted)


def _hint_on_commit(job_id: int) -> None:
    transaction.on_commit(partial(hint, job_id), robust=True)


def _checked_key(key: str) -> str:
    if not 0 < len(key) <= KEY_LENGTH or "\0" in key:
        raise ValueError(f"the key of a job has 1 to {KEY_LENGTH} characters")
    return key


def _written(payload: Mapping[str, Any]) -> str:
    """Write a payload as ASCII, in which every character of JSON has a place in every database."""
    text = json.dumps(payload, ensure_ascii=True, allow_nan=False)
    if len(text) > MAX_PAYLOAD:
        raise ValueError(f"the payload of a job takes at most {MAX_PAYLOAD} bytes")
    return text
