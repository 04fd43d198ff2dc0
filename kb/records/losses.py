"""When statements of lineage were lost: no longer held, or no longer said by any source. Read from versions and payloads.

A statement that stands while every source that supported it says so no longer is not deleted; it has fallen silent.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from kb.core.vocabulary import Term, Vocabulary
from kb.ledger.history import rewritten_since
from kb.ledger.models import Payload
from kb.records.models import Evidence, Statement, StatementVersion
from kb.records.predicates import LINEAGE

FOLLOWED = (*LINEAGE, "version_of")
NOT_HELD = frozenset({"needs_source", "refuted", "retracted"})
UNASSERTED = "unasserted"
LOSSES = Vocabulary(
    "loss",
    Term("retracted", "Retracted", "Taken back by an editor."),
    Term("refuted", "Refuted", "Contradicted with evidence and supported by none."),
    Term("needs_source", "No longer sourced", "No evidence supports it any more."),
    Term("deprecated", "Replaced", "Replaced by more exact statements, and followed no longer."),
    Term(UNASSERTED, "No longer asserted", "Every source that said so says it no longer. The statement still stands."),
)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Loss:
    """One statement that an edition lost, and how."""

    edition: int
    statement: int
    how: str


def is_asserted(evidence: Iterable[Evidence]) -> bool:
    """Whether any source still says so."""
    return any(row.stance == "supports" and row.last_seen is None for row in evidence)


def losses(after: int, until: int) -> list[Loss]:
    """Return what the editions after one and until another lost, in their order; each statement once an edition."""
    found = {(edition, statement): how for edition, statement, how in _silenced(after, until)}
    found |= {(edition, statement): how for edition, statement, how in _dropped(after, until)}
    return [Loss(edition, statement, how) for (edition, statement), how in sorted(found.items())]


def _dropped(after: int, until: int) -> Iterator[tuple[int, int, str]]:
    """Statements that were held, and are not in their next version."""
    following = StatementVersion.objects.filter(statement=OuterRef("statement"), version=OuterRef("version") + 1)
    # The predicate is compared and not looked up: by its index SQLite reads every version that there ever was.
    ended = StatementVersion.objects.annotate(said=Coalesce("predicate", Value(""))).filter(died__gt=after, died__lte=until)
    lost = (
        ended.filter(said__in=FOLLOWED)
        .exclude(Q(rank="deprecated") | Q(status__in=NOT_HELD))
        .annotate(next_status=Subquery(following.values("status")[:1]), next_rank=Subquery(following.values("rank")[:1]))
        .filter(Q(next_status__in=NOT_HELD) | Q(next_rank="deprecated"))
    )
    for edition, statement, status in lost.values_list("died", "statement_id", "next_status"):
        yield edition or 0, statement, status if status in NOT_HELD else "deprecated"


def _silenced(after: int, until: int) -> Iterator[tuple[int, int, str]]:
    """Statements whose last open support was closed. Only rows that were changed since can tell of it."""
    changed = rewritten_since(Evidence, after).filter(Q(last_seen__isnull=False) | Q(version__gt=2), stance="supports")
    touched = sorted(set(changed.values_list("statement_id", flat=True)))
    for start in range(0, len(touched), _CHUNK):
        followed = Statement.objects.filter(id__in=touched[start : start + _CHUNK], predicate__in=FOLLOWED)
        history = _history(list(followed.values_list("id", flat=True)), until)
        for statement, edition in _falling_silent(history):
            if edition > after:
                yield edition, statement, UNASSERTED


# Edition, statement, evidence row, and whether it supports and is open.
_Word = tuple[int, int, int, bool]


def _history(statements: list[int], until: int) -> Iterator[_Word]:
    """Yield every version of the evidence on statements, in the order in which it was published; purged ones are missing."""
    rows = list(Evidence.objects.filter(statement__in=statements).values_list("id", flat=True))
    for start in range(0, len(rows), _CHUNK):
        payloads = Payload.objects.filter(
            change__table=Evidence._meta.db_table, change__row_id__in=rows[start : start + _CHUNK], change__edition__lte=until
        ).exclude(body="")
        told = payloads.annotate(edition=F("change__edition"), row=F("change__row_id")).order_by("change_id")
        for edition, row, body in told.values_list("edition", "row", "body"):
            said = json.loads(body)
            yield edition, said["statement_id"], row, said["stance"] == "supports" and said["last_seen"] is None


def _falling_silent(history: Iterable[_Word]) -> Iterator[tuple[int, int]]:
    """Yield statement and edition wherever an edition ended with no open support that began with some."""
    words: dict[int, list[_Word]] = defaultdict(list)
    for word in history:
        words[word[1]].append(word)
    for statement, told in words.items():
        is_open: dict[int, bool] = {}
        for edition in sorted({word[0] for word in told}):
            before = any(is_open.values())
            is_open |= {row: now for at, _, row, now in told if at == edition}
            if before and not any(is_open.values()):
                yield statement, edition
