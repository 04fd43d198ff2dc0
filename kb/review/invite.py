"""Expiring, logged links by which a verified recipient at a party reads a finding that is not public."""

from datetime import timedelta

from django.db import transaction

from kb.accounts.models import User
from kb.core.clock import now
from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.records.models import Record
from kb.review.hazards import is_strict, is_strict_about
from kb.review.interest import bar
from kb.review.keys import digest, new_token
from kb.review.letters import invite
from kb.review.models import Decision, Invitation, Opening, Proposal, ReplyRequest
from kb.review.screen import check_length, screen, screen_email
from kb.review.timing import forget_reply

DAYS = 30
# While what a proposal says may be told to those whom it concerns.
SHARED = frozenset({"triage", "under_review", "embargoed"})


def make_invitation(
    party_id: int, email: str, verified_how: str, by: User | None, *, proposal: Proposal | None = None,
    record_id: int | None = None, days: int = DAYS,
) -> tuple[Invitation, str]:  # fmt: skip
    """Make a link for one recipient and return it with its token, which is shown once. Raises Refused or InvalidInput."""
    check_recipient(email, verified_how, hazard=is_strict_about(proposal, record_id))
    if not Record.objects.filter(id=party_id, kind="party").exists():
        raise InvalidInput("A recipient speaks for a party on record.")
    if not 1 <= days <= 365:
        raise InvalidInput("A link is open for 1 to 365 days.")
    token = new_token()
    made = Invitation.objects.create(
        proposal=proposal, record_id=record_id, party_id=party_id, email=email, verified_how=verified_how.strip(),
        token=digest(token), created_by=by, expires=now() + timedelta(days=days),
    )  # fmt: skip
    return made, token


def share(
    party_id: int, email: str, verified_how: str, by: User, *, proposal: Proposal, days: int = DAYS
) -> Invitation:  # fmt: skip
    """Let a recipient read a finding in confidence, without being asked for a reply. Raises Refused, InvalidInput, Conflict."""
    check_recipient(email, verified_how, hazard=is_strict(proposal))
    with transaction.atomic():
        proposal = Proposal.objects.select_for_update().get(id=proposal.id)
        if sentence := bar(proposal, by):
            raise Conflict(sentence)
        if proposal.state not in SHARED:
            raise Conflict(f"The proposal is in the state “{proposal.state_label}”. A finding is shared while it is reviewed.")
        made, token = make_invitation(party_id, email, verified_how, by, proposal=proposal, days=days)
        _log(proposal, "share", by, f"With {_party_name(party_id)}")
        invite(made, token)
    return made


def close_link(invitation: Invitation, by: User) -> None:
    """Close a link of a proposal before its time, and log who did. Raises Conflict; one that is closed already stays so.

    A party that was asked by it has no day until which it is to reply before another link is sent.
    """
    proposal = invitation.proposal
    if proposal is None or invitation.revoked is not None:
        return
    if sentence := bar(proposal, by):
        raise Conflict(sentence)
    with transaction.atomic():
        revoke(invitation)
        for request in ReplyRequest.objects.filter(invitation=invitation, state="requested"):
            forget_reply(request)
        _log(proposal, "revoke_link", by, f"Of {_party_name(invitation.party_id)}")


def _party_name(party_id: int) -> str:
    return Record.objects.values_list("name", flat=True).get(id=party_id)


def _log(proposal: Proposal, action: str, by: User, what: str) -> None:
    """Who reads in confidence alters nothing of what would be published: approvals stay."""
    Decision.objects.create(
        proposal=proposal, action=action, before=proposal.state, after=proposal.state, actor=by, reason=what
    )  # fmt: skip


def check_recipient(email: str, verified_how: str, *, hazard: bool) -> None:
    """Read what is said of a recipient. Raises Refused or InvalidInput; call it outside of a transaction."""
    if not verified_how.strip():
        raise InvalidInput("Say how you know that this address is the party's.")
    check_length(verified_how, 300, "How it was verified")
    screen([verified_how], hazard=hazard)
    screen_email(email)


def open_invitation(token: str, *, log: bool = True) -> Invitation:
    """Return what a link leads to, and log that it was read. Raises NotFound for one that is unknown, revoked or too old."""
    found = Invitation.objects.select_related("proposal").filter(token=digest(token)).first()
    if found is None or not found.is_open:
        raise NotFound("This link leads nowhere, or no longer. Ask whoever sent it for another.")
    if log:
        note_opening(found)
    return found


def note_opening(invitation: Invitation) -> None:
    """Note that a finding was read."""
    Opening.objects.create(invitation=invitation)


def revoke(invitation: Invitation) -> None:
    """Close a link before its time."""
    invitation.revoked = now()
    invitation.save(update_fields=["revoked"])
