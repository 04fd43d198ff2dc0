"""The supervisor behind `make run`: all start, all stop, and what dies is started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

RUN = """
import sys
from kb.serve import Process, Supervisor
folder = sys.argv[1]
write = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1], f'{{sys.argv[2]}}-{{os.getpid()}}').touch(); {then}"
def process(name, then):
    return Process(name, (sys.executable, "-c", write.format(then=then), folder, name))
processes = [process("web", "time.sleep(60)"), process("worker", sys.argv[2])]
sys.exit(Supervisor(processes, steady=float(sys.argv[3]), grace=5).run())
"""
GOES_ON = "time.sleep(60)"


@pytest.fixture
def start(tmp_path: Path) -> Callable[[str, float], "subprocess.Popen[str]"]:
    def started(then: str, steady: float) -> "subprocess.Popen[str]":
        environment = os.environ | {"KB_VAR": str(tmp_path / "var")}
        command = [sys.executable, "-c", RUN, str(tmp_path), then, str(steady)]
        return subprocess.Popen(command, cwd=settings.BASE_DIR, stderr=subprocess.PIPE, text=True, env=environment)

    return started


def pids(folder: Path, name: str) -> list[int]:
    return [int(path.name.partition("-")[2]) for path in folder.glob(f"{name}-*")]


def until(true: Callable[[], bool]) -> None:
    for _ in range(300):
        if true():
            return
        time.sleep(0.1)
    pytest.fail("it never came to that")


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_of_it(
    start: Callable[[str, float], "subprocess.Popen[str]"], tmp_path: Path, number: signal.Signals
) -> None:
    supervisor = start(GOES_ON, 10)
    until(lambda: bool(pids(tmp_path, "web") and pids(tmp_path, "worker")))
    supervisor.send_signal(number)
    assert supervisor.wait(20) == 0
    assert not any(is_running(pid) for pid in pids(tmp_path, "web") + pids(tmp_path, "worker"))


def test_what_does_not_start_ends_all_of_it_and_says_so(
    start: Callable[[str, float], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    supervisor = start("sys.exit(3)", 10)
    _, told = supervisor.communicate(timeout=20)
    assert supervisor.returncode == 1
    assert "worker did not start (exit code 3); everything ends." in told
    assert not any(is_running(pid) for pid in pids(tmp_path, "web"))


def test_what_is_killed_later_is_started_again_and_the_rest_runs_on(
    start: Callable[[str, float], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    supervisor = start(GOES_ON, 0)
    until(lambda: bool(pids(tmp_path, "web") and pids(tmp_path, "worker")))
    os.kill(pids(tmp_path, "worker")[0], signal.SIGKILL)
    until(lambda: len(pids(tmp_path, "worker")) == 2)
    assert is_running(pids(tmp_path, "web")[0])
    supervisor.terminate()
    assert supervisor.wait(20) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_nothing_is_left_behind_when_the_supervisor_itself_is_killed(
    start: Callable[[str, float], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    supervisor = start(GOES_ON, 10)
    until(lambda: bool(pids(tmp_path, "web") and pids(tmp_path, "worker")))
    supervisor.kill()
    supervisor.wait(20)
    until(lambda: not any(is_running(pid) for pid in pids(tmp_path, "web") + pids(tmp_path, "worker")))
