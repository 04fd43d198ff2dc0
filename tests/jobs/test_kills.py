"""Workers are killed at random moments: no order that was acknowledged is lost, and every effect takes place once."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.jobs.killed.installation import Installation, children, fresh_database, fresh_redis

KILLS = 20
KILLS_OF_THE_WHOLE = 0.3
LONGEST_RECOVERY = 30  # seconds; the usual is written down in docs/decisions/0008-jobs.md


@pytest.fixture(params=["filesystem", "redis"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    if request.param == "redis" and not shutil.which("redis-server"):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("redis-server is not installed")
    with ExitStack() as stack:
        broker = stack.enter_context(fresh_redis(tmp_path)) if request.param == "redis" else "filesystem://"
        yield Installation(tmp_path, stack.enter_context(fresh_database(tmp_path)), broker)


def test_twenty_kills_lose_nothing_and_repeat_nothing(installation: Installation) -> None:
    chance = random.Random(20)
    supervisor = installation.start("serve")
    client = installation.start("order", stdout=subprocess.PIPE)
    try:
        killed = [kill_one(installation, supervisor.pid, chance) for _ in range(KILLS)]
        client.kill()
        told, _ = client.communicate()
        recovery = until(lambda: not installation.waits_for())
    finally:
        client.kill()
        supervisor.terminate()
        supervisor.wait(40)
    acknowledged = told.split()
    sys.stdout.write(f"{Counter(killed)}, {len(acknowledged)} orders, recovered in {recovery:.1f} s\n")
    check_effects(installation, acknowledged)


def kill_one(installation: Installation, supervisor: int, chance: random.Random) -> str:
    """Kill a worker or a process of its pool, at a random moment after a job was taken up since the last kill."""
    begun = installation.attempts()
    until(lambda: installation.attempts() > begun)
    time.sleep(chance.uniform(0, 0.3))
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


def check_effects(installation: Installation, acknowledged: list[str]) -> None:
    effects = Counter(job for (job,) in installation.rows("SELECT job FROM effect"))
    assert len(acknowledged) >= KILLS
    assert set(effects.values()) == {1}
    assert {f"{kind} {number}" for kind in ("inside", "outside") for number in acknowledged} <= set(effects)
    outbox = installation.folder / "outbox"
    ended = installation.rows("SELECT kind, state, payload FROM jobs_job")
    mails = sum(kind == "mail" for kind, _, _ in ended)
    handed_in = (outbox / "handed-in.log").read_text().split()
    assert mails == len(set(handed_in)) == len(list(outbox.glob("*.eml")))
    assert mails >= len(acknowledged)
    assert {(state, payload) for _, state, payload in ended} == {("done", "")}
