"""The bytes of files, read by another process.

A process that opens a file of SQLite beside SQLite's own connection gives up every lock of that connection as it closes the
file (sqlite.org/howtocorrupt.html, 2.2). The next process to open the database would then take it for its own.
"""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import connection


def database_files() -> list[Path]:
    """The files of the database, where there are any."""
    own = Path(str(connection.settings_dict["NAME"]))
    return list(own.parent.glob(f"{own.name}*")) if connection.vendor == "sqlite" else []


def site_files() -> list[Path]:
    """The files of the database, and everything that the site keeps beside it."""
    return [
        *database_files(),
        *(path for path in Path(settings.VAR_DIR).rglob("*") if path.is_file() and path.suffix != ".sqlite3"),
    ]


def files_with(words: str, files: Iterable[Path]) -> list[str]:
    """Names of those files in whose bytes the words stand."""
    named = [str(path) for path in files]
    if not named:
        return []
    found = subprocess.run(["grep", "-laF", "-e", words, "--", *named], capture_output=True, text=True, check=False)
    # One that is gone meanwhile holds nothing; anything else that keeps a file from being read is a fault of the test.
    assert found.returncode in (0, 1) or "No such file" in found.stderr, found.stderr
    return [Path(path).name for path in found.stdout.splitlines()]
