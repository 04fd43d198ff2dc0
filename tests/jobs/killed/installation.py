"""Starts the small installation on a database and a broker of its own, and looks at it from outside."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

PYTHON = (sys.executable, "-m")


class Installation:
    """A folder, a database and the processes on them."""

    def __init__(
        self, folder: Path, database_url: str, broker_url: str, *, package: str = "tests.jobs.killed", **environment: str
    ) -> None:  # fmt: skip
        self.folder = folder
        self.database_url = database_url
        self.environment = os.environ | environment | {
            "DJANGO_SETTINGS_MODULE": f"{package}.settings", "KB_VAR": str(folder), "DATABASE_URL": database_url,
            "KB_BROKER_URL": broker_url, "KB_SWEEP_SECONDS": "1", "KB_JOB_WORKERS": "2", "KB_LOG_LEVEL": "CRITICAL",
            # Workers start many times here: compiled modules are kept, wherever the tests run.
            "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder.parent / "compiled"),
        }  # fmt: skip
        subprocess.run([*PYTHON, "django", "migrate", "--verbosity=0"], cwd=settings.BASE_DIR, env=self.environment, check=True)

    def start(self, module: str, *words: str, **options: Any) -> "subprocess.Popen[str]":
        """Start a module."""
        command = [*PYTHON, module, *words]
        return subprocess.Popen(command, cwd=settings.BASE_DIR, env=self.environment, text=True, **options)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds, in a connection of its own."""
        if self.database_url.startswith("sqlite"):
            with closing(sqlite3.connect(self.database_url.removeprefix("sqlite:///"), timeout=20)) as database:
                return list(database.execute(query))
        with psycopg.connect(self.database_url) as connection:
            found = connection.execute(query.encode())
            return found.fetchall() if found.description else []

    def waits_for(self) -> int:
        """How many jobs are neither done nor given up."""
        return int(self.rows("SELECT count(*) FROM jobs_job WHERE state NOT IN ('done', 'dead')")[0][0])

    def attempts(self, kind: str = "") -> int:
        """How often a job was taken up: any, or those of a kind."""
        of = f" WHERE kind = '{kind}'" if kind else ""
        return int(self.rows(f"SELECT coalesce(sum(fence), 0) FROM jobs_job{of}")[0][0])


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """The address of an empty database of the kind that the tests run on."""
    given = settings.DATABASES["default"]
    if given["ENGINE"].endswith("sqlite3"):
        yield f"sqlite:///{folder / 'killed.sqlite3'}"
        return
    name = sql.Identifier(f"upstream_killed_{os.getpid()}")
    server = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    login = f"{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}"
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            yield f"postgres://{login}/upstream_killed_{os.getpid()}"
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@contextmanager
def fresh_broker(kind: str, folder: Path) -> Iterator[str]:
    """The address of a broker of its own: a folder, or a Redis server. Skips where there is none, and fails so under CI."""
    if kind == "filesystem":
        yield "filesystem://"
        return
    if not shutil.which("redis-server"):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("redis-server is not installed")
    with fresh_redis(folder) as address:
        yield address


@contextmanager
def fresh_redis(folder: Path) -> Iterator[str]:
    """The address of a Redis server of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield _answering(port)
    finally:
        server.kill()
        server.wait()


def _answering(port: int) -> str:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return f"redis://127.0.0.1:{port}/0"
        time.sleep(0.1)
    raise TimeoutError("Redis does not answer")


def children(parent: int) -> list[int]:
    """The living workers below a process: those of a supervisor, or the pool of a worker."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, above = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            is_worker = "\0worker\0" in (folder / "cmdline").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(above) == parent and state != "Z" and is_worker:
            found.append(int(folder.name))
    return sorted(found)
