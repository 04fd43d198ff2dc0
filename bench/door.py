"""A generated graph through the normal door: publish_run, in bounded memory, as an importer would."""

from collections.abc import Callable, Iterator

from bench import generate
from kb.lineage.graph import KIND_CODES
from kb.records import changes as do
from kb.records.publish import publish_run

ACTOR, REASON = "bench", "A generated graph for measuring."
REPORTS = 4
_GIST = "The source says so, as generated for measuring."


def changes(arrays: generate.Arrays, statements: bool = True) -> Iterator[do.Change]:
    """Yield reports, artifacts and statements, each statement with the evidence from which its status follows."""
    for number in range(REPORTS):
        yield do.CreateRecord(ref=f"r{number}", kind="party", name=f"Generated newsroom {number}", detail={"type": "media"})
        yield do.CreateRecord(
            ref=f"s{number}", kind="report", name=f"Generated report {number}",
            detail={"publisher": f"r{number}", "independence": "original"},
        )  # fmt: skip
    for place, kind in enumerate(arrays.kind.tolist()):
        yield do.CreateRecord(ref=f"n{place}", kind=KIND_CODES[kind], name=f"Generated {KIND_CODES[kind]} {place}")
    for child, parent, predicate, status, start, end in generate.rows(arrays) if statements else ():
        yield do.AddStatement(
            subject=f"n{child}", predicate=predicate, object=f"n{parent}", start=start, end=end, evidence=tuple(evidence(status))
        )


def evidence(status: str) -> Iterator[do.EvidenceDraft]:
    """What the status of a generated statement follows from."""
    kinds = {"confirmed": "technical_audit", "refuted": "technical_audit", "inferred": "inference"}
    if status == "needs_source":
        return
    stance = "disputes" if status == "refuted" else "supports"
    yield do.EvidenceDraft(report="s0", kind=kinds.get(status, "journalism"), gist=_GIST, stance=stance)
    if status in {"corroborated", "disputed"}:
        yield do.EvidenceDraft(
            report="s1", kind="journalism", gist=_GIST, stance="supports" if status == "corroborated" else "disputes"
        )


def publish_arrays(arrays: generate.Arrays, progress: Callable[[int], object] = lambda count: None) -> int:
    """Publish a whole graph; return the number of changes. Nothing grows with the run but the map of references."""
    count = 0

    def counted() -> Iterator[do.Change]:
        nonlocal count
        for change in changes(arrays):
            count += 1
            yield change

    publish_run(counted(), actor=ACTOR, reason=REASON, progress=progress)
    return count
