"""Tiny graphs in words: `Small("SD trained_on LAION confirmed 2022")`, asked by name."""

from datetime import date

from kb.core.dates import PartialDate
from kb.lineage.answer import Outline, outline
from kb.lineage.graph import AFTER_ALL, BEFORE_ALL, Direction, EdgeRow, Filters, Graph
from kb.lineage.inherit import Exposure, Impact, exposures, weakest_step
from kb.lineage.walk import Closure, closure
from kb.records.predicates import LINEAGE


def day(text: str) -> int:
    """The ordinal of a day."""
    return date.fromisoformat(text).toordinal()


class Small:
    """A graph of one line for each statement: child, predicate, parent, status (reported) and period (unknown).

    A period is written `2022`, `2022..`, `..2022` or `2021..2022`; one date alone is that of an event.
    """

    def __init__(self, *lines: str, kinds: dict[str, str] | None = None) -> None:
        words = [line.split() for line in lines]
        self.names = sorted({name for child, _, parent, *_ in words for name in (child, parent)})
        rows = [self._row(number, *said) for number, said in enumerate(words, start=1)]
        nodes = [(self.names.index(name) + 1, (kinds or {}).get(name, "model")) for name in self.names]
        self.graph = Graph.build(1, nodes, rows)

    def _row(self, number: int, child: str, predicate: str, parent: str, status: str = "reported", period: str = "") -> EdgeRow:
        start, end = days(period, event=predicate in LINEAGE and not LINEAGE[predicate].is_use)
        return EdgeRow(number, self.names.index(child) + 1, self.names.index(parent) + 1, predicate, status, start, end)

    def node(self, name: str) -> int:
        """The place of a name among the nodes."""
        return self.names.index(name)

    def walk(self, root: str, direction: Direction, depth: int | None = None, **filters: object) -> Closure:
        """The closure of a name."""
        return closure(self.graph, self.node(root), direction, Filters(**filters), depth)  # type: ignore[arg-type]

    def below(self, root: str, depth: int | None = None, **filters: object) -> dict[str, str]:
        """What descends from a name, with the status of the best path."""
        return {node.name: node.status for node in self.drawn(root, "downstream", depth, **filters)}

    def above(self, root: str, depth: int | None = None, **filters: object) -> dict[str, str]:
        """What a name descends from."""
        return {node.name: node.status for node in self.drawn(root, "upstream", depth, **filters)}

    def drawn(self, root: str, direction: Direction, depth: int | None = None, **filters: object) -> list["Named"]:
        """Every node of an answer, findings and leads, by name."""
        found = self.outline(root, direction, depth, **filters)
        return [Named(self, node) for node in (*found.nodes, *found.lead_nodes)]

    def outline(self, root: str, direction: Direction, depth: int | None = None, **filters: object) -> Outline:
        """The whole answer."""
        return outline(self.walk(root, direction, depth, **filters), Filters(**filters))  # type: ignore[arg-type]

    def spread(self, *said: str) -> dict[str, Exposure]:
        """How an issue stands to every name: `LAION affected confirmed 2021..2023`."""
        impacts = [self._impact(500 + number, *one.split()) for number, one in enumerate(said)]
        return {self.names[node]: exposure for node, exposure in exposures(self.graph, impacts).items()}

    def classes(self, *said: str) -> dict[str, str]:
        """The class of every name that the issue touches."""
        return {name: exposure.category for name, exposure in self.spread(*said).items()}

    def _impact(self, statement: int, name: str, says: str, status: str = "confirmed", period: str = "") -> Impact:
        start, end = days(period, event=False)
        return Impact(statement, self.node(name), says, status, start, end)

    def steps(self, exposure: Exposure) -> list[int]:
        """The statements of a deciding path."""
        return [int(self.graph.statement[edge]) for edge in exposure.path]

    def weakest(self, exposure: Exposure) -> int | None:
        """The statement of the weakest step of a deciding path."""
        edge = weakest_step(self.graph, exposure)
        return None if edge is None else int(self.graph.statement[edge])


class Named:
    """A node of an answer by its name."""

    def __init__(self, small: Small, node: object) -> None:
        self.name = small.names[node.record - 1]  # type: ignore[attr-defined]
        self.status, self.depth, self.carries = node.status, node.depth, node.carries  # type: ignore[attr-defined]
        self.path = [int(small.graph.statement[edge]) for edge in node.path]  # type: ignore[attr-defined]
        self.is_lead, self.version_not_stated = node.is_lead, node.version_not_stated  # type: ignore[attr-defined]


def days(period: str, *, event: bool) -> tuple[int, int]:
    """The days that a period may mean."""
    if not period:
        return BEFORE_ALL, AFTER_ALL
    start, dots, end = period.partition("..")
    end = start if event and not dots else end
    return (
        PartialDate.parse(start).earliest.toordinal() if start else BEFORE_ALL,
        PartialDate.parse(end).latest.toordinal() if end else AFTER_ALL,
    )
