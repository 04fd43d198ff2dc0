"""Workers are killed while they poll: no entry is lost or doubled, and every feed is polled once."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.feedserver import FeedServer, needs_feedserver
from tests.jobs.killed.installation import fresh_database

KILLS = 20
# What the operator does before and between the kills, in a process of its own: leases run out, what is due is ordered anew.
SUBSCRIBE = """
import json, sys, urllib.request
from kb.feeds.models import Feed
for row in json.load(urllib.request.urlopen(sys.argv[1])):
    Feed.objects.create(url=row["url"], title=row["url"], active=True)
"""
GO_ON = """
from django.db import transaction
from kb.core.clock import now
from kb.feeds.due import POLL, order_polls
from kb.jobs.models import DEAD, RUNNING, Job
Job.objects.filter(kind=POLL, state=RUNNING).update(lease_until=now())
Job.objects.filter(kind=POLL, state=DEAD).delete()
with transaction.atomic():
    order_polls(now(), now().isoformat())
"""
TELL = """
from django.db.models import Count
from kb.feeds.models import Entry, Feed, Poll
print(Feed.objects.count(), Poll.objects.count(), Poll.objects.filter(outcome="new").values("feed").distinct().count())
print(Entry.objects.count(), Entry.objects.values("feed", "uid_key").distinct().count())
"""


@needs_feedserver
@pytest.mark.shared
def test_twenty_kills_lose_and_double_no_entry(server: FeedServer, tmp_path: Path) -> None:
    with fresh_database(tmp_path) as address:
        told = _killed(server, address, tmp_path)
    feeds, polls, polled, entries, distinct = map(int, told.split())
    assert (feeds, polls, polled) == (30, 30, 30)
    assert entries == distinct >= 29 * 10


def _killed(server: FeedServer, address: str, folder: Path) -> str:
    environment = os.environ | {"DATABASE_URL": address, "KB_VAR": str(folder), "KB_FETCH_ALLOWED_HOSTS": "127.0.0.0/8"}

    def manage(*command: str) -> None:
        subprocess.run([sys.executable, "manage.py", *command], env=environment, check=True, capture_output=True)

    def script(text: str, *words: str) -> str:
        whole = f"import django; django.setup()\n{text}"
        return subprocess.run(
            [sys.executable, "-c", whole, *words], env=environment, check=True, capture_output=True, text=True
        ).stdout

    manage("migrate", "--verbosity", "0")
    script(SUBSCRIBE, server.url("/_manifest"))
    chance = random.Random(7)
    for _ in range(KILLS):
        script(GO_ON)
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "run_jobs"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(0.9 + chance.random())
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    script(GO_ON)
    manage("run_jobs", "--once")
    return script(TELL)
