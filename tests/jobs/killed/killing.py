"""Kills workers, or processes of their pools, at random moments after a job was taken up."""

import os
import random
import signal
import time
from collections.abc import Callable

import pytest

from tests.jobs.killed.installation import Installation, children

KILLS_OF_THE_WHOLE = 0.3
LONGEST_RECOVERY = 30  # seconds; the usual is written down in docs/decisions/0008-jobs.md


def kill_one(installation: Installation, supervisor: int, chance: random.Random, *, kind: str = "", within: float = 0.3) -> str:
    """Kill a worker or a process of its pool, at a random moment after a job (of a kind) was taken up since the last kill."""
    begun = installation.attempts(kind)
    until(lambda: installation.attempts(kind) > begun)
    time.sleep(chance.uniform(0, within))
    until(lambda: bool(children(supervisor)))
    victim = chance.choice(children(supervisor))
    pool = children(victim)
    whole = not pool or chance.random() < KILLS_OF_THE_WHOLE
    os.kill(victim if whole else chance.choice(pool), signal.SIGKILL)
    return "the worker" if whole else "a process of its pool"


def until(true: Callable[[], bool]) -> float:
    """Wait until something is true. Returns the seconds that it took."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > LONGEST_RECOVERY:
            pytest.fail("the work was not taken up again")
        time.sleep(0.05)
    return time.monotonic() - began
