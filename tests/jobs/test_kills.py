"""Workers are killed at random moments: no order that was acknowledged is lost, and every effect takes place once."""

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.killed.installation import Installation, fresh_broker, fresh_database
from tests.jobs.killed.killing import kill_one, until

KILLS = 20
EFFECTS = "CREATE TABLE effect (job varchar(200))"


@pytest.fixture(params=["filesystem", "redis"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    (tmp_path / "outbox").mkdir()
    with fresh_broker(request.param, tmp_path) as broker, fresh_database(tmp_path) as address:
        built = Installation(tmp_path, address, broker)
        built.rows(EFFECTS)
        yield built


def test_twenty_kills_lose_nothing_and_repeat_nothing(installation: Installation) -> None:
    chance = random.Random(20)
    supervisor = installation.start("tests.jobs.killed.serve")
    client = installation.start("tests.jobs.killed.order", stdout=subprocess.PIPE)
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
