"""What is asked for over HTTP: datasets whose reach is the median, records with more, pages, and hubs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bench import generate, setup
from bench.http_server import BARE

setup.django()

from kb.core.ids import public_id  # noqa: E402
from kb.lineage.graph import KIND_CODES, Direction, Filters, Graph  # noqa: E402
from kb.lineage.load import forget_worlds, world_at  # noqa: E402
from kb.lineage.walk import closure  # noqa: E402
from kb.records.kinds import KINDS  # noqa: E402
from kb.records.models import Record  # noqa: E402

_SAMPLE = 1_001
_WANTED = 6_000
_HUB = 5_000
_CHUNK = 500


@dataclass(frozen=True)
class Subjects:
    """Addresses by what they stand for, and the records that writers build upon."""

    words: str
    median: Sequence[str]
    more: Sequence[str]
    larger: Sequence[str]
    upstream: Sequence[str]
    hub: str
    parents: list[int]

    @property
    def pages(self) -> list[str]:
        """The lineage pages of datasets with a median reach."""
        return [_page(path) for path in self.median[2::3]]

    @cached_property
    def by_name(self) -> dict[str, Sequence[str]]:
        """What is timed, by name. The two rows of median datasets share no address with each other or the pages."""
        return {
            "bare page": [BARE],
            "JSON, median dataset": self.median[::3],
            "JSON, the same address again": [self.median[1]],
            "JSON, dataset at the 95th percentile": self.larger,
            "JSON, median product upstream": self.upstream,
            "page, median dataset": self.pages,
        }

    @property
    def hubs(self) -> dict[str, str]:
        """A dataset with thousands below it: page and picture."""
        return {"page, hub": _page(self.hub), "picture, hub": f"{_page(self.hub)}picture.svg"} if self.hub else {}

    @property
    def mixed(self) -> list[str]:
        """What readers of a site ask for: answers, pages, tables, lists."""
        answers = [*self.median[::7], *self.larger[::7], *self.upstream[::7]]
        tables = [f"{path}?format=csv" for path in self.larger[1::7]]
        others = ["/", "/datasets/", "/api/v1/models/", "/editions/", "/what-changed/", "/search/?q=model+77"]
        return [path for group in zip(answers, self.pages, tables, others * 400, strict=False) for path in group]

    def number_of(self, record: int) -> int:
        """The number of a record within its kind."""
        return Record.objects.values_list("number", flat=True).get(id=record)


def _page(path: str) -> str:
    return f"/lineage/{path.split('/')[4]}/"


def subjects() -> Subjects:
    """Choose from the newest world, always the same of the same graph."""
    graph = world_at().graph
    random = np.random.default_rng(generate.SEED)
    datasets = random.permutation(np.flatnonzero(graph.kind == KIND_CODES.index("dataset")))
    products = random.permutation(np.flatnonzero(graph.kind == KIND_CODES.index("product")))
    reach = sorted(_reach(graph, int(node)) for node in datasets[:_SAMPLE])
    middle, larger = reach[len(reach) // 2], reach[len(reach) * 95 // 100]
    depth = sorted(_reach(graph, int(node), "upstream") for node in products[:_SAMPLE])
    median = _having(graph, datasets, range(middle, middle + 1))
    hub = _having(graph, datasets, range(_HUB * 4 // 5, _HUB * 6 // 5), most=1)
    words = (
        f"{graph.size:,} nodes, {graph.edges.length:,} edges; below a median dataset {middle - 1}, at the 95th percentile "
        f"{larger - 1}; above a median product {depth[len(depth) // 2] - 1}; "
        f"below the hub {_reach(graph, hub[0]) - 1 if hub else 'none'}"
    )
    ids = graph.ids
    found = Subjects(
        words,
        median=_downstream(graph, median[: len(median) // 2]),
        more=_downstream(graph, median[len(median) // 2 :]),
        larger=_downstream(graph, _having(graph, datasets, range(larger * 9 // 10, larger * 11 // 10 + 1), most=1_000)),
        upstream=[f"/api/v1/lineage/{key}/upstream/" for key in _ids(graph, products[:2_000].tolist())],
        hub=_downstream(graph, hub)[0] if hub else "",
        parents=ids[datasets[-500:]].tolist(),
    )
    forget_worlds()
    return found


def _reach(graph: Graph, node: int, direction: Direction = "downstream") -> int:
    return closure(graph, node, direction, Filters()).reached_count()


def _having(graph: Graph, nodes: "np.ndarray[tuple[int], np.dtype[np.int64]]", reach: range, most: int = _WANTED) -> list[int]:
    """The first nodes whose reach is within a range."""
    found = (node for node in nodes.tolist() if _reach(graph, node) in reach)
    return [node for node, _ in zip(found, range(most), strict=False)]


def _downstream(graph: Graph, nodes: Sequence[int]) -> list[str]:
    return [f"/api/v1/lineage/{key}/downstream/" for key in _ids(graph, nodes)]


def _ids(graph: Graph, nodes: Sequence[int]) -> list[str]:
    """The permanent ids of nodes."""
    records = graph.ids[list(nodes)].tolist()
    found: dict[int, str] = {}
    for start in range(0, len(records), _CHUNK):
        rows = Record.objects.filter(id__in=records[start : start + _CHUNK]).values_list("id", "kind", "number")
        found |= {record: public_id(KINDS[kind].letter, number) for record, kind, number in rows}
    return [found[record] for record in records]
