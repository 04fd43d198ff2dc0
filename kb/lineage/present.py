"""How many issues are present in each artifact: stated of that very record, never inherited. For cards of a picture."""

from collections.abc import Collection

import numpy as np

from kb.lineage.impacts import COUNTING, STARTS
from kb.lineage.load import World


def present_counts(world: World, records: Collection[int]) -> dict[int, int]:
    """Return the number of issues present in each of these records that has any."""
    ids = np.fromiter(records, dtype=np.int64, count=len(records))
    places, at = np.searchsorted(world.graph.ids, ids).tolist(), world.issues_at
    found = {
        record: sum(_is_present(world, issue, node) for issue in at[node])
        for record, node in zip(records, places, strict=True)
        if node in at
    }
    return {record: count for record, count in found.items() if count}


def _is_present(world: World, issue: int, node: int) -> bool:
    return any(one.node == node and one.says in STARTS and one.status in COUNTING for one in world.impacts[issue])
