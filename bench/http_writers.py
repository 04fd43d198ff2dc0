"""Writers: processes that publish small editions through `publish()` all the time, and say how it went."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from typing import Any

from bench import setup

setup.django()

from django.db import connections  # noqa: E402

from bench.door import ACTOR, REASON  # noqa: E402
from kb.records import changes as do  # noqa: E402
from kb.records.models import Record  # noqa: E402
from kb.records.publish import publish  # noqa: E402

_spawn = multiprocessing.get_context("spawn")


@dataclass
class Written:
    """What writers did: milliseconds of each pair of editions, and what went wrong."""

    times: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def new_model(mark: str) -> int:
    """Publish a new model alone; return its id."""
    refs: dict[str, int] = {}
    publish([do.CreateRecord(ref="model", kind="model", name=f"Model {mark}")], actor=ACTOR, reason=REASON, refs=refs)
    return refs["model"]


def new_edge(model: int, parent: int, report: int) -> None:
    """Publish that a model was trained on a record, with evidence."""
    evidence = do.EvidenceDraft(report=report, kind="journalism", gist="The source says so, as made for measuring.")
    said = do.AddStatement(subject=model, predicate="trained_on", object=parent, evidence=(evidence,))
    publish([said], actor=ACTOR, reason=REASON)


def a_report() -> int:
    """A report that evidence may cite."""
    return Record.objects.filter(kind="report").values_list("id", flat=True)[0]


def _write(name: str, parents: list[int], pause: float, stop: Event, results: "multiprocessing.Queue[Written]") -> None:
    written, report = Written(), a_report()
    number = 0
    while not stop.is_set():
        began = time.perf_counter()
        try:
            new_edge(new_model(f"{name} {number}"), parents[number % len(parents)], report)
        except Exception as fault:  # whatever it is, it is counted
            written.faults.append(f"{type(fault).__name__}: {fault}"[:200])
        written.times.append((time.perf_counter() - began) * 1000)
        number += 1
        stop.wait(pause)
    connections.close_all()
    results.put(written)


@contextmanager
def writing(count: int, parents: list[int], pause: float) -> Iterator[Written]:
    """Let so many writers publish until the end of the block; what is yielded is filled then."""
    whole = Written()
    stop = _spawn.Event()
    results: Any = _spawn.Queue()
    mark = f"{time.time():.0f}"
    shares = [parents[place::count] for place in range(count)]
    processes = [
        _spawn.Process(target=_write, args=(f"{mark} {place}", share, pause, stop, results)) for place, share in enumerate(shares)
    ]
    for process in processes:
        process.start()
    try:
        yield whole
    finally:
        stop.set()
        for _ in processes:
            part = results.get(timeout=120)
            whole.times += part.times
            whole.faults += part.faults
        for process in processes:
            process.join(30)
