"""Which artifacts an issue reaches, and how: present, inherited, possibly inherited, remediated.

Descent and presence are two claims. Present needs an impact statement on that very artifact; full edges pass an issue
on; any partial or unknown edge makes it possible, however well confirmed. Rules: VOCABULARY, relations of lineage.
"""

from collections.abc import Iterable, Sequence, Set

from kb.lineage.graph import Filters, Graph
from kb.lineage.impacts import CLASSES, Exposure, Impact, Said
from kb.lineage.spread import Approach, Spread
from kb.lineage.ways import AllBelow, Towards

__all__ = ["CLASSES", "Descent", "Exposure", "Impact", "exposures", "weakest_step"]


class Descent:
    """What one node descends from, walked once: every issue's way to it lies inside."""

    def __init__(self, graph: Graph, node: int, filters: Filters | None = None) -> None:
        self.node, self.ways = node, Towards(graph, node, filters or Filters())

    @property
    def nodes(self) -> Set[int]:
        """The node and all that it descends from."""
        return self.ways.nodes

    def exposure_to(self, impacts: Iterable[Impact]) -> Exposure | None:
        """Return how an issue, given by its impacts, stands to the node: as `exposures` says of it among all others.

        Impacts on nodes that it does not descend from can neither start nor stop anything on the way.
        """
        said = Said(impact for impact in impacts if impact.node in self.ways.nodes)
        return Approach(said, self.ways).exposure() if said.starts else None


def exposures(graph: Graph, impacts: Sequence[Impact], filters: Filters | None = None) -> dict[int, Exposure]:
    """Return how an issue, given by its impacts, stands to every node that it touches."""
    said = Said(impacts)
    return Spread(said, AllBelow(graph, said.present, filters or Filters())).exposures()


def weakest_step(graph: Graph, exposure: Exposure) -> int | None:
    """Return the edge that decides how sure the exposure is: the one that carries least, then the weakest."""
    if not exposure.path:
        return None
    return min(exposure.path, key=lambda edge: (int(graph.carries[edge]), int(graph.strength[edge])))
