"""The seeded feed server of the shared tools, run beside a test, with the documents and hostile transports it knows."""

import json
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

TOOL = Path(__file__).parents[2] / "shared" / "tools" / "feedserver.py"
needs_feedserver = pytest.mark.skipif(not TOOL.exists(), reason="needs the shared feed server beside the project")


@dataclass(frozen=True, slots=True)
class FeedServer:
    """A running server; `url` builds addresses at one of its hosts."""

    port: int

    def url(self, path: str, host: int = 1) -> str:
        """Return the address of a path."""
        return f"http://127.0.0.{host}:{self.port}/{path.lstrip('/')}"

    def json(self, path: str) -> Any:
        """Ask the server for what it tells of itself."""
        with urllib.request.urlopen(self.url(path)) as answer:
            return json.load(answer)

    def control(self, path: str) -> None:
        """Tell the server to do something."""
        urllib.request.urlopen(self.url(f"/_ctl/{path}")).read()


@contextmanager
def running(*options: str) -> Iterator[FeedServer]:
    """Run a server with options of its command line for as long as the block lasts."""
    port = _free_port()
    command = [sys.executable, str(TOOL), "--port", str(port), "--max-seconds", "600", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert process.stdout and json.loads(process.stdout.readline())["ready"]
        yield FeedServer(port)
    finally:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
