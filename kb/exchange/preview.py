"""What would fall off downstream if changes were published: they are published, compared and rolled back.

A run that loses steps of lineage needs a reason, which becomes the reason of its editions; else nothing is published.
"""

from collections.abc import Callable, Iterator, Sequence

from django.db import transaction

from kb.core.errors import Conflict
from kb.exchange.sync import Outcome, Plan, carry_out
from kb.ledger.write import current_edition
from kb.lineage.alarm import Cut, LostEdge, lost_edges
from kb.records import changes as do
from kb.records.losses import LOSSES
from kb.records.publish import publish_run

_ACTOR, _REASON = "preview", "A preview that is rolled back."
_NAMED = 20


def foresee(publish: Callable[[], object]) -> list[LostEdge]:
    """Return the steps that publishing would lose, with what they cut off. Nothing stays written."""
    with transaction.atomic():
        before = current_edition()
        publish()
        lost = lost_edges(before, current_edition())
        transaction.set_rollback(True)
    return lost


def foresee_changes(changes: Sequence[do.Change], refs: dict[str, int] | None = None) -> list[LostEdge]:
    """Return the steps that a change set would lose. Changes that only add are not tried out: they can lose none."""
    if not any(map(_may_lose, changes)):
        return []
    return foresee(lambda: publish_run(changes, actor=_ACTOR, reason=_REASON, refs=refs))


def _may_lose(change: do.Change) -> bool:
    if isinstance(change, do.AddEvidence):
        return change.evidence.stance != "supports"
    if isinstance(change, do.AmendStatement):
        return not {"rank", "override", "override_reason"}.isdisjoint(change.fields)
    if isinstance(change, do.AmendEvidence):
        return not {"stance", "last_seen"}.isdisjoint(change.fields)
    return isinstance(change, do.RetractStatement | do.UnmergeRecord)


def carry_out_guarded(
    wanted: Plan, *, actor: str, reason: str, loses_because: str = "",
    progress: Callable[[int, int], object] = lambda done, total: None,
) -> Outcome:  # fmt: skip
    """Publish a plan. Raises Conflict, and publishes nothing, where it would lose steps and nobody has said why."""
    lost = [] if loses_because else foresee_changes(wanted.changes, wanted.refs)
    if lost:
        counted = "1 step" if len(lost) == 1 else f"{len(lost)} steps"
        raise Conflict(
            f"This would lose {counted} of lineage; nothing was published. "
            'Look at them with --preview, then give a public reason with --reason "...".'
        )
    return carry_out(wanted, actor=actor, reason=loses_because or reason, progress=progress)


def told(lost: Sequence[LostEdge]) -> Iterator[str]:
    """Yield the lines of a preview: each lost step, and beneath it what it cuts off."""
    yield f"{len(lost)} step{'s' if len(lost) != 1 else ''} of lineage would be lost."
    for edge in lost:
        how = LOSSES[edge.loss.how]
        yield f"{edge.child.name} {edge.reads} {edge.parent.name} (statement {edge.loss.statement}): {how.label.lower()}."
        yield f"  {_cut_in_words(edge)}"
    if lost:
        yield 'A run that loses steps needs a public reason: --reason "...".'


def _cut_in_words(edge: LostEdge) -> str:
    cut = edge.cut
    if cut is None or not (cut.products or cut.complete):
        return "Which products lose their path was not worked out: there are too many."
    if not cut.products:
        return "No product loses its path."
    return f"Without this step no other known path to {edge.parent.name} is left for {_products(cut)}."


def _products(cut: Cut) -> str:
    names = [f"{record.name} ({record.public_id})" for record in cut.products[:_NAMED]]
    rest = len(cut.products) - len(names)
    more = f" and {rest} more" if rest else ""
    return f"{', '.join(names)}{more}{'' if cut.complete else ', and perhaps others'}"
