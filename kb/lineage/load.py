"""Worlds of editions: kept, brought up from the one before, opened from a snapshot, or read from rows at last.

A past edition is always read from rows; masks do the rest.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Lock

import numpy as np
from django.conf import settings

from kb.core.errors import InvalidInput
from kb.core.prepared import Prepared
from kb.ledger import history
from kb.ledger.models import Edition
from kb.ledger.write import current_head
from kb.lineage import snapshot
from kb.lineage.graph import KIND_CODES, Graph
from kb.lineage.growth import compacted
from kb.lineage.inherit import Impact
from kb.lineage.overlay import brought_up
from kb.lineage.rows import CHUNK, StatementRow, alive_at, draws_edge, edges_of, impact_of, is_silence, statement_rows
from kb.lineage.world import World, canonical_of
from kb.records.kinds import ARTIFACTS
from kb.records.models import Record

__all__ = ["World", "forget_worlds", "world_at"]

_KEPT = 4
# Below this many edges reading the rows is quicker than looking after files.
WORTH_A_FILE = 20_000
# So much may lie over a base before a new one is made.
OVERLAY_LIMIT = 10_000
_DIGEST = Prepared(lambda edition: Edition.objects.filter(number=edition).values_list("digest", flat=True))

_worlds: dict[int, World] = {}
_lock = Lock()


def world_at(edition: int | None = None) -> World:
    """Return the world of an edition, the newest by default. Raises InvalidInput for one that does not exist."""
    newest, digest = current_head()
    number = newest if edition is None else edition
    if edition is not None and not 0 < number <= newest:
        raise InvalidInput(f"There is no edition {number}. Editions run from 1 to {newest}.")
    with _lock:
        known = _worlds.get(number)
        if known is None or (number == newest and known.digest != digest):
            known = _newest(newest, digest) if number == newest else _read(number)
            while len(_worlds) >= _KEPT:
                _worlds.pop(min(_worlds))
            _worlds[number] = known
        return known


def forget_worlds(after: int = -1) -> None:
    """Drop the worlds of editions after one: of those that were rolled back, or of all in tests, which number them anew."""
    with _lock:
        for number in [number for number in _worlds if number > after]:
            del _worlds[number]


def _newest(number: int, digest: str) -> World:
    """Bring up the youngest world that is kept, or the youngest snapshot; read the rows where there is neither."""
    for older in _older_worlds(number):
        world = brought_up(older, number, digest)
        if world is not None:
            return world if world.graph.overlay <= OVERLAY_LIMIT else _on_a_new_base(world)
    return _on_a_new_base(_read(number, digest))


def _older_worlds(number: int) -> Iterator[World]:
    """Yield worlds of the same chain to start from. Another process may have written a younger base."""
    for edition in sorted((kept for kept in _worlds if kept < number), reverse=True):
        kept = _worlds[edition]
        if kept.digest and kept.digest == _digest_of(edition) and kept.graph.overlay <= OVERLAY_LIMIT:
            yield kept
    for edition, path in snapshot.stored(_folder(), number):
        opened = snapshot.opened(path, edition, _digest_of(edition))
        if opened is not None:
            yield opened


def _digest_of(edition: int) -> str:
    return next(iter(_DIGEST(edition)), "")


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "graph"


def _on_a_new_base(world: World) -> World:
    """Make everything one base, and write it down for the other processes where it is big enough."""
    if world.graph.overlay:
        world = replace(world, graph=compacted(world.graph))
    if world.graph.edges.length >= WORTH_A_FILE:
        return snapshot.kept(_folder(), world)
    return world


def _read(edition: int, digest: str = "") -> World:
    """Read a world from rows."""
    nodes, merged = _records(edition)
    canonical = canonical_of(merged)
    silent = frozenset(canonical.keys() & set(nodes["ids"][np.isin(nodes["ids"], list(canonical))].tolist()))
    beside: list[StatementRow] = []
    parts = [edges_of(chunk, nodes["ids"], canonical) for chunk in _edge_rows(edition, beside)]
    edges = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    graph = Graph.of(edition, nodes, edges, silent)
    impacts: dict[int, list[Impact]] = defaultdict(list)
    for row in beside:
        if found := impact_of(row, graph, canonical):
            impacts[found[0]].append(found[1])
    silences = {row.statement: row.subject for row in beside if is_silence(row)}
    return World(
        graph, {issue: tuple(found) for issue, found in impacts.items()},
        frozenset(canonical.get(subject, subject) for subject in silences.values()),
        canonical, merged, silences, digest,
    )  # fmt: skip


def _edge_rows(edition: int, beside: list[StatementRow]) -> Iterator[list[StatementRow]]:
    """Yield statements of lineage in chunks, at least one; the others are put beside."""
    chunk: list[StatementRow] = []
    for row in statement_rows(alive_at(edition)):
        if draws_edge(row):
            chunk.append(row)
        else:
            beside.append(row)
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    yield chunk


def _records(edition: int) -> tuple[dict[str, "np.ndarray[tuple[int], np.dtype[np.int64]]"], dict[int, int]]:
    """Return every artifact as columns, and for each merged record the one it was merged into, at an edition."""
    kinds: dict[int, str] = {}
    merged: dict[int, int] = {}
    for record, kind, into in Record.objects.values_list("id", "kind", "merged_into_id").iterator(CHUNK):
        kinds[record] = kind
        if into is not None:
            merged[record] = into
    # Asked after the rows were read: what an edition changes in between is then taken from the ledger.
    changed = history.rows_changed_since(Record._meta.db_table, edition)
    for record in changed:
        kinds.pop(record, None)
        merged.pop(record, None)
    for record, row in history.rows_at(Record._meta.db_table, changed, edition).items():
        kinds[record] = row["kind"]
        if row["merged_into_id"] is not None:
            merged[record] = row["merged_into_id"]
    artifacts = sorted(record for record, kind in kinds.items() if kind in ARTIFACTS)
    codes = {kind: place for place, kind in enumerate(KIND_CODES)}
    return {
        "ids": np.array(artifacts, dtype=np.int64),
        "kind": np.array([codes[kinds[record]] for record in artifacts], dtype=np.int8),
    }, merged
