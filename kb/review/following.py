"""What its submitter may follow of a proposal: the moves that were told, without names of the desk, and what it became.

Who is its submitter is asked by pages and endpoints; notes, approvals and severity are never told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from kb.accounts.models import User
from kb.core.errors import UserError
from kb.records import changes as do
from kb.records.models import Record
from kb.records.queries import find_record
from kb.review.models import Decision, Proposal, ProposedChange
from kb.review.policy import MOVES
from kb.review.told import Told, told
from kb.review.wire import read_change

MOST_LISTED = 100

# What comes next, by state.
_NEXT: dict[str, str] = {
    "draft": "Nothing happens before you submit it.",
    "submitted": "A reviewer will take it on.",
    "triage": "A reviewer reads it and may ask you something.",
    "needs_info": "We wait for your answer.",
    "duplicate": "It is kept together with what was reported before.",
    "rejected": "An editor can open it again where something new comes up.",
    "embargoed": "It is kept back until the embargo ends, while the parties are told.",
    "under_review": "Editors judge it, and the parties that it names are asked to reply. Two editors approve what is published.",
    "published": "It is on record.",
    "withdrawn": "Nothing of it becomes public.",
}
_WITHDRAWN = "It was on record until it was withdrawn."


def own_proposals(user: User) -> QuerySet[Proposal]:
    """Return what a person sent or is writing, the newest first; what they only collect at the desk is left out."""
    return Proposal.objects.filter(submitter=user).exclude(kind="edit", state="draft").order_by("-id")[:MOST_LISTED]


def told_decisions(proposal: Proposal) -> Sequence[Decision]:
    """Return the moves that a submitter is told of, the first first."""
    return [row for row in proposal.decisions.all() if row.action in MOVES and MOVES[row.action].told]


@dataclass(frozen=True, slots=True)
class Declined:
    """One change that was not published, in words, and why; `told` is None where what it named is gone."""

    told: Told | None
    reason: str


def declined_changes(proposal: Proposal) -> list[Declined]:
    """Return what was left out of a published proposal, each with the reason. Before that nothing is settled."""
    if proposal.state != "published":
        return []
    read = {item.pk: _read(item) for item in proposal.changes.all()}
    readable = {key: change for key, change in read.items() if change is not None}
    # All are told together: a change that was left out may name what another one created.
    words = dict(zip(readable, told(list(readable.values())), strict=True))
    return [Declined(words.get(item.pk), item.reason) for item in proposal.changes.filter(state="declined")]


def _read(item: ProposedChange) -> do.Change | None:
    try:
        return read_change(item.body)
    except UserError:
        return None


def said_before(proposal: Proposal) -> Record | None:
    """Return the public record that said the same before; None where it is not public, of which nothing is told."""
    first = Proposal.objects.filter(key=proposal.duplicate_of, state="published").first() if proposal.duplicate_of else None
    if first is not None:
        found = published_record(first)
        return found if found and found.withdrawn is None else None
    try:
        return find_record(proposal.duplicate_of) if proposal.duplicate_of else None
    except UserError:
        return None


def next_step(proposal: Proposal) -> str:
    """Say what happens next, or what became of it."""
    record = published_record(proposal)
    return _WITHDRAWN if record and record.withdrawn else _NEXT[proposal.state]


def published_record(proposal: Proposal) -> Record | None:
    """Return the record that a published proposal is about, or None."""
    return Record.objects.filter(id=proposal.record_id).first() if proposal.record_id else None
