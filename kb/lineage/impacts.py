"""What is said of an issue's impacts, and how the issue stands to one node. The rules are in VOCABULARY. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kb.lineage.graph import AFTER_ALL, BEFORE_ALL
from kb.records.status import STRENGTH

CLASSES = ("present", "inherited", "possibly_inherited", "remediated")
STARTS = frozenset({"affected", "mitigated"})
_STOPS = frozenset({"fixed", "not_affected"})
# A lead neither starts nor stops an issue; what is refuted, retracted or unsourced never counts.
COUNTING = frozenset({"confirmed", "corroborated", "reported", "disputed"})


@dataclass(frozen=True, slots=True)
class Impact:
    """What one impact statement says of one node; `start` and `end` bound when the issue was in it."""

    statement: int
    node: int
    says: str
    status: str
    start: int = BEFORE_ALL
    end: int = AFTER_ALL


@dataclass(frozen=True, slots=True)
class Exposure:
    """How one issue stands to one node: the class, the impact it starts from, and the deciding path of edges."""

    node: int
    category: str
    origin: Impact
    path: tuple[int, ...] = ()
    own: Impact | None = None


class Said:
    """What is said of an issue: where it starts, where it is present and where it is stopped."""

    def __init__(self, impacts: Iterable[Impact]) -> None:
        counting = sorted((impact for impact in impacts if impact.status in COUNTING), key=_telling_first)
        self.starts = [impact for impact in counting if impact.says in STARTS]
        self.present = _first_by_node(self.starts)
        stops = _first_by_node(impact for impact in counting if impact.says in _STOPS)
        self.stopped: Mapping[int, Impact] = {node: impact for node, impact in stops.items() if node not in self.present}

    def classes(self) -> Iterator[tuple[str, Mapping[int, Impact]]]:
        """Yield the classes of what is reached, the gravest first, and where the issue is stopped as that class is found."""
        yield "inherited", self.stopped
        yield "possibly_inherited", self.stopped
        if self.stopped:
            yield "remediated", {}


def _telling_first(impact: Impact) -> tuple[bool, int, int, int]:
    """A mitigation on record is always told; else the best supported impact speaks for its node."""
    return impact.says != "mitigated", -STRENGTH[impact.status], impact.node, impact.statement


def _first_by_node(impacts: Iterable[Impact]) -> dict[int, Impact]:
    found: dict[int, Impact] = {}
    for impact in impacts:
        found.setdefault(impact.node, impact)
    return found
