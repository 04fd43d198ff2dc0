"""What becomes of single steps of lineage when one world follows another. Pure."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from kb.lineage.answer import STATUS_OF
from kb.lineage.graph import PREDICATE_CODES, WEAKEST, Graph
from kb.lineage.growth import edges_of
from kb.lineage.world import World


class State(NamedTuple):
    """A step as it stands in a world, its ends read canonically. A family stands below its versions."""

    predicate: str
    child: int
    parent: int
    carries: int
    status: str
    start: int
    end: int
    is_lead: bool


class StepChange(NamedTuple):
    """A statement of lineage with its step before and after; one of them may be missing."""

    statement: int
    before: State | None
    after: State | None

    @property
    def states(self) -> Iterator[State]:
        """The step as it stands in either world."""
        return (state for state in (self.before, self.after) if state)


def steps_between(before: World, after: World, statements: Iterable[int]) -> list[StepChange]:
    """Return those of the statements whose step is added, withdrawn or changed."""
    wanted = np.array(sorted(statements), dtype=np.int64)
    old, new = _states(before.graph, wanted), _states(after.graph, wanted)
    changes = (StepChange(statement, old.get(statement), new.get(statement)) for statement in wanted.tolist())
    return [change for change in changes if change.before != change.after]


def _states(graph: Graph, statements: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> dict[int, State]:
    standing = (edge for edge in edges_of(graph, statements).tolist() if edge not in graph.gone)
    return {int(graph.statement[edge]): _state(graph, edge) for edge in standing if graph.strength[edge] >= WEAKEST}


def _state(graph: Graph, edge: int) -> State:
    return State(
        PREDICATE_CODES[int(graph.predicate[edge])],
        int(graph.ids[graph.child[edge]]), int(graph.ids[graph.parent[edge]]),
        int(graph.carries[edge]), STATUS_OF[int(graph.strength[edge])],
        int(graph.start[edge]), int(graph.end[edge]), bool(graph.leads([edge])[0]),
    )  # fmt: skip
