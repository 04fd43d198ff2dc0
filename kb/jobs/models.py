"""The tables of work: one row for each job, which is the truth about it, and when something was last seen.

A job is worked on by whoever holds its lease. Its fence grows with each lease, and only the newest fence may end it.
"""

from django.db import models

WAITING, RUNNING, DONE, DEAD, DROPPED = "waiting", "running", "done", "dead", "dropped"
STATES = [(state, state) for state in (WAITING, RUNNING, DONE, DEAD, DROPPED)]
KEY_LENGTH = 200
LINE_LENGTH = 300


class Job(models.Model):
    """One piece of work, known by its kind and key. The payload is JSON and is emptied once the work is done."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=KEY_LENGTH)
    # Text, since PostgreSQL's own type refuses characters that JSON may hold.
    payload = models.TextField(blank=True)
    state = models.CharField(max_length=7, choices=STATES, default=WAITING)
    run_after = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    fence = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=LINE_LENGTH, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="jobs_job_once"),
            models.CheckConstraint(
                condition=models.Q(state=RUNNING, lease_until__isnull=False)
                | (~models.Q(state=RUNNING) & models.Q(lease_until__isnull=True)),
                name="jobs_running_has_a_lease",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=(DONE, DROPPED)) | models.Q(payload=""), name="jobs_ended_keeps_no_payload"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "run_after"], name="jobs_due"),
            models.Index(fields=["state", "lease_until"], name="jobs_lapsed"),
            models.Index(fields=["state", "ended_at"], name="jobs_ended"),
        ]

    def __str__(self) -> str:
        return f"job {self.pk} ({self.kind})"


class Seen(models.Model):
    """When something last gave a sign of life: the sweep, a worker, or the newest time slot of periodic work."""

    name = models.CharField(max_length=200, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"
