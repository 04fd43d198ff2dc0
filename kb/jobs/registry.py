"""The kinds of work: what each is called, who does it, and how patiently. Apps declare theirs in a module `work`.

How a job is claimed, run and ended is left to the modules beside this one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kb.jobs.running import Running

Payload = Mapping[str, Any]
Handler = Callable[[Running, Payload], None]
# Takes a moment and returns when the time slot began that holds it.
When = Callable[[datetime], datetime]

LEASE = timedelta(seconds=6)


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work.

    `lease` is how long a silent worker keeps a job; a living one renews it until `limit` has passed. `wait` is the pause
    after the first failure; it doubles. Work that is `outside` the database runs in no transaction.
    """

    kind: str
    handler: Handler
    attempts: int
    lease: timedelta
    limit: timedelta
    wait: timedelta
    outside: bool
    when: When | None


WORK: dict[str, Work] = {}


def work(
    kind: str,
    *,
    attempts: int = 5,
    lease: timedelta = LEASE,
    limit: timedelta = timedelta(minutes=10),
    wait: timedelta = timedelta(seconds=10),
    outside: bool = False,
    when: When | None = None,
) -> Callable[[Handler], Handler]:
    """Declare the function that does a kind of work.

    Its writes are committed together with the job's end, or not at all: the effect on the database happens exactly once.
    Work that reaches outside (`outside=True`) runs without a transaction and may run again after a loss; it writes what
    it learned within `with job.finishing():`. With `when`, from kb.jobs.schedule, the sweeper makes a job for each slot.
    """

    def declare(handler: Handler) -> Handler:
        if kind in WORK:
            raise ValueError(f"work {kind!r} is declared twice")
        WORK[kind] = Work(kind, handler, attempts, lease, limit, wait, outside, when)
        return handler

    return declare
