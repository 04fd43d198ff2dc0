"""Paths of lineage as JSON: each with its status, what it carries, and its steps with their evidence."""

from typing import Annotated, TypedDict

from kb.exchange.exporters.lineage_edges import EdgeRow, edge_rows
from kb.exchange.exporters.lineage_json import (
    DIRECTIONS,
    Filters,
    SourceSearched,
    head,
    said_of,
)
from kb.exchange.exporters.reference import RecordReference, optional_reference, record_reference
from kb.lineage.ask_paths import Route, Routes
from kb.lineage.counts import Count
from kb.records.vocabularies import CARRIES, STATUSES


class PathRow(TypedDict):
    """One path from the root. Its status is that of its weakest step."""

    to: RecordReference
    status: Annotated[str, STATUSES]
    carries: Annotated[str, CARRIES]
    depth: Annotated[int, "Number of steps."]
    version_not_stated: Annotated[bool, "Whether a source on the path names only the family, not the version."]
    steps: list[EdgeRow]


class CountRow(TypedDict):
    """How many paths there are."""

    count: Annotated[int, "So many; more than so many where it is not exact."]
    exact: Annotated[bool, "Whether the count is exact. Counting stops after some work."]


class PathsAnswer(TypedDict):
    """How the root and another record are joined, or how products come to the root."""

    edition: Annotated[int, "The edition that the answer was made from."]
    root: RecordReference
    to: Annotated[RecordReference | None, "The record asked for; null where every product was."]
    direction: Annotated[str, DIRECTIONS]
    filters: Filters
    statement: Annotated[str, "What the answer means, in one sentence to be quoted with it."]
    complete: Annotated[bool, "False where the reader asked for a limit of depth."]
    paths: Annotated[list[PathRow], "Best first: the stronger weakest step, then fewer steps."]
    leads: Annotated[list[PathRow], "Paths with an inferred step: leads to check, not findings."]
    equally_good: Annotated[
        CountRow | None,
        "Paths as strong and as short as the first, itself among them, listed or not; null where the best path to each "
        "product was asked for.",
    ]
    more: Annotated[CountRow | None, "What is not listed; null where the best path to each product was asked for."]
    sources: list[SourceSearched]


def paths_answer(found: Routes) -> PathsAnswer:
    """Shape the paths that were found."""
    answer = found.answer
    return {
        **head(answer),
        "to": optional_reference(found.to),
        "direction": answer.question.direction,
        "statement": said_of(answer, found=bool(found.routes)),
        "paths": [_path_row(found, route) for route in found.routes if not route.is_lead],
        "leads": [_path_row(found, route) for route in found.routes if route.is_lead],
        "equally_good": _count_row(found.equal),
        "more": _count_row(found.more),
    }


def _count_row(count: Count | None) -> CountRow | None:
    return {"count": count.count, "exact": count.exact} if count else None


def _path_row(found: Routes, route: Route) -> PathRow:
    return {
        "to": record_reference(found.answer.record(route.to)),
        "status": route.status,
        "carries": route.carries,
        "depth": len(route.edges),
        "version_not_stated": route.version_not_stated,
        "steps": edge_rows(found.answer, route.edges),
    }
