"""Random small worlds: cycles, self-loops, parallel edges and hubs are normal input."""

from dataclasses import dataclass

from hypothesis import strategies as st

from kb.lineage.graph import AFTER_ALL, BEFORE_ALL, EdgeRow, Filters, Graph
from kb.lineage.inherit import Impact
from kb.records.status import ORDER
from tests.lineage import reference

KINDS = ["dataset", "model", "product", "unresolved"]
PREDICATES = [
    "trained_on", "contains", "subset_of", "distilled_from", "depends_on", "evaluated_on", "filtered_with", "uses_model",
    "formerly_used", "built_on_product", "version_of",
]  # fmt: skip
IDS = [3, 7, 8, 20, 21, 34]
days = st.integers(1, 6)


@dataclass(frozen=True)
class World:
    """A graph, and the rows that it was built of."""

    nodes: list[tuple[int, str]]
    rows: list[EdgeRow]

    @property
    def graph(self) -> Graph:
        """The engine's graph."""
        return Graph.build(1, self.nodes, self.rows)

    @property
    def links(self) -> list[reference.Link]:
        """The same, naively."""
        return reference.links(self.rows)


@st.composite
def periods(draw: st.DrawFn) -> tuple[int, int]:
    """A period with known or unknown ends."""
    start, end = draw(st.just(BEFORE_ALL) | days), draw(st.just(AFTER_ALL) | days)
    return (start, end) if start <= end else (end, start)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A world of at most six nodes."""
    nodes = [(record, draw(st.sampled_from(KINDS))) for record in IDS[: draw(st.integers(1, len(IDS)))]]
    ids = st.sampled_from([record for record, _ in nodes])
    statuses = st.sampled_from(["confirmed", "corroborated", "reported", "inferred", "disputed"]) | st.sampled_from(ORDER)
    rows = []
    for statement in range(100, 100 + draw(st.integers(0, 11))):
        start, end = draw(st.just((BEFORE_ALL, AFTER_ALL)) | periods())
        status = draw(statuses)
        rows.append(EdgeRow(statement, draw(ids), draw(ids), draw(st.sampled_from(PREDICATES)), status, start, end))
    return World(nodes, draw(st.permutations(rows)))


questions = st.builds(
    Filters,
    st.none() | st.frozensets(st.sampled_from(PREDICATES), min_size=3),
    st.none() | st.sampled_from(["confirmed", "corroborated", "reported", "inferred", "disputed"]),
    st.none() | days,
)
directions = st.sampled_from(["downstream", "upstream"])
depths = st.none() | st.integers(1, 4)


@st.composite
def impacts(draw: st.DrawFn, size: int) -> list[Impact]:
    """What is said of an issue's impact on nodes of a graph."""
    found = []
    says = st.sampled_from(["affected", "mitigated", "fixed", "not_affected", "under_investigation", "unknown"])
    for statement in range(500, 500 + draw(st.integers(1, 5))):
        start, end = draw(st.just((BEFORE_ALL, AFTER_ALL)) | periods())
        status = draw(st.sampled_from(["confirmed", "reported"]) | st.sampled_from(ORDER))
        found.append(Impact(statement, draw(st.integers(0, size - 1)), draw(says), status, start, end))
    return found
