"""The lineage engine told naively, from the vocabulary's words: dicts, tuples and exhaustive search on small graphs.

It shares no code with the engine; what `carries`, which relations are uses and how statuses rank is written out again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_FULL = """
    collected_from deduplicated_from annotated_from translated_from augmented_from merged_from mirrored_from
    trained_on pretrained_on finetuned_on aligned_on initialised_from finetuned_from adapter_of merged_from_models
    quantised_from converted_from pruned_from contains uses_model calls_api_of embeds formerly_used retrieves_over
    built_on_product rebrand_of
"""
_PARTIAL = "subset_of filtered_from revision_of sampled_from synthesised_by distilled_from trained_on_outputs_of"
_UNKNOWN = "depends_on bundled_with version_of"
_NONE = "filtered_with captioned_with embedded_with validated_on evaluated_on"
CARRIES = {"full": _FULL, "partial": _PARTIAL, "unknown": _UNKNOWN, "none": _NONE}
CARRIES_OF = {predicate: carries for carries, predicates in CARRIES.items() for predicate in predicates.split()}
USES = {"uses_model", "calls_api_of", "retrieves_over", "formerly_used"}
RANKING = ["disputed", "inferred", "reported", "corroborated", "confirmed"]
NEVER, ALWAYS = 0, 10_000_000


@dataclass(frozen=True)
class Link:
    """A statement of lineage: `number` is its place among the rows."""

    number: int
    child: int
    parent: int
    predicate: str
    status: str
    start: int = NEVER
    end: int = ALWAYS

    @property
    def carries(self) -> str:
        """What can pass."""
        return CARRIES_OF[self.predicate]

    @property
    def rank(self) -> int:
        """How strong it is; the bigger the stronger."""
        return RANKING.index(self.status)


@dataclass(frozen=True)
class Found:
    """What is known of a node that was reached."""

    depth: int
    status: str
    steps_of_best: int


def links(rows: Iterable[tuple[int, int, int, str, str, int, int]]) -> list[Link]:
    """Statements that may be followed at all. From a family the path goes on to its versions, at most inferred."""
    found = []
    for number, (_, child, parent, predicate, status, start, end) in enumerate(rows):
        if status not in RANKING:
            continue
        if predicate == "version_of":
            weaker = RANKING[min(RANKING.index(status), RANKING.index("inferred"))]
            found.append(Link(number, parent, child, predicate, weaker, start, end))
        else:
            found.append(Link(number, child, parent, predicate, status, start, end))
    return found


def passing(
    all_links: Iterable[Link], predicates: frozenset[str] | None = None, min_status: str | None = None, on: int | None = None
) -> list[Link]:
    """Statements that pass the reader's filters. On a day, uses must be going on; events must have happened."""
    return [
        link
        for link in all_links
        if (predicates is None or link.predicate in predicates)
        and (min_status is None or link.rank >= RANKING.index(min_status))
        and (on is None or (link.start <= on and (link.predicate not in USES or on <= link.end)))
    ]


def simple_paths(followed: list[Link], root: int, downstream: bool) -> Iterator[list[Link]]:
    """Every path from the root that visits no node twice."""

    def ends(link: Link) -> tuple[int, int]:
        return (link.parent, link.child) if downstream else (link.child, link.parent)

    def onwards(at: int, seen: frozenset[int], path: list[Link]) -> Iterator[list[Link]]:
        for link in followed:
            near, far = ends(link)
            if near == at and far not in seen:
                yield [*path, link]
                yield from onwards(far, seen | {far}, [*path, link])

    yield from onwards(root, frozenset({root}), [])


def reached(followed: list[Link], root: int, downstream: bool, cap: int | None = None) -> dict[int, Found]:
    """Every node with the fewest steps to it, and status and length of its best path: strongest, then shortest."""
    paths: dict[int, list[list[Link]]] = {}
    carrying = [link for link in followed if link.carries != "none"]
    for path in simple_paths(carrying, root, downstream):
        if cap is None or len(path) <= cap:
            paths.setdefault(path[-1].child if downstream else path[-1].parent, []).append(path)
    return {node: _best(candidates) for node, candidates in paths.items()}


def _best(candidates: list[list[Link]]) -> Found:
    weakest = [min(link.rank for link in path) for path in candidates]
    strongest = max(weakest)
    steps = min(len(path) for path, rank in zip(candidates, weakest, strict=True) if rank == strongest)
    return Found(min(map(len, candidates)), RANKING[strongest], steps)


def tools(followed: list[Link], root: int, downstream: bool) -> set[int]:
    """What carries nothing, one step from the root."""
    return {link.number for link in followed if link.carries == "none" and (link.parent if downstream else link.child) == root}


@dataclass(frozen=True)
class Says:
    """What an impact statement says of a node."""

    node: int
    says: str
    status: str
    start: int = NEVER
    end: int = ALWAYS


@dataclass(frozen=True)
class Stands:
    """How an issue stands to a node, by a path of this strength and length."""

    category: str
    status: str = ""
    steps: int = 0


def stands(followed: list[Link], impacts: list[Says]) -> dict[int, Stands]:
    """The class of every node that an issue touches."""
    counting = [impact for impact in impacts if impact.status in RANKING and impact.status != "inferred"]
    starting = [impact for impact in counting if impact.says in {"affected", "mitigated"}]
    present = {impact.node for impact in starting}
    stopping = {}
    for impact in sorted(counting, key=lambda impact: -RANKING.index(impact.status)):
        if impact.says in {"fixed", "not_affected"} and impact.node not in present:
            stopping.setdefault(impact.node, impact)
    carrying = [link for link in followed if link.carries != "none"]
    full = [link for link in carrying if link.carries == "full" and link.rank >= RANKING.index("reported")]
    answer = {node: Stands("present") for node in present}
    for category, usable, stops in (
        ("inherited", full, stopping), ("possibly_inherited", carrying, stopping), ("remediated", carrying, {})
    ):  # fmt: skip
        for rank in reversed(range(len(RANKING))):
            strong_enough = [link for link in usable if link.rank >= rank]
            for node, steps in _steps(strong_enough, starting, present, stops).items():
                if node not in answer and node not in stops:
                    answer[node] = Stands(category, RANKING[rank], steps)
    return answer


def _steps(usable: list[Link], starting: list[Says], present: set[int], stops: dict[int, Says]) -> dict[int, int]:
    """The fewest steps by which the issue comes to each node, trying every period in which it can be there."""
    states = {(impact.node, impact.start, impact.end) for impact in starting}
    seen, steps, count = set(states), dict[int, int](), 0
    while states:
        count += 1
        open_links = [link for link in usable if link.child not in present]
        states = {after for state in states for link in open_links if (after := _passes_on(link, state, stops))} - seen
        seen |= states
        for node, _, _ in states:
            steps.setdefault(node, count)
    return steps


def _passes_on(link: Link, state: tuple[int, int, int], stops: dict[int, Says]) -> tuple[int, int, int] | None:
    """Where and when the issue is after a step: the child was made, or the use held, while it was in the parent."""
    node, since, until = state
    if link.parent != node or link.start > until or link.end < since:
        return None
    stop = stops.get(node)
    if stop is not None and not (stop.says == "fixed" and link.end < stop.start):
        return None
    for_good = link.predicate not in USES
    return link.child, max(since, link.start), ALWAYS if for_good else min(until, link.end)
