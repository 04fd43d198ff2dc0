"""Workers of Celery are killed while they poll, over each broker: nothing is lost or doubled, and every order ends once."""

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.feedserver import FeedServer, needs_feedserver, running
from tests.jobs.killed.installation import Installation, fresh_broker, fresh_database
from tests.jobs.killed.killing import kill_one, until

KILLS = 20
FEEDS, ENTRIES, HOSTS = 12, 10, 6
ENTRIES_OF = "SELECT feed_id, count(*), count(DISTINCT uid_key) FROM feeds_entry GROUP BY feed_id"
POLLS_OF = "SELECT feed_id, count(*), sum(CASE WHEN outcome = 'new' THEN 1 ELSE 0 END) FROM feeds_poll GROUP BY feed_id"


@needs_feedserver
@pytest.mark.shared
@pytest.mark.parametrize("kind", ["filesystem", "redis"])
def test_twenty_kills_of_workers_lose_and_double_no_entry_and_end_every_poll_once(kind: str, tmp_path: Path) -> None:
    with (
        running("--feeds", str(FEEDS), "--entries", str(ENTRIES), "--hosts", str(HOSTS)) as server,
        fresh_broker(kind, tmp_path) as broker,
        fresh_database(tmp_path) as address,
    ):
        installation = Installation(tmp_path, address, broker, package="tests.feeds.killed", KB_FETCH_ALLOWED_HOSTS="127.0.0.0/8")
        rounds = killed(installation, server)
        check(installation, rounds)


def killed(installation: Installation, server: FeedServer) -> int:
    """Kill workers while polls are ordered. Returns how often each feed had something new after the first time."""
    chance = random.Random(20)
    supervisor = installation.start("tests.jobs.killed.serve")
    client = installation.start("tests.feeds.killed.order", server.url(""), stdout=subprocess.PIPE)
    try:
        victims = [kill_one(installation, supervisor.pid, chance, kind="feeds.poll", within=1.0) for _ in range(KILLS)]
        (installation.folder / "stop").touch()
        recovery = until(lambda: client.poll() is not None)
        until(lambda: not installation.waits_for())
    finally:
        client.kill()
        supervisor.terminate()
        supervisor.wait(40)
    rounds = int(client.communicate()[0])
    sys.stdout.write(f"{Counter(victims)}, {rounds} rounds, recovered in {recovery:.1f} s\n")
    return rounds


def check(installation: Installation, rounds: int) -> None:
    entries = {(count, distinct) for _, count, distinct in installation.rows(ENTRIES_OF)}
    polls = [(count, new) for _, count, new in installation.rows(POLLS_OF)]
    assert rounds > 0 and entries == {(ENTRIES + rounds, ENTRIES + rounds)}
    assert polls == [(rounds + 1, rounds + 1)] * FEEDS
    jobs = installation.rows("SELECT state, payload, fence FROM jobs_job WHERE kind = 'feeds.poll'")
    assert {(state, payload) for state, payload, _ in jobs} == {("done", "")}
    assert any(fence > 1 for *_, fence in jobs), "no poll was cut off"
    assert installation.rows("SELECT kind FROM jobs_job WHERE state = 'dead'") == []
