"""What falls off downstream between two worlds, of which the later grew out of the earlier one. Pure."""

import numpy as np

from kb.lineage.fall import Fall
from kb.lineage.graph import KIND_CODES, Filters, Graph, Mask
from kb.lineage.voices import Voices, node_of
from kb.lineage.walk import within_reach
from kb.lineage.world import World

_PRODUCT = KIND_CODES.index("product")
_ALL, _DOCUMENTED = Filters(), Filters(min_status="reported")


class Between:
    """The two worlds; `left` is the later one's graph without the steps that were lost, though they may stand still."""

    def __init__(self, before: World, after: World, left: Graph) -> None:
        self.before, self.after, self.left = before, after, left
        self._old, self._new = (Voices.in_world(world, after.graph.room) for world in (before, after))
        self._known: dict[tuple[int, int, Filters], Mask] = {}

    def cut_off(self, lower: int, upper: int, *, parted: bool) -> Fall:
        """Return what fell off; a record that was merged is looked for where the one is that speaks for it."""
        stood = self._old.spread(self._at_or_below(self.before, self.before.graph, lower))
        stands = self._new.spread(self._at_or_below(self.after, self.left, upper))
        lost = stood & ~stands & (self._old.speaking | self._new.speaking)
        if parted:
            lost &= ~self._new.spread(self._only(lower))
        ids, kind = self.after.graph.ids, self.after.graph.kind
        products = lost & (kind == _PRODUCT)
        documented = products & self._old.spread(self._at_or_below(self.before, self.before.graph, lower, _DOCUMENTED))
        return Fall(frozenset(ids[products].tolist()), bool(lost.any()), documented=frozenset(ids[documented].tolist()))

    def _at_or_below(self, world: World, graph: Graph, record: int, filters: Filters = _ALL) -> Mask:
        root = node_of(world, record)
        if root is None:
            return np.zeros(graph.room, dtype=np.bool_)
        key = (graph.serial, root, filters)
        if key not in self._known:
            self._known[key] = within_reach(graph, [root], "downstream", filters)
        return self._known[key]

    def _only(self, record: int) -> Mask:
        mask = np.zeros(self.after.graph.room, dtype=np.bool_)
        root = node_of(self.after, record)
        if root is not None:
            mask[root] = True
        return mask
