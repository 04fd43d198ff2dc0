"""The filters of a question in words, and how far an answer on a day rests on steps that no source dates.

Every sentence that counts under filters says these words, on pages, in pictures, in CSV and API; the sentences are theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db.models import Q

from kb.core.dates import PartialDate, in_words
from kb.core.listing import listed
from kb.ledger.write import current_edition
from kb.lineage.answer import Node
from kb.lineage.ask import Answer
from kb.lineage.codes import AFTER_ALL, BEFORE_ALL
from kb.records.kinds import KINDS
from kb.records.losses import NOT_HELD
from kb.records.models import StatementVersion
from kb.records.predicates import PREDICATES
from kb.records.queries import members
from kb.records.vocabularies import STATUSES

# So many records are named; of more only their number is said.
_NAMED = 3


def filters_in_words(answer: Answer) -> list[str]:
    """Return what narrows the question, a phrase for each filter; empty where it is the whole question of the newest edition."""
    return [*_listed(answer), *limits_in_words(answer), *_past(answer)]


def limits_in_words(answer: Answer) -> list[str]:
    """Return what narrows which steps are followed, a phrase for each filter."""
    return [*_followed(answer), *_day(answer)]


def _listed(answer: Answer) -> list[str]:
    """What an answer lists of all that is reached."""
    question, found = answer.question, []
    if question.kinds:
        found.append(f"only {listed(KINDS[kind].plural.lower() for kind in KINDS if kind in question.kinds)}")
    if question.records:
        answer.bring((), question.records)
        names = sorted(named.name for record in question.records if (named := answer.records.get(record)))
        few = names and len(question.records) <= _NAMED
        found.append(f"only {listed(names)}" if few else f"only the {len(question.records)} records named")
    return found


def _followed(answer: Answer) -> list[str]:
    """Which steps are followed, and how far."""
    question, found = answer.question, []
    if question.predicates:
        labels = sorted(PREDICATES[code].label.lower() for code in question.predicates)
        found.append(f"following only the relation{'' if len(labels) == 1 else 's'} {listed(f'“{label}”' for label in labels)}")
    if question.min_status:
        found.append(f"only steps that are at least {STATUSES.label(question.min_status).lower()}")
    if question.depth is not None:
        found.append(f"at most {question.depth} step{'' if question.depth == 1 else 's'} away")
    return found


def _day(answer: Answer) -> list[str]:
    on = answer.question.on
    return [f"on {in_words(on.isoformat())}"] if on else []


def _past(answer: Answer) -> list[str]:
    return [f"at edition {answer.edition}"] if is_past(answer) else []


def is_past(answer: Answer) -> bool:
    """Whether an edition was asked for that is not the newest."""
    return answer.question.edition is not None and answer.question.edition != current_edition()


@dataclass(frozen=True, slots=True)
class Undated:
    """Of some artifacts, how many have a step on their best path whose beginning no source dates, and how many only such."""

    some: int
    every: int


def undated(answer: Answer, nodes: Iterable[Node]) -> Undated:
    """Count the artifacts that an answer on a day holds because a step without dates counts as always."""
    graph = answer.world.graph
    steps = [np.array(node.path, dtype=np.int64) for node in nodes]
    return Undated(
        sum(bool((graph.start[path] == BEFORE_ALL).any()) for path in steps),
        sum(bool(((graph.start[path] == BEFORE_ALL) & (graph.end[path] >= AFTER_ALL)).all()) for path in steps),
    )


def released_later(answer: Answer) -> str:
    """Return the release of the record asked about in words where all of its releases on record are later than the day."""
    if answer.question.on is None:
        return ""
    alive = StatementVersion.objects.filter(Q(died=None) | Q(died__gt=answer.edition), born__lte=answer.edition)
    stated = alive.filter(subject__in=members(answer.root), predicate="released_on")
    held = stated.exclude(Q(rank="deprecated") | Q(status__in=NOT_HELD)).values_list("value_date", flat=True)
    first = min((PartialDate.parse(day) for day in held if day), key=lambda one: one.earliest, default=None)
    return first.words if first and first.earliest > answer.question.on else ""
