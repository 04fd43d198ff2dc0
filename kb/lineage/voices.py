"""Which node speaks for which: a record that was merged stays a node, and is asked for where its speaker stands. Pure."""

from dataclasses import dataclass

import numpy as np

from kb.lineage.codes import places
from kb.lineage.columns import Array
from kb.lineage.graph import Mask
from kb.lineage.world import World


@dataclass(frozen=True, eq=False)
class Voices:
    """For each node of a world the one that speaks for it, and whether it speaks for itself.

    `room` counts the nodes of the younger of two worlds, of which the older has only the first.
    """

    of: Array
    speaking: Mask
    room: int

    @classmethod
    def in_world(cls, world: World, room: int) -> "Voices":
        """Read off who speaks in a world."""
        graph = world.graph
        of = np.arange(graph.room)
        silent = np.fromiter(sorted(graph.silent), dtype=np.int64, count=len(graph.silent))
        speakers = np.array([world.canonical[record] for record in silent.tolist()], dtype=np.int64)
        at = places(graph.ids, silent)
        of[at] = places(graph.ids, speakers)
        speaking = np.zeros(room, dtype=np.bool_)
        speaking[: graph.room] = True
        speaking[at] = False
        return cls(of, speaking, room)

    def spread(self, values: Array) -> Array:
        """Return what is so of each node's speaker, with nothing for nodes that are younger."""
        found = np.zeros(self.room, dtype=values.dtype)
        found[: len(self.of)] = values[self.of]
        return found


def node_of(world: World, record: int) -> int | None:
    """Return the node that speaks for a record, or None where lineage knows nothing of it."""
    return world.graph.index_of(world.speaker(record))
