"""The lineage page of a hub of 5,000 children: the whole page and its picture, beside a page that says one sentence.

    KB_VAR=/tmp/bench-hub python -m bench.hub_page

Works in a database of its own, a file under KB_VAR, which is filled through the normal door the first time; `--anew` fills
it again. Pages are asked for in this process, warm, but none is kept and every picture is drawn anew where nothing else is
said. Prints the fastest of nine in milliseconds, on the clock and of this process alone, queries, bytes, and the ratio to
the bare page.
"""

import argparse
import gc
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

_PATH = Path(os.environ.setdefault("KB_VAR", "/tmp/bench-hub")) / "bench-hub.sqlite3"
_PATH.parent.mkdir(parents=True, exist_ok=True)
os.environ["DATABASE_URL"] = f"sqlite:///{_PATH}"
os.environ["KB_KEPT_MB"] = "0"  # no page is kept: each is made

from bench import setup  # noqa: E402

setup.django()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import path  # noqa: E402

from kb.exchange.exporters.lineage_picture import draw  # noqa: E402
from kb.lineage.ask import Question, ask, root_record  # noqa: E402
from kb.lineage.view.group import grouped  # noqa: E402
from kb.lineage.view.layout import lay_out  # noqa: E402
from kb.records import changes as do  # noqa: E402
from kb.records.models import Record  # noqa: E402
from kb.records.publish import publish_run  # noqa: E402

CHILDREN, MAKERS, PRODUCTS = 5_000, 611, 200
_RUNS = 9
# One for all: each new one loads the middleware anew.
_CLIENT = Client()
# Milliseconds on the clock, and of this process.
Took = tuple[float, float]
_GIST = "The source says so, as generated for measuring."


def main() -> None:
    """Fill the database if need be, measure and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--children", type=int, default=CHILDREN)
    options.add_argument("--freeze", action="store_true", help="keep what is loaded by now out of garbage collection")
    options.add_argument("--anew", action="store_true", help="fill the database again")
    given = options.parse_args()
    _fill(given.children, anew=given.anew)
    if given.freeze:
        gc.freeze()
    print(f"A hub of {given.children:,} children, {MAKERS} makers, {PRODUCTS} products; {setup.machine()}\n")
    print("| what | ms | ms of processor | queries | KiB | bare pages |")
    print("|---|---|---|---|---|---|")
    with override_settings(ROOT_URLCONF="bench.hub_page", ALLOWED_HOSTS=["testserver"]):
        bare = _fastest(lambda: _get("/bare/"))
    _row("a bare Django page", bare, 0, 0, bare)
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        for name, address in _PAGES.items():
            body, queries = _counted(address)
            took = _fastest(lambda address=address: _get(address), first=_forget_pictures)  # type: ignore[misc]
            _row(name, took, queries, len(body), bare)
        hub = _PAGES[_THE_PAGE]
        body, queries = _counted(hub)
        _row(f"{_THE_PAGE}, whose picture is as it was", _fastest(lambda: _get(hub)), queries, len(body), bare)
    _picture(bare)


_THE_PAGE = "the lineage page of the hub"
_PAGES = {
    _THE_PAGE: "/lineage/the-hub/",
    "the same, products alone": "/lineage/the-hub/?kind=product",
    "the first page of its steps": "/lineage/the-hub/steps/",
    "the hub's own page": "/r/the-hub/",
    "the last page of its statements": "/r/the-hub/statements/?page=50",
    "its picture as a file": "/lineage/the-hub/picture.svg",
    "all steps as CSV": "/api/v1/lineage/the-hub/downstream/?format=csv",
}


def _picture(bare: Took) -> None:
    """The picture by itself: scene, names, grouping, layout and SVG of an answer that is there."""
    answer = ask(Question(root_record("the-hub"), "downstream"), whole=False)
    with CaptureQueriesContext(connection) as queries:
        svg = draw(answer).svg
    anew = _fastest(lambda: draw(answer).svg, first=_forget_pictures)
    _row("of that the picture", anew, len(queries), len(svg.encode()), bare)
    _row("the picture, as it was", _fastest(lambda: draw(answer).svg), len(queries), len(svg.encode()), bare)


def _forget_pictures() -> None:
    grouped.cache_clear()
    lay_out.cache_clear()


def _row(name: str, took: Took, queries: int, size: int, bare: Took) -> None:
    print(f"| {name} | {took[0]:.1f} | {took[1]:.1f} | {queries} | {size / 1024:.0f} | {took[1] / bare[1]:.0f} x |", flush=True)


def _fastest(act: Callable[[], object], first: Callable[[], object] = lambda: None) -> Took:
    """The fastest of some runs after one that warms up: what others do on the machine only ever adds to it."""
    act()
    took = []
    for _ in range(_RUNS):
        first()
        began, worked = time.perf_counter(), time.process_time()
        act()
        took.append((1000 * (time.perf_counter() - began), 1000 * (time.process_time() - worked)))
    return min(one[0] for one in took), min(one[1] for one in took)


def _get(address: str) -> bytes:
    response = _CLIENT.get(address)
    assert response.status_code == 200, response.content[:300]
    return bytes(response.content)


def _counted(address: str) -> tuple[bytes, int]:
    _get(address)
    with CaptureQueriesContext(connection) as queries:
        return _get(address), len(queries)


def _fill(children: int, *, anew: bool) -> None:
    if anew:
        for file in _PATH.parent.glob(f"{_PATH.name}*"):
            file.unlink()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)  # as before serving
    if Record.objects.filter(slug="the-hub").exists():
        return
    print("Filling the database through the door ...", flush=True)
    publish_run(_changes(children), actor="bench", reason="A hub for measuring.")


def _changes(children: int) -> Iterator[do.Change]:
    """A dataset, what was trained on it by makers large and small, and products on some of these models."""
    random = Random(3)
    yield do.CreateRecord(ref="hub", kind="dataset", name="The hub", slug="the-hub")
    yield do.CreateRecord(ref="report", kind="report", name="Generated report", detail={"independence": "original"})
    for one in range(MAKERS):
        yield do.CreateRecord(ref=f"maker{one}", kind="party", name=f"Maker {one}", detail={"type": "company"})
    for one in range(children):
        yield do.CreateRecord(ref=f"model{one}", kind="model", name=f"Model {random.randrange(10**6):06} no. {one}")
        yield _says(f"model{one}", "trained_on", "hub", "journalism" if one % 5 else "technical_audit")
        yield _says(f"model{one}", "creator", f"maker{int(MAKERS * random.random() ** 3)}", "journalism")
    for one in range(PRODUCTS):
        yield do.CreateRecord(ref=f"product{one}", kind="product", name=f"Product {one}")
        yield _says(f"product{one}", "uses_model", f"model{random.randrange(children)}", "journalism")


def _says(subject: str, predicate: str, thing: str, kind: str) -> do.AddStatement:
    evidence = do.EvidenceDraft(report="report", kind=kind, gist=_GIST, stance="supports")
    return do.AddStatement(subject=subject, predicate=predicate, object=thing, evidence=(evidence,))


def bare_page(request: HttpRequest) -> HttpResponse:
    """The least that a page can be."""
    return HttpResponse("<!doctype html><title>Bare</title><h1>One sentence.</h1>")


urlpatterns = [path("bare/", bare_page)]


if __name__ == "__main__":
    main()
