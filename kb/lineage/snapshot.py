"""Base snapshots: the arrays of one edition as files, written once and mapped into memory by every process of a host.

A snapshot is known by its edition and by the digest that the chain had then, so that one of another database is never
taken for ours; each file has its checksum. What does not fit is as good as missing. The last two are kept.
"""

import json
import logging
import shutil
import tempfile
import time
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np

from kb.lineage.base import Base, Tools
from kb.lineage.columns import ROOM, Array, Columns
from kb.lineage.graph import Graph
from kb.lineage.inherit import Impact
from kb.lineage.sparse import Rows
from kb.lineage.world import World, canonical_of

FORMAT = 1
_SNAPSHOTS_KEPT = 2
_ABANDONED_SECONDS = 3600
_META = "snapshot.json"
_log = logging.getLogger(__name__)


def stored(folder: Path, newest: int) -> Iterator[tuple[int, Path]]:
    """Yield edition and place of the snapshots up to an edition, the youngest first."""
    found = [(int(path.name.partition("-")[0]), path) for path in folder.glob("[0-9]*-*")]
    return ((edition, path) for edition, path in sorted(found, reverse=True) if edition <= newest)


def kept(folder: Path, world: World) -> World:
    """Write a world, which is a base, and return it mapped; where that fails, say so and go on with what is in memory."""
    path = folder / f"{world.graph.edition}-{world.digest[:16]}"
    try:
        _write(path, world)
        _tidy(folder)
    except OSError as failure:
        _log.warning("A snapshot of the graph could not be written: %s", failure)
        return world
    return opened(path, world.graph.edition, world.digest) or world


def opened(path: Path, edition: int, digest: str) -> World | None:
    """Map a snapshot, or return None where it is damaged, of another format or of another database."""
    try:
        meta = json.loads((path / _META).read_text())
        if (meta["format"], meta["edition"], meta["digest"]) != (FORMAT, edition, digest):
            return None
        arrays = {name: _mapped(path / f"{name}.npy", size, crc) for name, (size, crc) in meta["files"].items()}
        return _world(arrays, meta)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        _log.warning("The snapshot %s is passed over: %s", path.name, fault)
        return None


def _write(path: Path, world: World) -> None:
    """Write all files aside and move them into place at once. Another process may have been first: then theirs stand."""
    if (path / _META).exists() and opened(path, world.graph.edition, world.digest):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".making-", dir=path.parent))
    try:
        arrays = _arrays(world)
        for name, array in arrays.items():
            np.save(aside / f"{name}.npy", array, allow_pickle=False)
        meta = {
            "format": FORMAT, "edition": world.graph.edition, "digest": world.digest,
            "nodes": world.graph.room, "edges": world.graph.edges.length,
            "files": {name: _checksum(aside / f"{name}.npy") for name in arrays},
        }  # fmt: skip
        (aside / _META).write_text(json.dumps(meta))
        if path.exists():  # it was damaged, or we would not be here
            shutil.rmtree(path, ignore_errors=True)
        aside.rename(path)
    except OSError:
        if not (path / _META).exists():
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _tidy(folder: Path) -> None:
    """Remove all but the last snapshots. A process that has one mapped keeps it until it lets go."""
    for path in [path for _, path in stored(folder, 2**62)][_SNAPSHOTS_KEPT:]:
        shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob(".making-*"):
        if path.stat().st_mtime < time.time() - _ABANDONED_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


def _checksum(path: Path) -> tuple[int, int]:
    return path.stat().st_size, zlib.crc32(np.memmap(path, dtype=np.uint8, mode="r").data)


def _mapped(path: Path, size: int, crc: int) -> Array:
    """Map a file; "c" lets this process write into the room at the end without anybody else's seeing it."""
    if _checksum(path) != (size, crc):
        raise ValueError(f"{path.name} is damaged")
    return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False)) if size else np.load(path)


def _arrays(world: World) -> dict[str, Array]:
    graph, base = world.graph, world.graph.base
    arrays = {f"node-{name}": _with_room(graph.nodes[name]) for name in graph.nodes.whole}
    arrays |= {f"edge-{name}": _with_room(graph.edges[name]) for name in graph.edges.whole}
    for direction in ("downstream", "upstream"):
        rows, tools = base.rows(direction), base.tools(direction)
        arrays |= {f"{direction}-{one.name}": getattr(rows, one.name) for one in fields(Rows)}
        arrays |= {f"{direction}-tools-{one.name}": getattr(tools, one.name) for one in fields(Tools)}
    said = [(issue, impact) for issue, impacts in world.impacts.items() for impact in impacts]
    arrays["impacts"] = np.array([(issue, one.statement, one.node, one.start, one.end) for issue, one in said], np.int64)
    arrays["impact-words"] = np.array([(one.says, one.status) for _, one in said], dtype="U20")
    arrays["merged"] = np.array(list(world.merged.items()), dtype=np.int64)
    arrays["silences"] = np.array(list(world.silences.items()), dtype=np.int64)
    return arrays


def _with_room(column: Array) -> Array:
    return np.concatenate((column, np.zeros(ROOM, dtype=column.dtype)))


def _world(arrays: dict[str, Array], meta: dict[str, int]) -> World:
    def of(prefix: str) -> dict[str, Array]:
        return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}

    rows = {side: Rows(**{one.name: arrays[f"{side}-{one.name}"] for one in fields(Rows)}) for side in ("downstream", "upstream")}
    tools = {side: Tools(**of(f"{side}-tools-")) for side in rows}
    merged: dict[int, int] = dict(arrays["merged"].reshape(-1, 2).tolist())
    canonical = canonical_of(merged)
    ids = arrays["node-ids"][: meta["nodes"]]
    speechless = np.fromiter(canonical, dtype=np.int64, count=len(canonical))
    graph = Graph(
        meta["edition"], Columns(of("node-"), meta["nodes"], [meta["nodes"]]),
        Columns(of("edge-"), meta["edges"], [meta["edges"]]),
        Base(meta["edges"], rows["downstream"], rows["upstream"], tools["downstream"], tools["upstream"]),
        silent=frozenset(speechless[np.isin(speechless, ids)].tolist()),
    )  # fmt: skip
    impacts: dict[int, list[Impact]] = defaultdict(list)
    for (issue, statement, node, *days), words in zip(
        arrays["impacts"].reshape(-1, 5).tolist(), arrays["impact-words"].reshape(-1, 2).tolist(), strict=True
    ):
        impacts[issue].append(Impact(statement, node, *words, *days))
    silences: dict[int, int] = dict(arrays["silences"].reshape(-1, 2).tolist())
    undisclosed: frozenset[int] = frozenset(canonical.get(subject, subject) for subject in silences.values())
    said = {issue: tuple(found) for issue, found in impacts.items()}
    return World(graph, said, undisclosed, canonical, merged, silences, str(meta["digest"]))
