"""Expiring, logged links by which a verified recipient at a party reads a finding that is not public."""

from datetime import timedelta

from django.db import transaction

from kb.accounts.models import User
from kb.core.clock import now
from kb.core.errors import InvalidInput, NotFound
from kb.records.models import Record
from kb.review.keys import digest, new_token
from kb.review.letters import invite
from kb.review.models import Invitation, Opening, Proposal
from kb.review.screen import check_length, screen, screen_email

DAYS = 30


def make_invitation(
    party_id: int, email: str, verified_how: str, by: User, *, proposal: Proposal | None = None, record_id: int | None = None,
    days: int = DAYS,
) -> tuple[Invitation, str]:  # fmt: skip
    """Make a link for one recipient and return it with its token, which is shown once. Raises Refused or InvalidInput."""
    check_recipient(email, verified_how, hazard=bool(proposal and proposal.hazard))
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
    """Let a recipient read a finding in confidence, without being asked for a reply. Raises Refused or InvalidInput."""
    check_recipient(email, verified_how, hazard=proposal.hazard)
    with transaction.atomic():
        made, token = make_invitation(party_id, email, verified_how, by, proposal=proposal, days=days)
        invite(made, token)
    return made


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
