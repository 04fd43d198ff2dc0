"""A trace: one path between two artifacts as a chain of steps, from what came first to what was made of it.

Each step has the parties with a role on its child: who did what, which is not a finding of fault.
"""

from dataclasses import dataclass, replace

from django.db.models import Q

from kb.core.errors import InvalidInput, NotFound
from kb.lineage.answer import Edge
from kb.lineage.ask import Question
from kb.lineage.ask_paths import Route, Routes, paths_between
from kb.lineage.counts import NONE, Count
from kb.lineage.paths import DEFAULT_PATHS, MOST_PATHS
from kb.records.losses import NOT_HELD
from kb.records.models import Record, StatementVersion
from kb.records.predicates import ROLES, Predicate
from kb.records.queries import members, records_by_id

# Groups are affected; they do nothing.
_ROLES = tuple(code for code in ROLES if code != "affected_group")


@dataclass(frozen=True, slots=True)
class Party:
    """A party with a role on the child of a step."""

    record: Record
    role: Predicate
    status: str


@dataclass(frozen=True, slots=True)
class Trace:
    """One of the paths that were found, as `number` counts them from 1, with the parties of each step by statement.

    `first` is where the chain begins, `last` where it ends; `route` is empty where no path is known.
    """

    routes: Routes
    number: int
    first: Record
    last: Record
    route: Route | None
    parties: dict[int, tuple[Party, ...]]

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The steps from what came first to what was made of it."""
        edges = self.route.edges if self.route else ()
        return edges if self.routes.answer.question.direction == "downstream" else edges[::-1]

    @property
    def more(self) -> Count:
        """How many paths there are beside those that were looked for."""
        return self.routes.more or NONE

    @property
    def equal(self) -> Count:
        """How many paths are as strong and as short as the first, itself among them."""
        return self.routes.equal or NONE


def trace(question: Question, target: Record, number: int = 1) -> Trace:
    """Follow one path from a question's root to another artifact, in whichever direction there is one.

    Raises InvalidInput for a number out of range, NotFound where there are fewer paths.
    """
    if not 1 <= number <= MOST_PATHS:
        raise InvalidInput(f"Paths are numbered from 1 to {MOST_PATHS}.")
    found = paths_between(question, target, max(number, DEFAULT_PATHS))
    answer, to = found.answer, found.to
    assert to is not None
    root = answer.record(answer.world.speaker(question.root.id))
    if not found.routes:
        return Trace(found, 1, root, to, None, {})
    if number > len(found.routes):
        known = len(found.routes)
        raise NotFound(f"There is no path {number}: {known} {'is' if known == 1 else 'are'} known between these two.")
    first, last = (root, to) if answer.question.direction == "downstream" else (to, root)
    made = Trace(found, number, first, last, found.routes[number - 1], {})
    return replace(made, parties=_parties(made))


def _parties(made: Trace) -> dict[int, tuple[Party, ...]]:
    answer = made.routes.answer
    # From a version to its family nothing was made: nobody answers for such a step.
    children = {edge.statement: edge.child for edge in made.edges if not edge.version_not_stated}
    stated = {child: _roles_on(answer.record(child), answer.edition) for child in set(children.values())}
    ids = {answer.world.speaker(row.object_id) for rows in stated.values() for row in rows if row.object_id}
    named = records_by_id(ids, answer.question.edition)
    parties = {child: _by_role(rows, named, answer.world.canonical) for child, rows in stated.items()}
    return {statement: parties[child] for statement, child in children.items()}


def _roles_on(child: Record, edition: int) -> list[StatementVersion]:
    alive = StatementVersion.objects.filter(Q(died=None) | Q(died__gt=edition), born__lte=edition)
    held = alive.filter(subject__in=members(child), predicate__in=_ROLES).exclude(Q(rank="deprecated") | Q(status__in=NOT_HELD))
    return sorted(held, key=lambda row: (_ROLES.index(row.predicate), row.statement_id))


def _by_role(rows: list[StatementVersion], named: dict[int, Record], canonical: dict[int, int]) -> tuple[Party, ...]:
    """One entry for each party and role, though several members of a merged record may state it."""
    found: dict[tuple[int, str], Party] = {}
    for row in rows:
        party = named.get(canonical.get(row.object_id or 0, row.object_id or 0))
        if party is not None:
            found.setdefault((party.id, row.predicate), Party(party, ROLES[row.predicate], row.status))
    return tuple(found.values())
