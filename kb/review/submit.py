"""How a proposal comes in: begun as a draft, saved, and sent. Every text passes the guard before a word of it is stored.

Forms and endpoints read the request; what follows after it is sent is decided in `decide.py`.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from kb.accounts.models import User
from kb.accounts.roles import has_role
from kb.core.clock import now
from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.ledger.write import current_edition
from kb.records import changes as do
from kb.records.issue_codes import HAZARDS
from kb.review import states
from kb.review.beside import check_beside
from kb.review.changes import put_changes, try_out
from kb.review.decide import move
from kb.review.editions import check_edition
from kb.review.filing import Filing, changes_of, is_hazard, missing, read_filing, write_filing
from kb.review.hazards import concerns_hazard
from kb.review.keys import digest, new_key, receipt_of
from kb.review.models import Decision, Proposal
from kb.review.open_changes import check_open
from kb.review.policy import Actor
from kb.review.screen import Refused, check_length, is_refused, screen, screen_email
from kb.review.wire import Json, read_change

MOST_DRAFTS = 20
_MOST_TRIES = 5


class Moved(Conflict):
    """A draft was written on meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends a proposal, and how they want to be told and credited. Without an account a receipt brings them back."""

    user: User | None = None
    email: str = ""
    credit: str = "none"
    credit_name: str = ""
    embargo_wanted: bool = False
    origin: str = "form"

    def check(self) -> None:
        """Raise InvalidInput where the credit is no such thing or has no name, Refused for what is no address."""
        if self.credit not in states.CREDITS:
            raise InvalidInput(f"“{self.credit[:20]}” is not a credit: {', '.join(states.CREDITS)}.")
        if self.credit != "none" and not self.credit_name.strip():
            raise InvalidInput("Give the name or pseudonym to be credited, or ask for no credit.")
        check_length(self.credit_name, 120, "The name for the credit")
        if self.email:
            screen_email(self.email)


def start_filing(data: Json, sender: Sender) -> Proposal:
    """Begin the draft of an issue. Raises Refused, InvalidInput, or Conflict for too many drafts; nothing is stored then."""
    filing = _screened(data, sender)
    _check_room(sender)
    proposal = _new("issue", sender, title=filing.title, filing=write_filing(filing), hazard=is_hazard(filing))
    proposal.save()
    return proposal


def save_filing(proposal: Proposal, data: Json, sender: Sender, *, seen: int | None = None) -> Proposal:
    """Save a draft, or what a submitter mends when asked. Raises Conflict where it can no longer be written on.

    With `seen` it raises Moved where the revision is another one by now.
    """
    try:
        filing = _screened(data, sender, hazard=proposal.hazard and proposal.state != "draft")
    except Refused:
        _take_out_refused(proposal, data)
        raise
    if is_hazard(filing) and not proposal.hazard:
        check_beside(proposal)
    with transaction.atomic():
        proposal = _locked(proposal)
        if seen is not None and proposal.revision != seen:
            raise Moved("The draft was changed in another window meanwhile. Look at it again.")
        if proposal.state not in states.WRITABLE or proposal.kind != "issue":
            raise Conflict(f"The proposal is in the state “{proposal.state_label}” and can no longer be written on.")
        proposal.title, proposal.filing = filing.title, write_filing(filing)
        proposal.hazard = is_hazard(filing) or (proposal.hazard and proposal.state != "draft")
        proposal.email, proposal.embargo_wanted = sender.email, sender.embargo_wanted
        proposal.credit, proposal.credit_name = sender.credit, sender.credit_name
        proposal.revision, proposal.changed = proposal.revision + 1, now()
        if not _desk_has_written(proposal):
            # What the submitter reads while writing is what is on record now.
            proposal.base_edition = current_edition()
        proposal.save()
        if proposal.state == "needs_info":
            _mend(proposal, filing, sender.user)
    return proposal


def _take_out_refused(proposal: Proposal, data: Json) -> None:
    """Take out of a draft that turns out to be about unlawful material what the strict rules refuse.

    It was stored by the milder ones, before it was said what kind of issue it is, and is not kept any longer (SAFETY 6).
    """
    if not isinstance(data, dict) or str(data.get("code")) not in HAZARDS:
        return
    with transaction.atomic():
        proposal = _locked(proposal)
        kept = {name: value for name, value in proposal.filing.items() if not is_refused(value)}
        credited = not is_refused(proposal.credit_name)
        if proposal.state == "draft" and not (kept == proposal.filing and credited):
            proposal.title, proposal.filing = str(kept.get("title", "")), kept
            if not credited:
                proposal.credit, proposal.credit_name = "none", ""
            proposal.revision, proposal.changed = proposal.revision + 1, now()
            proposal.save()


def save_part(proposal: Proposal, part: dict[str, Json], sender_of: Callable[[Proposal], Sender]) -> Proposal:
    """Save some fields of a filing, and keep what another window has saved of the others. Raises what `save_filing` raises."""
    for _ in range(_MOST_TRIES):
        fresh = Proposal.objects.select_related("submitter").get(id=proposal.pk)
        with suppress(Moved):
            return save_filing(fresh, fresh.filing | part, sender_of(fresh), seen=fresh.revision)
    raise Moved("The draft is changed in another window all the time. Wait a moment, and save again.")


def _mend(proposal: Proposal, filing: Filing, by: User | None) -> None:
    """Propose what a mended filing says, or leave it to the desk, which has written on the changes meanwhile, to take it over.

    What still lacks something is proposed once it is whole; before that it cannot be answered with.
    """
    if not missing(filing) and not _desk_has_written(proposal):
        put_changes(proposal, changes_of(filing))
    Decision.objects.create(
        proposal=proposal, action="mend", before=proposal.state, after=proposal.state, by_submitter=True, actor=by
    )


def discard_draft(proposal: Proposal) -> None:
    """Delete a draft for good. Raises Conflict where it was sent meanwhile: what has arrived is withdrawn, not deleted."""
    with transaction.atomic():
        proposal = _locked(proposal)
        if proposal.state != "draft":
            raise Conflict("The draft was sent already. Withdraw the submission instead.")
        proposal.delete()


def send_filing(proposal: Proposal, actor: Actor) -> Proposal:
    """Submit a draft. Raises InvalidInput where something is missing or could not be published as it is."""
    changes, seen = changes_of(read_filing(proposal.filing)), proposal.revision
    try_out(changes)
    with transaction.atomic():
        proposal = _locked(proposal)
        if proposal.revision != seen:
            raise Conflict("The draft was changed while you sent it. Look at it again.")
        put_changes(proposal, changes)
        return move(proposal, "submit", actor)


def _desk_has_written(proposal: Proposal) -> bool:
    """Whether editors amended, added or declined changes: what a submitter mends later must not undo that unseen."""
    return proposal.decisions.filter(action__in=states.WRITTEN_BY_DESK).exists()


def send_issue(data: Json, sender: Sender, *, sent_by: str = "", sent_digest: str = "") -> Proposal:
    """Submit a whole filing at once. Raises Refused, InvalidInput or Conflict, and stores nothing then."""
    filing = _screened(data, sender)
    changes = changes_of(filing)
    try_out(changes)
    with transaction.atomic():
        proposal = _new(
            "issue", sender, title=filing.title, filing=write_filing(filing), hazard=is_hazard(filing), sent_by=sent_by,
            sent_digest=sent_digest,
        )  # fmt: skip
        proposal.save()
        put_changes(proposal, changes)
        return move(proposal, "submit", Actor(user=sender.user, submitter=True))


def send_changes(
    data: Sequence[Json],
    sender: Sender,
    *,
    title: str,
    reason: str,
    kind: str = "correction",
    base_edition: int | None = None,
    sent_by: str = "",
    sent_digest: str = "",
) -> Proposal:
    """Submit typed changes. Raises Refused, InvalidInput or Conflict, and stores nothing then.

    `base_edition` is the edition on which they were drawn up, by default the current one: what others changed since is
    shown to whoever reviews it.
    """
    changes = _checked_changes(data, sender, title, reason)
    check_edition(base_edition)
    try_out(changes)
    with transaction.atomic():
        proposal = _new(
            kind, sender, title=title, reason=reason, hazard=concerns_hazard(changes), sent_by=sent_by, sent_digest=sent_digest
        )
        proposal.base_edition = proposal.base_edition if base_edition is None else base_edition
        proposal.save()
        put_changes(proposal, changes)
        return move(proposal, "submit", Actor(user=sender.user, submitter=True))


def _checked_changes(data: Sequence[Json], sender: Sender, title: str, reason: str) -> list[do.Change]:
    sender.check()
    check_length(title, 300, "A title")
    check_length(reason, 5_000, "A reason")
    if not title.strip() or not reason.strip():
        raise InvalidInput("A proposal has a title and says why.")
    if not data:
        raise InvalidInput("A proposal holds at least one change.")
    screen([*data, title, reason, sender.credit_name], hazard=False)
    changes = [read_change(one) for one in data]
    check_open(changes, editor=sender.user is not None and has_role(sender.user, "editor"))
    if concerns_hazard(changes):
        screen([*data, title, reason, sender.credit_name], hazard=True)
    return changes


def _screened(data: Json, sender: Sender, *, hazard: bool = False) -> Filing:
    """Read a filing past the guard, strictly where it says so itself or the desk has said so of it."""
    sender.check()
    screen([data, sender.credit_name], hazard=False)
    filing = read_filing(data)
    if hazard or is_hazard(filing):
        screen([data, sender.credit_name], hazard=True)
    return filing


def _check_room(sender: Sender) -> None:
    if sender.user and Proposal.objects.filter(submitter=sender.user, state="draft").count() >= MOST_DRAFTS:
        raise Conflict(f"You have {MOST_DRAFTS} drafts. Submit or withdraw one before you begin another.")


def _new(kind: str, sender: Sender, **more: object) -> Proposal:
    key = new_key()
    return Proposal(
        key=key, kind=kind, origin=sender.origin, submitter=sender.user, receipt=digest(receipt_of(key)), email=sender.email,
        credit=sender.credit, credit_name=sender.credit_name, embargo_wanted=sender.embargo_wanted,
        base_edition=current_edition(), **more,
    )  # fmt: skip


def _locked(proposal: Proposal) -> Proposal:
    held = Proposal.objects.select_for_update().filter(id=proposal.id).first()
    if held is None:
        raise Conflict("This draft was thrown away meanwhile.")
    return held


def send_once(sent_by: str, sent_digest: str, send: Callable[[], Proposal]) -> Proposal:
    """Send, unless the same sender has sent the same already. Raises what `send` raises, and Conflict for something else.

    Without `sent_by` nothing is known again.
    """
    if not sent_by:
        return send()
    try:
        return sent_before(sent_by, sent_digest) or send()
    except IntegrityError:  # the same arrived twice at once, and the other one was faster
        if found := sent_before(sent_by, sent_digest):
            return found
        raise


def sent_before(sent_by: str, sent_digest: str) -> Proposal | None:
    """Return what the same sender sent under the same idempotency key. Raises Conflict where it was something else."""
    found = Proposal.objects.filter(sent_by=sent_by).first()
    if found and found.sent_digest != sent_digest:
        raise Conflict("The same form or idempotency key was used for something else, which has arrived. Start anew.")
    return found


def by_receipt(receipt: str) -> Proposal:
    """Return the proposal of a receipt. Raises NotFound for any other text."""
    found = Proposal.objects.filter(receipt=digest(receipt.strip().lower())).first()
    if found is None:
        raise NotFound("No submission has this receipt. Check the six groups of four letters.")
    return found
