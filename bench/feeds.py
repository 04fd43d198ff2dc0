"""Polling beside the peer: `reader` and Upstream against the same seeded feed server, in one run. Prints seconds and ratios.

    python -m bench.feeds --server PATH/feedserver.py [--feeds 300] [--entries 50] [--hosts 200] [--workers 2] [--peer PYTHON]

Three passes each: all new, nothing new, two new entries and an edited one for each feed, which the server has written before the
clock starts, since writing them takes it seconds. Upstream polls with worker processes
of its own on a database of its own, politely; the peer, which knows no politeness, with 16 threads. `--peer` is the Python of
an environment of its own in which `reader` is installed, so that its dependencies and ours keep out of each other's way.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PEER = """
import sys, time, json, resource, urllib.request
import reader as peer
from reader import make_reader
print(json.dumps(["version", peer.__version__]), flush=True)
base, database = sys.argv[1:]
def ask(path): return urllib.request.urlopen(base + path).read()
reader = make_reader(database, feed_root=None)
for row in json.loads(ask("/_manifest")): reader.add_feed(row["url"])
for name in ("first", "unchanged", "advance"):
    if name == "advance":
        ask("/_ctl/advance?new=2&edit=1")
        for row in json.loads(ask("/_manifest")): urllib.request.urlopen(row["url"]).read()
    began = time.perf_counter(); new = edited = 0
    for one in reader.update_feeds_iter(workers=16, scheduled=False):
        if one.value is not None and not isinstance(one.value, Exception):
            new += one.value.new; edited += one.value.modified
    took, size = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([name, took, new, edited, reader.get_entry_counts().total, size]), flush=True)
"""
SUBSCRIBE = """
import json, sys, urllib.request
import django; django.setup()
from kb.feeds.models import Feed
rows = json.load(urllib.request.urlopen(sys.argv[1]))
Feed.objects.bulk_create(Feed(url=row["url"], title=row["url"], active=True) for row in rows)
"""
ORDER = """
import django; django.setup()
from datetime import timedelta
from django.db import transaction
from kb.core.clock import now
from kb.feeds.due import order_polls
from kb.feeds.models import Feed
Feed.objects.update(next_poll=now() - timedelta(seconds=1))
with transaction.atomic(): print(order_polls(now(), now().isoformat()))
"""
# A worker that has imported what it needs waits for a line, does what is due, and says how long that took and how large it grew.
WORK = """
import resource, sys, time
import django; django.setup()
from kb.feeds import work
from kb.jobs.run import drain
for line in sys.stdin:
    began = time.perf_counter(); list(drain())
    print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, flush=True)
"""
COUNT = """
import json
import django; django.setup()
from django.db.models import Sum
from kb.feeds.models import Entry, EntryVersion, Poll
last = Poll.objects.order_by("-id")[:int(__import__("sys").argv[1])]
print(json.dumps([sum(p.new for p in last), sum(p.edited for p in last), Entry.objects.count(), EntryVersion.objects.count()]))
"""


@contextmanager
def server(tool: str, feeds: int, entries: int, hosts: int) -> Iterator[int]:
    """Run the feed server; yields its port."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    options = ["--feeds", str(feeds), "--entries", str(entries), "--hosts", str(hosts), "--port", str(port)]
    process = subprocess.Popen([sys.executable, tool, *options], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    try:
        yield port
    finally:
        process.kill()


def advance(base: str) -> None:
    """Let every feed have two new entries and an edited one, and the server write them now."""
    urllib.request.urlopen(f"{base}/_ctl/advance?new=2&edit=1").read()
    for row in json.load(urllib.request.urlopen(f"{base}/_manifest")):
        urllib.request.urlopen(row["url"]).read()


def peer(tool: str, options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Measure the peer, on one host, since it has no turns. Where it is not installed that is said, and nothing is measured."""
    with server(tool, options.feeds, options.entries, 1) as port:
        done = subprocess.run(
            [options.peer, "-c", PEER, f"http://127.0.0.1:{port}", str(folder / "peer.sqlite")],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        print(f"The peer is passed over: {done.stderr.strip().rpartition(chr(10))[2]}", file=sys.stderr)
        return {}
    return {row[0]: row[1:] for row in map(json.loads, done.stdout.splitlines())}


def ours(tool: str, options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Measure Upstream: orders, polls, and what the server counted of its manners."""
    environment = os.environ | {
        "KB_VAR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'upstream.sqlite3'}",
        "KB_FETCH_ALLOWED_HOSTS": "127.0.0.0/8",
        "DJANGO_SETTINGS_MODULE": "kb.settings", "KB_LOG_LEVEL": "ERROR",
    }  # fmt: skip

    def script(text: str, *words: str) -> str:
        done = subprocess.run([sys.executable, "-c", text, *words], env=environment, capture_output=True, text=True, check=True)
        return done.stdout

    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], env=environment, check=True)
    found: dict[str, Any] = {}
    with server(tool, options.feeds, options.entries, options.hosts) as port:
        base = f"http://127.0.0.1:{port}"
        script(SUBSCRIBE, f"{base}/_manifest")
        workers = [
            subprocess.Popen(
                [sys.executable, "-c", WORK], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _ in range(options.workers)
        ]
        for name in ("first", "unchanged", "advance"):
            if name == "advance":
                advance(base)
            script(ORDER)
            urllib.request.urlopen(f"{base}/_ctl/reset").read()
            began = time.perf_counter()
            for worker in workers:
                _begin(worker)
            sizes = [_worked(worker) for worker in workers]
            took = time.perf_counter() - began
            told = json.load(urllib.request.urlopen(f"{base}/_stats"))
            new, edited, entries, _ = json.loads(script(COUNT, str(options.feeds)))
            gaps = [gap for host, gap in told["min_gap"].items() if host != "127.0.0.1"]
            found[name] = (took, new, edited, entries, max(told["peak"].values()), min(gaps, default=0.0), max(sizes))
        for worker in workers:
            worker.kill()
    return found


def _begin(worker: "subprocess.Popen[str]") -> None:
    assert worker.stdin
    worker.stdin.write("go\n")
    worker.stdin.flush()


def _worked(worker: "subprocess.Popen[str]") -> float:
    """Wait for a worker and return how large it grew, in MB."""
    assert worker.stdout
    return float(worker.stdout.readline().split()[1])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", required=True)
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--entries", type=int, default=50)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--peer", default=sys.executable, metavar="PYTHON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        theirs, own = peer(options.server, options, folder), ours(options.server, options, folder)
    print(f"{options.feeds} feeds of {options.entries} entries; reader {theirs.get('version', ['none'])[0]}\n")
    print("| pass | Upstream s | new | edited | entries | peak per host | least gap s | MB ", end="")
    print("| reader s | new | edited | entries | MB | reader / Upstream |")
    print("|---" * 14 + "|")
    for step, (took, new, edited, entries, peak, gap, size) in own.items():
        own_row = f"{took:.1f} | {new} | {edited} | {entries} | {peak} | {gap:.2f} | {size:.0f}"
        print(f"| {step} | {own_row} | {_beside(took, theirs.get(step))} |")


def _beside(took: float, their: Any) -> str:
    """What the peer took, and how many times as long that was; empty cells where it was not measured."""
    if not their:
        return " | ".join([""] * 6)
    seconds, new, edited, entries, size = their
    return f"{seconds:.1f} | {new} | {edited} | {entries} | {size:.0f} | {seconds / took:.2f} x"


if __name__ == "__main__":
    main()
