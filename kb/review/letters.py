"""The letters of review. They say what became of a submission and where to look, and never a word of what it holds."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from kb.jobs.mail import is_undelivered
from kb.review.models import Invitation, Proposal, ReplyRequest

_SUBJECTS = {
    "submit": "Your submission has arrived", "take": "Somebody reads your submission",
    "ask": "A question about your submission", "answer": "Your answer has arrived",
    "withdraw": "Your submission is withdrawn", "mark_duplicate": "Your submission was reported before",
    "start_review": "Your submission is under review", "reject": "Your submission was not taken up",
    "embargo": "Your submission is under embargo", "prolong": "The embargo of your submission ends on another day",
    "no_embargo": "Your submission is not put under embargo", "lift": "The embargo of your submission has ended",
    "expire": "The embargo of your submission has ended", "publish": "Your submission is published",
    "publish_on_time": "Your submission is published", "reopen": "Your submission was opened again",
}  # fmt: skip


def tell_submitter(proposal: Proposal, action: str) -> None:
    """Tell the submitter of a step, where there is an address to tell it to."""
    address = proposal.submitter.email if proposal.submitter else proposal.email
    if address:
        context = {"proposal": proposal, "heading": _SUBJECTS[action], "by_receipt": proposal.submitter is None}
        _send(address, _SUBJECTS[action], "email/step.txt", context)


def invite(invitation: Invitation, token: str, request: ReplyRequest | None = None) -> None:
    """Send a recipient the link, and until when it leads anywhere."""
    subject = "A finding that names you: please reply" if request else "A finding to read in confidence"
    link = f"{settings.SITE_ADDRESS}/finding/{token}/"
    context: dict[str, object] = {"invitation": invitation, "link": link, "request": request}
    _send(invitation.email, subject, "email/invitation.txt", context, {"Message-ID": _name_of(invitation)})


def has_reached(invitation: Invitation) -> bool:
    """Whether the letter with a link was handed to a mail server, as far as is known."""
    return not is_undelivered(_name_of(invitation))


def _name_of(invitation: Invitation) -> str:
    return f"<invitation.{invitation.token[:32]}@{urlsplit(settings.SITE_ADDRESS).hostname or 'localhost'}>"


def confirm_dispute(address: str, receipt: str) -> None:
    """Tell a disputant that the dispute has arrived, and the receipt to follow it by."""
    if address:
        _send(address, "Your dispute has arrived", "email/dispute.txt", {"receipt": receipt})


def tell_disputant(address: str, state_label: str) -> None:
    """Tell a disputant of a step."""
    if address:
        _send(address, "News of your dispute", "email/dispute_step.txt", {"state": state_label})


def _send(
    address: str, subject: str, template: str, context: dict[str, object], headers: dict[str, str] | None = None
) -> None:  # fmt: skip
    whole = context | {"site_name": settings.SITE_NAME, "site": settings.SITE_ADDRESS}
    EmailMessage(f"{settings.SITE_NAME}: {subject}", render_to_string(template, whole), to=[address], headers=headers).send()
