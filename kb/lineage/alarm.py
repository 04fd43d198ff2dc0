"""The lost-edge alarm: which steps of lineage editions lost, and which products lose their path by it."""

from dataclasses import dataclass

from kb.lineage.local import below, speakers
from kb.records.losses import LOSSES, Loss, losses
from kb.records.models import Record, StatementVersion
from kb.records.predicates import PREDICATES
from kb.records.queries import records_by_id, versions_by_statement

MOST_FOLLOWED = 100


@dataclass(frozen=True, slots=True)
class Cut:
    """Products that no other path known to Upstream joins to the parent. Empty and not complete: too many to work out."""

    products: tuple[Record, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class LostEdge:
    """One step that was lost, as it stood before; `cut` is empty where there were too many steps to follow each."""

    loss: Loss
    statement: StatementVersion
    child: Record
    parent: Record
    cut: Cut | None

    @property
    def reads(self) -> str:
        """The words between child and parent."""
        return PREDICATES[self.statement.predicate].reads

    @property
    def how(self) -> str:
        """How it was lost, in a sentence."""
        return LOSSES[self.loss.how].definition


def lost_edges(after: int, until: int, follow: int = MOST_FOLLOWED) -> list[LostEdge]:
    """Return every step that the editions after one and until another lost, the first of them with what they cut off.

    A step that no source asserts any more counts as lost here, though its statement stands.
    """
    lost = losses(after, until)
    versions = _versions_before(lost)
    lost = [loss for loss in lost if loss.statement in versions]
    without = frozenset(loss.statement for loss in lost)
    cuts = {loss: _cut(versions[loss.statement], after, until, without) for loss in lost[:follow]}
    ends = {end for row in versions.values() for end in (row.subject_id, row.object_id) if end is not None}
    named = records_by_id(ends | {record for cut in cuts.values() for record in cut[0]})
    return [_lost_edge(loss, versions[loss.statement], named, cuts.get(loss)) for loss in lost]


def _versions_before(lost: list[Loss]) -> dict[int, StatementVersion]:
    """The statements as they stood before the edition that lost them."""
    found: dict[int, StatementVersion] = {}
    for edition in {loss.edition for loss in lost}:
        found |= versions_by_statement((loss.statement for loss in lost if loss.edition == edition), edition - 1)
    return found


_Cut = tuple[frozenset[int], bool]


def _cut(row: StatementVersion, after: int, until: int, without: frozenset[int]) -> _Cut:
    """Products at and below the child before, that are not below the parent afterwards; and whether all were seen."""
    assert row.object_id is not None
    # A family stands below its versions: what uses the family may have used this one.
    down, up = (row.object_id, row.subject_id) if row.predicate == "version_of" else (row.subject_id, row.object_id)
    if PREDICATES[row.predicate].carries == "none":
        return frozenset(), True
    before, still = below(down, after), below(up, until, without)
    if not still.complete:
        return frozenset(), False
    lost = (before.records | set(speakers([down]).values())) - still.records
    products = {record.id for record in records_by_id(lost).values() if record.kind == "product"}
    return frozenset(products), before.complete


def _lost_edge(loss: Loss, row: StatementVersion, named: dict[int, Record], cut: _Cut | None) -> LostEdge:
    assert row.object_id is not None
    shown = None
    if cut is not None:
        products = sorted((named[record] for record in cut[0]), key=lambda record: (record.folded, record.id))
        shown = Cut(tuple(products), cut[1])
    return LostEdge(loss, row, named[row.subject_id], named[row.object_id], shown)
