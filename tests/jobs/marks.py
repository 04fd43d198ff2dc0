"""Work whose effect can be counted, and time that passes at once."""

from datetime import timedelta

from kb.jobs.models import Job, Seen
from kb.jobs.registry import Payload
from kb.jobs.running import Running


def leave_mark(job: Running, payload: Payload) -> None:
    """An effect on the database that can be counted."""
    Seen.objects.create(name=f"mark:{job.key}:{Seen.objects.count()}", at=Job.objects.get(pk=job.id).created_at)


def marks() -> int:
    return Seen.objects.filter(name__startswith="mark:").count()


def let_lease_lapse(job_id: int) -> None:
    row = Job.objects.get(pk=job_id)
    assert row.lease_until
    Job.objects.filter(pk=job_id).update(lease_until=row.lease_until - timedelta(hours=1))


def make_due(job_id: int) -> None:
    row = Job.objects.get(pk=job_id)
    Job.objects.filter(pk=job_id).update(run_after=row.run_after - timedelta(days=1))
