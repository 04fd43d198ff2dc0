"""Younger editions laid over an older world: only what they changed is read.

Statements are read from their versions, which say in which edition they were born and died; a merge reads anew
what is said of the records whose speaker it changes. Nothing of the older world is touched.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from django.db.models import Q

from kb.core.prepared import Prepared
from kb.ledger import history
from kb.ledger.models import Change
from kb.lineage.codes import node_columns
from kb.lineage.growth import edges_of as edges_of_statements
from kb.lineage.growth import extended
from kb.lineage.inherit import Impact
from kb.lineage.rows import (
    MOST,
    PREDICATES,
    StatementRow,
    alive_at,
    draws_edge,
    edges_of,
    impact_of,
    is_silence,
    rows_born,
    statement_rows,
)
from kb.lineage.world import World, canonical_of
from kb.records.kinds import ARTIFACTS
from kb.records.models import Record, StatementVersion

_CHUNK = 500
# Asked for by the end alone: with more to go by SQLite takes the index of predicates and reads the whole table.
_ENDED = Prepared(
    lambda since, number: StatementVersion.objects.filter(died__gt=since, died__lte=number).values_list(
        "statement_id", "born", "predicate"
    )
)
# By the editions alone: with the table to go by SQLite reads every change that the table ever had.
_CHANGED = Prepared(
    lambda since, number: (
        Change.objects.filter(edition_id__gt=since, edition_id__lte=number).order_by().values_list("table", "row_id")
    )
)
_STORED = Prepared(
    lambda ids, number: Record.objects.filter(id__in=ids, edition__lte=number).values_list("id", "kind", "merged_into_id")
)


@dataclass(frozen=True, slots=True)
class News:
    """What happened since: artifacts created, and all merges as they are now."""

    nodes: list[tuple[int, str]]
    merged: dict[int, int]


def brought_up(world: World, number: int, digest: str) -> World | None:
    """Return the world of a younger edition, or None where it must be read anew: too much changed, or was purged meanwhile."""
    since = world.graph.edition
    if since == number:
        return world if world.digest == digest else None
    ended = _ended(since, number)
    born = rows_born(since, number)
    if len(ended) > MOST or len(born) > MOST:
        return None
    news = _news(world, since, number)
    if news is None:
        return None
    canonical = canonical_of(news.merged) if news.merged != world.merged else world.canonical
    moved = moved_between(world.canonical, canonical)
    rows = {row.statement: row for row in (*born, *said_of(moved, number))}
    try:
        return laid_over(world, number, digest, news, canonical, [rows[key] for key in sorted(rows)], ended)
    except ValueError:
        return None


def _ended(since: int, number: int) -> set[int]:
    """Statements that a version stood of and stands no more, or in another one."""
    return {statement for statement, born, predicate in _ENDED(since, number) if born <= since and predicate in PREDICATES}


def _news(world: World, since: int, number: int) -> News | None:
    """Read the records that changed. One that an even younger edition changed is taken from the ledger."""
    table = Record._meta.db_table
    changed = sorted({row_id for of, row_id in _CHANGED(since, number) if of == table})
    known = {record: (kind, into) for record, kind, into in _STORED.among(changed, number)}
    later = history.rows_at(table, set(changed) - known.keys(), number)
    known |= {record: (row["kind"], row["merged_into_id"]) for record, row in later.items()}
    if len(known) < len(changed):
        return None
    merged = {record: into for record, into in world.merged.items() if record not in known}
    merged |= {record: into for record, (_, into) in known.items() if into is not None}
    ids = world.graph.ids
    places = np.minimum(np.searchsorted(ids, changed), max(len(ids) - 1, 0))
    old = set(ids[places].tolist()) if len(ids) else set()
    return News([(record, known[record][0]) for record in changed if record not in old and known[record][0] in ARTIFACTS], merged)


def moved_between(before: Mapping[int, int], after: Mapping[int, int]) -> list[int]:
    """Records that another one speaks for than did."""
    if before is after:
        return []
    return sorted(record for record in before.keys() | after.keys() if before.get(record) != after.get(record))


def said_of(records: list[int], number: int) -> Iterator[StatementRow]:
    """Yield the statements with one of the records at an end, as they stood at an edition."""
    for chunk in _chunks(records):
        yield from statement_rows(alive_at(number) & (Q(subject__in=chunk) | Q(object__in=chunk)))


def laid_over(
    world: World, number: int, digest: str, news: News, canonical: dict[int, int], rows: list[StatementRow], ended: set[int]
) -> World:
    """Return the world with what happened since: statements as they stand now, in order, and those of which a version ended."""
    outdated = ended | {row.statement for row in rows}
    nodes = node_columns(news.nodes)
    ids = np.concatenate((world.graph.ids, nodes["ids"])) if news.nodes else world.graph.ids
    silent = world.graph.silent
    if canonical is not world.canonical:
        merged = np.fromiter(canonical, dtype=np.int64, count=len(canonical))
        silent = frozenset(merged[np.isin(merged, ids)].tolist())
    graph = extended(
        world.graph,
        number, nodes, edges_of(filter(draws_edge, rows), ids, canonical),
        edges_of_statements(world.graph, np.fromiter(outdated, dtype=np.int64, count=len(outdated))), silent,
    )  # fmt: skip
    beside = [row for row in rows if not draws_edge(row)]
    fresh = [found for row in beside if (found := impact_of(row, graph, canonical))]
    silences = world.silences
    if not outdated.isdisjoint(silences) or any(map(is_silence, beside)):
        silences = {statement: subject for statement, subject in silences.items() if statement not in outdated}
        silences |= {row.statement: row.subject for row in beside if is_silence(row)}
    same = silences is world.silences and canonical is world.canonical
    undisclosed = world.undisclosed if same else frozenset(canonical.get(subject, subject) for subject in silences.values())
    return World(graph, _impacts(world, outdated, fresh), undisclosed, canonical, news.merged, silences, digest)


def _impacts(world: World, outdated: set[int], fresh: list[tuple[int, Impact]]) -> dict[int, tuple[Impact, ...]]:
    """What is said of issues now: what was said before and still holds, and what came since, by statement."""
    touched = any(impact.statement in outdated for impacts in world.impacts.values() for impact in impacts)
    if not fresh and not touched:
        return world.impacts
    said: dict[int, list[Impact]] = defaultdict(list)
    for issue, impacts in world.impacts.items():
        said[issue] += [impact for impact in impacts if impact.statement not in outdated]
    for issue, impact in fresh:
        said[issue].append(impact)
    return {
        issue: tuple(sorted(impacts, key=lambda impact: impact.statement))
        for issue, impacts in sorted(said.items(), key=lambda item: min((one.statement for one in item[1]), default=0)) if impacts
    }  # fmt: skip


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))
