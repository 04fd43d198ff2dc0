"""How artifacts stand below a record in two worlds, and what shifts from one to the other. Pure.

A path is documented or, where a step of it is inferred, a lead: leads are told apart and never counted in. The nodes of
the younger world are those of the older one and further ones after them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kb.lineage.answer import STATUS_OF
from kb.lineage.columns import Array
from kb.lineage.graph import INFERRED, KIND_CODES, Filters, Mask
from kb.lineage.voices import Voices, node_of
from kb.lineage.walk import closure
from kb.lineage.world import World
from kb.records.status import STRENGTH

_DISPUTED = STRENGTH["disputed"]
_PRODUCT = KIND_CODES.index("product")
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Stand:
    """The status of the best path to an artifact, and whether it is a lead only."""

    status: str
    is_lead: bool


@dataclass(frozen=True, eq=False)
class Standing:
    """How every node stands below one record: strength of its best path, 0 for none; leads; and the record itself."""

    strength: Array
    lead: Mask
    itself: Mask

    @property
    def documented(self) -> Mask:
        """What has a documented path."""
        return (self.strength > 0) & ~self.lead

    def at(self, node: int) -> Stand | None:
        """How one node stands."""
        strength = int(self.strength[node])
        return Stand(STATUS_OF[strength], bool(self.lead[node])) if strength else None


def standing(world: World, voices: Voices, record: int, among: Mask) -> Standing:
    """Return how everything stands below a record; of disputed paths leads are told `among` these nodes alone."""
    graph, root = world.graph, node_of(world, record)
    strength, itself = np.zeros(graph.room, dtype=np.int8), np.zeros(graph.room, dtype=np.bool_)
    lead = itself.copy()
    if root is not None:
        reached = closure(graph, root, "downstream", Filters())
        strength, itself[root] = reached.strength, True
        lead = strength == INFERRED
        for node in np.flatnonzero((strength == _DISPUTED) & among[: graph.room]).tolist():
            lead[node] = graph.leads(reached.best_path(node)).any()
    return Standing(voices.spread(strength), voices.spread(lead), voices.spread(itself))


@dataclass(frozen=True, eq=False)
class Shift:
    """What shifts below one record: masks over the nodes of the younger world.

    A record that was merged gains nothing of its own: its speaker does. The record itself is not below itself.
    """

    before: Standing
    after: Standing
    masks: Mapping[str, Mask]

    @classmethod
    def between(cls, before: Standing, after: Standing, spoke: Mask, speaks: Mask, may_gain: bool) -> "Shift":
        """Compare two standings; `may_gain` says whether the record still speaks for itself."""
        was, now = before.documented, after.documented
        aside = ~(before.itself | after.itself)
        gains = aside & speaks & may_gain
        loses = aside & (spoke | speaks)
        return cls(before, after, {
            "gained": now & ~was & gains,
            "lost": was & ~now & loses,
            "leads": after.lead & (before.strength == 0) & gains,
            "leads_lost": before.lead & (after.strength == 0) & loses,
            "changed": was & now & (before.strength != after.strength) & gains,
        })  # fmt: skip

    def split(self, name: str, kind: Array) -> tuple[Array, Array]:
        """Return the nodes that shift in one way: products, and the others."""
        nodes = np.flatnonzero(self.masks[name])
        is_product = kind[nodes] == _PRODUCT
        return nodes[is_product], nodes[~is_product]
