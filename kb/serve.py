"""The whole installation on one machine: web server, worker and beat under one roof, as `make run` starts them.

What ends at the start ends all of it. What ends later is started again. A signal ends all, gently first.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from billiard.util import set_pdeathsig

from kb import settings

_PYTHON = sys.executable
_CELERY = (_PYTHON, "-m", "celery", "-A", "kb", "--quiet", "--skip-checks")
# Processes of a pool wait at one shared lock where the broker is a folder, and one that is killed there takes the lock
# with it: the others would wait for ever. Threads live and die together.
_POOL = "threads" if settings.BROKER_FOLDER else "prefork"
COMMANDS = {
    "web": (_PYTHON, "-m", "gunicorn", "--config", "python:kb.web", "kb.wsgi"),
    "worker": (
        *_CELERY, "worker", f"--pool={_POOL}", f"--concurrency={settings.JOB_WORKERS}",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ),
    "beat": (*_CELERY, "beat", "--scheduler=celery.beat:Scheduler", "--pidfile="),
}  # fmt: skip


@dataclass(slots=True)
class Process:
    """One of the processes: how it is started, and since when it runs."""

    name: str
    command: Sequence[str]
    running: "subprocess.Popen[bytes] | None" = None
    since: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches this process alone, and ends it with this one."""
        self.running = subprocess.Popen(self.command, start_new_session=True, preexec_fn=_end_with_parent)  # noqa: PLW1509, S603
        self.since = time.monotonic()

    def ended(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self.running.poll() if self.running else None

    def send(self, number: int) -> None:
        """Send it a signal, or to all that it started where it shall die."""
        if self.running is None or (self.running.poll() is not None and number != signal.SIGKILL):
            return
        try:
            (os.killpg if number == signal.SIGKILL else os.kill)(self.running.pid, number)
        except ProcessLookupError:
            return


class Supervisor:
    """Keeps processes running until a signal or a failed start."""

    def __init__(self, processes: Sequence[Process], *, steady: float = 10.0, grace: float = 20.0) -> None:
        self.processes = processes
        self.steady = steady  # seconds after which a start counts as made
        self.grace = grace  # seconds that processes have to end by themselves
        self.stopping = False

    def run(self) -> int:
        """Start everything and watch over it. Returns the exit code: 0 after a signal, 1 where something did not start."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        for process in self.processes:
            process.start()
        try:
            return self._watch(time.monotonic())
        finally:
            self._end()

    def _watch(self, began: float) -> int:
        while not self.stopping:
            for process in self.processes:
                code = process.ended()
                if code is None or self.stopping:
                    continue
                if time.monotonic() - began < self.steady:
                    say(f"{process.name} did not start (exit code {code}); everything ends.")
                    return 1
                self._again(process, code)
            time.sleep(0.2)
        return 0

    def _again(self, process: Process, code: int) -> None:
        """Start a process again: at once, or after a pause where it had only just started."""
        process.send(signal.SIGKILL)  # whatever of its own it left behind
        if time.monotonic() - process.since < self.steady:
            time.sleep(min(2.0, self.steady))
        say(f"{process.name} ended (exit code {code}) and is started again.")
        process.start()

    def _end(self) -> None:
        for process in self.processes:
            process.send(signal.SIGTERM)
        until = time.monotonic() + self.grace
        while any(process.ended() is None for process in self.processes) and time.monotonic() < until:
            time.sleep(0.1)
        for process in self.processes:
            process.send(signal.SIGKILL)

    def _stop(self, *_: object) -> None:
        self.stopping = True


def _end_with_parent() -> None:
    """Ask the kernel to end this process when its parent is killed; runs in the child before the command does."""
    if sys.platform == "linux":
        set_pdeathsig(signal.SIGTERM)


def say(line: str) -> None:
    """Tell the terminal."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def main() -> int:
    """Run the installation."""
    return Supervisor([Process(name, command) for name, command in COMMANDS.items()]).run()


if __name__ == "__main__":
    sys.exit(main())
