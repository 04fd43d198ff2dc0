"""`manage.py run_jobs`: do the work without Celery, for good or with --once until nothing is due."""

import signal
import socket
import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from kb.jobs.models import DEAD, DONE, WAITING
from kb.jobs.run import drain
from kb.jobs.sweep import WORKER, note, sweep, sweep_if_late

_IDLE = 1.0


class Command(BaseCommand):
    """A worker that needs no broker: it asks the table itself."""

    help = "Run the jobs that are due. Without --once it goes on until it is stopped; no Celery is needed."
    requires_system_checks: list[str] = []
    _stopped = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --once."""
        parser.add_argument("--once", action="store_true", help="end when nothing is due any more")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        """Run what is due; with --once, fail where a job died."""
        if once:
            self._once()
            return
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, self._stop)
        while not self._stopped:
            self._round()

    def _once(self) -> None:
        sweep()
        ended = Counter(drain())
        self.stdout.write(f"{ended[DONE]} done, {ended[WAITING]} to be tried again, {ended[DEAD]} dead.")
        if ended[DEAD]:
            raise CommandError(f"{ended[DEAD]} of the jobs died; the operators' page says which and why.")

    def _round(self) -> None:
        """Sweep and work for a while. A database that is away for a moment is asked again."""
        close_old_connections()
        try:
            note(WORKER + socket.gethostname())
            sweep()
            for _ in drain():
                sweep_if_late()
                if self._stopped:
                    return
        except DatabaseError as error:
            self.stderr.write(f"The database did not answer ({type(error).__name__}).")
        time.sleep(_IDLE)

    def _stop(self, *_: object) -> None:
        """End after the job at hand."""
        self._stopped = True
