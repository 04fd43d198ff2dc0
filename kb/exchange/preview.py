"""What would fall off downstream if changes were published: they are published, compared and rolled back.

A run that loses steps of lineage needs a reason, which becomes the reason of its editions; else nothing is published.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from kb.core.errors import Conflict
from kb.exchange.sync import Outcome, Plan, carry_out
from kb.ledger.write import current_edition
from kb.lineage.alarm import LostEdge, lost_edges
from kb.lineage.rehearse import rolled_back
from kb.records import changes as do
from kb.records.models import Record
from kb.records.predicates import RESPONSIBLE_ROLES
from kb.records.publish import publish_run

_ACTOR, _REASON = "preview", "A preview that is rolled back."
_NAMED = 20


def foresee(publish: Callable[[], object]) -> list[LostEdge]:
    """Return the steps that publishing would lose, with what they cut off. Nothing stays written.

    They are looked up in the tables before these are rolled back: a run may be too large to be taken out as values.
    """
    return rolled_back(publish, lambda before: lost_edges(before.edition, current_edition()))


def foresee_changes(changes: Sequence[do.Change], refs: dict[str, int] | None = None) -> list[LostEdge]:
    """Return the steps that a change set would lose. Changes that only add are not tried out: they can lose none."""
    created = {change.ref for change in changes if isinstance(change, do.CreateRecord)}
    if not any(_may_lose(change, created) for change in changes):
        return []
    return foresee(lambda: publish_run(changes, actor=_ACTOR, reason=_REASON, refs=refs))


def _may_lose(change: do.Change, created: Collection[str]) -> bool:
    judge = _JUDGES.get(type(change))
    return judge is None or judge(change, created)


def _never(change: do.Change, created: Collection[str]) -> bool:
    return False


def _on_file(change: do.AddStatement, created: Collection[str]) -> bool:
    """Who answers for a record that is on file, or what a report relies on, may change what its evidence is worth."""
    return change.predicate in _WEIGHING and change.subject not in created


def _with_a_dispute(change: do.AddEvidence, created: Collection[str]) -> bool:
    return change.evidence.stance != "supports"


def _of_these(*names: str) -> "Judge":
    """Only changes of these fields may lose anything."""
    return lambda change, created: not set(names).isdisjoint(change.fields)


# Whether a change may lose a step of lineage, given the references of records that its run creates. What is not listed may.
Judge = Callable[[Any, Collection[str]], bool]
_WEIGHING = frozenset({*RESPONSIBLE_ROLES, "relies_on"})
_JUDGES: Mapping[type[do.Change], Judge] = {
    **dict.fromkeys(
        (
            do.CreateRecord, do.RenameRecord, do.AddAlias, do.MoveAlias, do.AddIdentifier, do.AddSourceKey, do.AddPart,
            do.RecordReply, do.AmendReply, do.OpenDispute, do.AmendDispute,
        ),
        _never,
    ),
    do.AddStatement: _on_file,
    do.AddEvidence: _with_a_dispute,
    do.AmendStatement: _of_these("rank", "override", "override_reason"),
    do.AmendEvidence: _of_these("stance", "last_seen"),
    do.AmendDetail: _of_these("publisher"),
}  # fmt: skip


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
        number = "" if edge.is_parting else f" (statement {edge.loss.statement})"
        yield f"{edge.child.name} {edge.reads} {edge.parent.name}{number}: {edge.how_in_short.lower()}."
        yield f"  {_cut_in_words(edge)}"
    if lost:
        yield 'A run that loses steps needs a public reason: --reason "...".'


def _cut_in_words(edge: LostEdge) -> str:
    cut = edge.cut
    if cut is None or not (cut.products or cut.complete):
        return "Which products lose their path was not worked out: there are too many."
    if not cut.products:
        return "No product loses its path."
    others = "" if cut.complete else ", and perhaps others"
    said = []
    if cut.documented:
        said.append(f"Without this step no other known path to {edge.parent.name} is left for {_named(cut.documented)}{others}.")
    if cut.others:
        said.append(f"Products whose path was only a lead to check, or disputed, and ends with it: {_named(cut.others)}{others}.")
    return " ".join(said)


def _named(records: Sequence[Record]) -> str:
    names = [f"{record.name} ({record.public_id})" for record in records[:_NAMED]]
    rest = len(records) - len(names)
    return f"{', '.join(names)}{f' and {rest} more' if rest else ''}"
