"""Seeded graphs of lineage in the shape of a large model hub, as arrays or loaded through the normal door.

    python -m bench.generate --size L             # arrays under KB_VAR/bench
    python -m bench.generate --size S --load      # and through publish_run into the database

One dataset, the hub, is above a known share of all nodes; the others descend from elsewhere. Parents are popular ones
mostly, as on a model hub, and now and then recent ones, which makes chains. A few cycles and self-loops are among them.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import setup

setup.django()

from kb.lineage.graph import AFTER_ALL, BEFORE_ALL, CARRIES, KIND_CODES, PREDICATE_CODES, USES  # noqa: E402
from kb.records.kinds import ARTIFACTS  # noqa: E402
from kb.records.predicates import LINEAGE  # noqa: E402
from kb.records.status import STRENGTH  # noqa: E402

Ints = NDArray[np.int64]
Array = NDArray[np.float64]
SEED = 20230101
# Nodes, edges, and the share of the nodes that the hub reaches.
SIZES = {
    "XS": (2_000, 6_000, 0.78), "S": (50_000, 150_000, 0.78), "M": (100_000, 300_000, 0.78),
    "L": (1_000_000, 3_000_000, 0.84), "XL": (3_000_000, 8_000_000, 0.84),
}  # fmt: skip
_KINDS = {"dataset": 0.33, "model": 0.47, "product": 0.18, "unresolved": 0.02}
_STATUSES = {
    "confirmed": 0.15, "corroborated": 0.10, "reported": 0.55, "inferred": 0.15, "disputed": 0.03, "refuted": 0.01,
    "needs_source": 0.01,
}  # fmt: skip
_FIRST_YEAR, _YEARS = 2012, 14


@dataclass(frozen=True)
class Arrays:
    """A graph as columns: kinds of nodes, and edges as statements say them. Node `i` is the record `i + 1`."""

    kind: Ints
    child: Ints
    parent: Ints
    predicate: Ints
    strength: Ints
    start: Ints
    end: Ints

    @property
    def carries(self) -> Ints:
        """What can pass each edge, as the engine's code."""
        rows = [LINEAGE.get(code) for code in PREDICATE_CODES]
        table = np.array([CARRIES.index(row.carries if row and row.carries else "unknown") for row in rows])
        return table[self.predicate]


def make(size: str, seed: int = SEED) -> Arrays:
    """Make a graph of a size. The same seed gives the same graph."""
    nodes, edges, share = SIZES[size]
    random = np.random.default_rng(seed)
    kind = random.choice([KIND_CODES.index(code) for code in _KINDS], nodes, p=list(_KINDS.values()))
    kind[0] = KIND_CODES.index("dataset")
    below = random.random(nodes) < share
    below[0] = True
    child, parent = _descent(random, edges, kind, below)
    predicate = _predicates(random, kind[child], kind[parent])
    _, first = np.unique((child * nodes + parent) * len(PREDICATE_CODES) + predicate, return_index=True)
    kept = random.permutation(first)[:edges]
    strength = random.choice([STRENGTH[code] for code in _STATUSES], len(kept), p=list(_STATUSES.values()))
    start, end = _dates(random, predicate[kept], child[kept] / nodes)
    return Arrays(kind, child[kept], parent[kept], predicate[kept], strength, start, end)


def _descent(random: np.random.Generator, edges: int, kind: Ints, below: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Who descends from whom: every node once, then popular parents; what is not below the hub draws from its like.

    The oldest nodes have one parent each, so that what a product descends from stays a matter of dozens, as it is on hubs.
    """
    nodes = len(kind)
    extra = random.integers(nodes // 10, nodes, max(0, round(edges * 1.13) - nodes))
    child = np.concatenate((np.arange(1, nodes), extra))
    drawn = np.where(
        random.random(len(child)) < 0.05,
        child - 1 - random.integers(0, 50, len(child)).clip(max=child - 1),
        (child * random.random(len(child)) ** 5).astype(np.int64),
    )
    # Products are seldom built upon: most draws pass on to the nearest earlier node that is none.
    is_product = kind == KIND_CODES.index("product")
    apart = random.random(len(child)) < 0.95
    parent = drawn
    for side in (True, False):
        members = below == side
        usable = _latest(members & ~is_product), _latest(members)
        of_side = members[child]
        parent = np.where(of_side, np.where(apart, usable[0][parent], usable[1][parent]), parent)
    parent = np.where(parent < 0, child, parent)
    loops = random.random(len(child)) < 0.00002
    back = random.random(len(child)) < 0.0001
    back &= below[child] == below[parent]
    child, parent = np.where(back, parent, child), np.where(back, child, parent)
    return child, np.where(loops, child, parent)


def _latest(members: NDArray[np.bool_]) -> Ints:
    """For each place the latest member at or before it, -1 where there is none."""
    return np.maximum.accumulate(np.where(members, np.arange(len(members)), -1))


def _predicates(random: np.random.Generator, child_kind: Ints, parent_kind: Ints) -> Ints:
    """A predicate that may join these kinds; `depends_on` joins any."""
    found = np.full(len(child_kind), PREDICATE_CODES.index("depends_on"))
    typed = random.random(len(found)) < 0.93
    for child in ARTIFACTS - {"unresolved"}:
        for parent in ARTIFACTS - {"unresolved"}:
            codes = [code for code, row in LINEAGE.items() if child in row.subjects and parent in row.objects]
            here = typed & (child_kind == KIND_CODES.index(child)) & (parent_kind == KIND_CODES.index(parent))
            weights = np.array([0.2 if LINEAGE[code].carries == "none" else 1.0 for code in codes])
            picked = random.choice([PREDICATE_CODES.index(code) for code in codes], len(found), p=weights / weights.sum())
            found[here] = picked[here]
    return found


def _dates(random: np.random.Generator, predicate: Ints, age: Array) -> tuple[Ints, Ints]:
    """Ordinals: three in ten are dated by a year, the younger the child the later; a third of the dated uses have ended."""
    year = _FIRST_YEAR + (age * _YEARS).astype(np.int64)
    dated = random.random(len(predicate)) < 0.3
    first, last = year_starts()[year - _FIRST_YEAR], year_starts()[year - _FIRST_YEAR + 1] - 1
    start = np.where(dated, first, BEFORE_ALL)
    ended = dated & USES[predicate] & (random.random(len(predicate)) < 0.33)
    return start, np.where(ended | (dated & ~USES[predicate]), last, AFTER_ALL)


def year_starts() -> Ints:
    """The ordinals on which the years of the graph begin, and the one after them."""
    return np.array([date(_FIRST_YEAR + place, 1, 1).toordinal() for place in range(_YEARS + 1)])


def year_of(ordinal: int) -> str:
    """The year of an ordinal as a statement writes it; empty where unknown."""
    return "" if ordinal in (BEFORE_ALL, AFTER_ALL) else str(date.fromordinal(ordinal).year)


def stored(size: str) -> Arrays:
    """Return a graph from its file under KB_VAR, which is written first where it is missing."""
    path = setup.folder() / f"graph-{size}-{SIZES[size][2]}-{SEED}.npz"
    if not path.exists():
        save(make(size), path)
    with np.load(path) as file:
        return Arrays(**{field.name: file[field.name] for field in fields(Arrays)})


def save(arrays: Arrays, path: Path) -> None:
    """Write a graph to a file."""
    np.savez(path, allow_pickle=False, **{field.name: getattr(arrays, field.name) for field in fields(arrays)})


def main() -> None:
    """Write the arrays and, if asked, load them."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--size", choices=SIZES, default="M")
    options.add_argument("--load", action="store_true", help="publish them into the database of DATABASE_URL")
    given = options.parse_args()
    arrays = stored(given.size)
    print(f"{given.size}: {len(arrays.kind):,} nodes, {len(arrays.child):,} edges")
    if given.load:
        from bench.door import publish_arrays  # noqa: PLC0415 - it imports this module

        print(f"published {publish_arrays(arrays):,} changes")


def rows(arrays: Arrays) -> Iterator[tuple[int, int, str, str, str, str]]:
    """Edges as statements: child, parent, predicate, status, start and end in words."""
    status_of = {strength: status for status, strength in STRENGTH.items()}
    columns = (arrays.child, arrays.parent, arrays.predicate, arrays.strength, arrays.start, arrays.end)
    chunk = 10_000
    for place in range(0, len(arrays.child), chunk):
        for child, parent, predicate, strength, start, end in zip(
            *(column[place : place + chunk].tolist() for column in columns), strict=True
        ):
            is_use = bool(USES[predicate])
            yield (
                child, parent, PREDICATE_CODES[predicate], status_of[strength], year_of(start), year_of(end) if is_use else "",
            )  # fmt: skip


if __name__ == "__main__":
    main()
