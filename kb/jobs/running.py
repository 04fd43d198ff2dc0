"""A job in the hands of a worker: what its handler is given to renew the lease and to end the job.

Every write asks for the fence that the lease was given with, so a worker whose lease was taken over changes nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from kb.core.clock import now
from kb.jobs.models import DONE, RUNNING, Job


class LeaseLost(Exception):
    """The job was taken over or taken away: nothing that this worker does to it counts any more."""


class JobFailed(Exception):
    """Raised by a handler to say in one line why it failed. The line is stored and shown, so it holds no payload.

    A final failure is not tried again.
    """

    def __init__(self, line: str, *, final: bool = False) -> None:
        super().__init__(line)
        self.final = final


@dataclass(slots=True)
class Running:
    """A claimed job. `attempt` counts from 1."""

    id: int
    kind: str
    key: str
    attempt: int
    fence: int
    lease: timedelta
    payload: dict[str, Any] = field(repr=False)
    finished: bool = False

    def held(self) -> "QuerySet[Job]":
        """The job's row, as long as this worker holds it."""
        return Job.objects.filter(pk=self.id, fence=self.fence, state=RUNNING)

    def renew(self) -> None:
        """Extend the lease by its length from now. Raises LeaseLost."""
        if not self.held().update(lease_until=now() + self.lease):
            raise LeaseLost(f"job {self.id}")

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """Commit what is written inside together with the job's end, or neither. Raises LeaseLost."""
        with transaction.atomic(durable=True):
            yield
            ended = self.held().update(state=DONE, payload="", lease_until=None, last_error="", ended_at=now())
            if not ended:
                raise LeaseLost(f"job {self.id}")
        self.finished = True
