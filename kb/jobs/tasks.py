"""What the messages of Celery set off. A message that comes late, twice or wrong finds nothing to do."""

import socket

from celery import shared_task

from kb.jobs.run import drain, run
from kb.jobs.sweep import WORKER, note, sweep, sweep_if_late

# A hint is a wake-up: the worker goes on with what else is due, for about so many seconds.
_GO_ON = 4.0


def run_hinted(job_id: int) -> None:
    """Run the job that a hint names, then what else is due."""
    note(WORKER + socket.gethostname())
    run(job_id)
    for _ in drain(_GO_ON):
        sweep_if_late()


def sweep_asked() -> None:
    """Sweep, as beat asks for."""
    note(WORKER + socket.gethostname())
    sweep()


run_task = shared_task(name="kb.jobs.run")(run_hinted)
sweep_task = shared_task(name="kb.jobs.sweep")(sweep_asked)
