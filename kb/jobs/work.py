"""The work of this app itself: sending mail, and forgetting what is long over."""

from datetime import timedelta

from django.conf import settings

from kb.core.clock import now
from kb.jobs.mail import KIND, Payload, deliver
from kb.jobs.models import DEAD, DONE, DROPPED, Job, Seen
from kb.jobs.registry import work
from kb.jobs.running import Running
from kb.jobs.schedule import every
from kb.jobs.sweep import WORKER

# A mail server that is away, or that greylists, is asked again for some hours.
work(KIND, attempts=16, outside=True)(deliver)


@work("jobs.forget", when=every(timedelta(hours=1)))
def forget(job: Running, payload: Payload) -> None:
    """Delete jobs that ended long ago, empty dead ones that nobody took up, and forget workers that are gone.

    A mail that was dropped stays known: one of which nothing is known any more counts as delivered.
    """
    moment = now()
    over = moment - timedelta(days=settings.JOBS_KEPT_DAYS)
    Job.objects.filter(state__in=(DONE, DROPPED), ended_at__lt=over).exclude(kind=KIND, state=DROPPED).delete()
    buried = moment - timedelta(days=settings.DEAD_JOBS_KEPT_DAYS)
    Job.objects.filter(state=DEAD, ended_at__lt=buried).update(payload="")
    Seen.objects.filter(name__startswith=WORKER, at__lt=over).delete()
