"""The sweep: periodic work becomes jobs, and workers are told of what is due though no hint of it arrived.

It may run anywhere, at any time and many times at once. Beat asks for it; workers make up for a beat that is silent.
"""

from datetime import timedelta

from django.conf import settings

from kb.core.clock import now
from kb.jobs.claim import due_jobs
from kb.jobs.hints import forget_old_messages, hint
from kb.jobs.models import Seen
from kb.jobs.schedule import make_slots

SWEEP = "sweep"
WORKER = "worker:"
_HINTS = 8  # a worker that is told of one job goes on with what else is due
_SELDOM = timedelta(seconds=10)


def sweep() -> None:
    """Order periodic work that is due and send hints for the jobs that are due longest."""
    note(SWEEP)
    make_slots(now())
    for job_id in due_jobs(_HINTS):
        if not hint(job_id):
            break
    forget_old_messages()


def sweep_if_late() -> None:
    """Sweep where nobody did for two rounds."""
    oldest = now() - max(timedelta(seconds=2 * settings.SWEEP_SECONDS), 2 * _SELDOM)
    if not Seen.objects.filter(name=SWEEP, at__gt=oldest).exists():
        sweep()


def note(name: str) -> None:
    """Write down that something was seen; not more often than anyone needs to know."""
    moment = now()
    if not Seen.objects.filter(name=name, at__gt=moment - _SELDOM).exists():
        Seen.objects.update_or_create(name=name, defaults={"at": moment})
