"""The site as gunicorn serves it, on a loopback port, with one bare Django page beside its own addresses.

    from bench.http_server import Server

It is both the module that gunicorn loads (`application`, and the addresses) and what starts and stops gunicorn.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench import setup

setup.django()

from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import URLPattern, URLResolver, path  # noqa: E402

BARE = "/bare/"
_STARTS_WITHIN = 60
_STOPS_WITHIN = 20


def _bare(request: HttpRequest) -> HttpResponse:
    """The least that Django answers: no database, no template, a few words."""
    return HttpResponse("A bare page.", content_type="text/plain; charset=utf-8")


def _urlpatterns() -> list[URLPattern | URLResolver]:
    from kb.urls import urlpatterns as own  # noqa: PLC0415 - only the server needs the addresses of the site

    return [path(BARE.strip("/") + "/", _bare), *own]


def __getattr__(name: str) -> object:
    """Give gunicorn its application and Django its addresses; whoever only starts a server pays for neither."""
    if name == "urlpatterns":
        return _urlpatterns()
    if name == "application":
        settings.ROOT_URLCONF = __name__
        return WSGIHandler()
    raise AttributeError(name)


@dataclass(frozen=True)
class Server:
    """A running gunicorn."""

    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        text = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in text.split()]

    def memory_mb(self) -> list[float]:
        """Resident memory of each worker."""
        return [_resident_mb(pid) for pid in self.workers]

    def cpu_seconds(self) -> float:
        """What the workers have taken of the processors."""
        return sum(_cpu_seconds(pid) for pid in self.workers)


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextmanager
def serving(workers: int, *, keeping: bool = True) -> Iterator[Server]:
    """Serve with so many workers until the end of the block; without `keeping` every answer is made anew."""
    port = _free_port()
    environment = os.environ | {"KB_PORT": str(port), "KB_WEB_WORKERS": str(workers), "KB_LOG_LEVEL": "WARNING"}
    environment |= {} if keeping else {"KB_KEPT_MB": "0"}
    command = [sys.executable, "-m", "gunicorn", "--config", "python:kb.web", f"{__name__}:application"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield Server(port, process)
    finally:
        _stop(process)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < ends and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError("gunicorn does not answer.")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
