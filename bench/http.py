"""Answers of lineage over HTTP, beside a bare Django page of the same server, while two writers publish.

    KB_VAR=/tmp/bench-load python -m bench.load --size L --only door
    KB_VAR=/tmp/bench-load python -m bench.http
    KB_VAR=/tmp/bench-load python -m bench.http --soak 60         # 8 readers and 2 writers: how many errors

Serves the database of bench.load with gunicorn, as the site is served, on loopback. The database is written to.
"""

import argparse
import signal
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bench import database, setup  # noqa: F401 - the database is named by its import
from bench.http_client import Connection, Taken, ask_for, median_rate
from bench.http_server import BARE, Server, serving
from bench.http_subjects import Subjects, subjects
from bench.http_writers import Written, a_report, new_edge, new_model, writing

from django.core.management import call_command  # isort:skip - after what sets Django up

_WORKERS, _WRITERS = 2, 2
_SHOWN_IN_A_ROW = 4


@dataclass(frozen=True)
class Given:
    """What the command line says."""

    seconds: float
    pauses: list[float]
    edges: int
    soak: float


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--seconds", type=float, default=10, help="of each measurement")
    options.add_argument("--pauses", default="0.2 0", help="seconds that each writer rests between editions, one run for each")
    options.add_argument("--edges", type=int, default=100, help="how many published edges are looked for in answers")
    options.add_argument("--soak", type=float, default=0, help="seconds of 8 readers and 2 writers, and nothing else")
    read = options.parse_args()
    given = Given(read.seconds, [float(pause) for pause in read.pauses.split()], read.edges, read.soak)
    # Who stops this stops the server and the writers with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    began = time.perf_counter()
    found = subjects()
    print(f"{found.words}; read in {time.perf_counter() - began:.1f} s; {setup.machine()}, {_WORKERS} workers", flush=True)
    if given.soak:
        soak(found, given.soak)
    else:
        measure(found, given)


def measure(found: Subjects, given: Given) -> None:
    """Everything but the soak."""
    first_answers(found)
    with serving(_WORKERS, keeping=False) as server:
        warm(server, found)
        print("\nwithout writers, one reader, every answer made anew", flush=True)
        latencies(server, found, given.seconds)
    with serving(_WORKERS) as server:
        warm(server, found)
        print("\nwithout writers, one reader", flush=True)
        latencies(server, found, given.seconds)
        print("\nwithout writers, four readers: answers a second", flush=True)
        throughput(server, found, given.seconds)
        for pause in given.pauses:
            print(f"\nwith {_WRITERS} writers that rest {pause:g} s between editions, two readers", flush=True)
            with writing(_WRITERS, found.parents, pause) as written:
                began = time.perf_counter()
                latencies(server, found, given.seconds, readers=2)
                lags = [lag(server, found, place) for place in range(given.edges)]
                took = time.perf_counter() - began
            say_written(written, took)
            shown = Taken(lags, seconds=sum(lags) / 1000)
            print(f"  a published edge in {_SHOWN_IN_A_ROW} answers in a row: {shown}")
        print(f"\nworkers: {', '.join(f'{size:.0f}' for size in server.memory_mb())} MB", flush=True)


def first_answers(found: Subjects) -> None:
    """The first answer of a server that has just been started, thrice: it maps the snapshot and compiles nothing twice."""
    times = []
    for _ in range(3):
        with serving(1) as server:
            Connection(server.port).get(BARE)
            times.append(setup.once_ms(partial(Connection(server.port).get, found.median[0])))
    print(f"cold: first lineage answer of a fresh worker {statistics.median(times):.0f} ms, of three")


def warm(server: Server, found: Subjects) -> None:
    """Let every worker read the graph and the templates."""
    for _ in range(8 * _WORKERS):
        for path in (found.median[0], found.pages[0]):
            Connection(server.port).get(path)


def latencies(server: Server, found: Subjects, seconds: float, readers: int = 1) -> None:
    """Time each kind of answer. No address is asked for twice by the lineage rows, so no kept body answers."""
    for name, paths in found.by_name.items():
        say(name, server, paths, seconds, readers)
    for name, path in found.hubs.items():
        say(name, server, [path], seconds * 2, 1, most=20)


def say(name: str, server: Server, paths: Sequence[str], seconds: float, readers: int, most: int = 1_000_000) -> None:
    """Print how long answers took, and what they took of the processor, which a busy machine changes less."""
    before = server.cpu_seconds()
    taken = ask_for(seconds, server.port, paths, readers, most)
    each = (server.cpu_seconds() - before) * 1000 / max(len(taken.times), 1)
    print(f"  {name}: {taken}; {each:.2f} ms of CPU each", flush=True)


def throughput(server: Server, found: Subjects, seconds: float) -> None:
    """Bare page and lineage JSON by turns, so that a slow moment meets both; each round has addresses of its own."""
    rounds: dict[str, list[Taken]] = {"bare": [], "JSON": [], "JSON kept": []}
    share = len(found.more) // 5
    for turn in range(5):
        rounds["bare"].append(ask_for(seconds / 4, server.port, [BARE], 4))
        rounds["JSON"].append(ask_for(seconds / 4, server.port, found.more[turn * share : (turn + 1) * share], 4))
        rounds["JSON kept"].append(ask_for(seconds / 4, server.port, found.median[:4], 4))
    bare = median_rate(rounds["bare"])
    for name, taken in rounds.items():
        rate, faults = median_rate(taken), sum(len(one.faults) for one in taken)
        print(f"  {name}: {rate:.0f}/s, {rate / bare:.2f} of the bare page; {faults} faults", flush=True)


def lag(server: Server, found: Subjects, place: int) -> float:
    """Milliseconds from the return of publish() until answers of whichever worker show the edge, several in a row."""
    model = new_model(f"to be found {time.time():.3f}")
    number = found.number_of(model)
    path = f"/api/v1/lineage/UP-M-{number}/upstream/"
    Connection(server.port).get(path)
    new_edge(model, found.parents[place % len(found.parents)], a_report())
    began = time.perf_counter()
    row, shown = 0, 0.0
    while row < _SHOWN_IN_A_ROW:
        connection = Connection(server.port)
        body = connection.get(path)[1]
        connection.close()
        shown = shown if row else time.perf_counter() - began
        row = row + 1 if b'"trained_on"' in body else 0
        if time.perf_counter() - began > 60:
            raise RuntimeError("a published edge does not show.")
    return shown * 1000


def say_written(written: Written, took: float) -> None:
    """Print what the writers did."""
    done = Taken(written.times, seconds=took, faults=written.faults)
    print(f"  writers: {2 * len(written.times) / took:.0f} editions/s; a pair of editions: {done}", flush=True)


def soak(found: Subjects, seconds: float) -> None:
    """8 readers and 2 writers: every answer is 200, every edition is published, or it is counted."""
    with serving(_WORKERS) as server:
        warm(server, found)
        with writing(_WRITERS, found.parents, 0) as written:
            taken = ask_for(seconds, server.port, found.mixed, readers=8)
        memory = ", ".join(f"{size:.0f}" for size in server.memory_mb())
    print(f"8 readers, {seconds:g} s: {taken}")
    say_written(written, seconds)
    print(f"  errors: {len(taken.faults)} of readers, {len(written.faults)} of writers; workers {memory} MB")


if __name__ == "__main__":
    main()
