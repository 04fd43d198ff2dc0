"""Taking up again how a party stands: its answer is said to hold, a question or waiver taken back, a reply moderated anew.

Asking the same party again is done in `asking.py`. What a party wrote is never thrown away here.
"""

from django.db import transaction

from kb.accounts.models import User
from kb.core.errors import Conflict, InvalidInput
from kb.review.answered import digest_now, is_outdated
from kb.review.invite import SHARED, revoke
from kb.review.models import Proposal, ReplyRequest
from kb.review.reply import is_hazard_request, locked, note, refuse_interested
from kb.review.screen import check_length, screen
from kb.review.timing import forget_reply

_LONGEST_REASON = 1_000


def may_take_up(request: ReplyRequest) -> bool:
    """Whether a request can be taken up again: while its proposal is reviewed, and nothing of it is public."""
    return request.proposal is not None and request.proposal.state in SHARED


def may_take_back(request: ReplyRequest) -> bool:
    """Whether something was asked or decided that can be taken back: all but the words of a party that wait for moderation."""
    return may_take_up(request) and (not request.text or request.settled)


def confirm_answer(request: ReplyRequest, reason: str, by: User, *, revision: int) -> ReplyRequest:
    """Say that what settled a request holds for what is proposed now. Raises Refused, InvalidInput or Conflict."""
    _check(request, reason, by)
    with transaction.atomic():
        request, proposal = _held(request)
        if proposal.revision != revision:
            raise Conflict("The proposal was changed since you opened it. Look at it again before you decide.")
        now = digest_now(proposal)
        if not is_outdated(request, now):
            raise Conflict("Nothing was changed since.")
        request.about = now
        request.save(update_fields=["about"])
        note(proposal, "confirm_answer", by, reason)
    return request


def take_back(request: ReplyRequest, reason: str, by: User) -> ReplyRequest | None:
    """Take back a question or a waiver, which goes, or how a reply was moderated, which then waits to be moderated anew.

    A party that has to be asked is then to be asked or waived again. Returns what is left of the request.
    Raises Refused, InvalidInput or Conflict.
    """
    _check(request, reason, by)
    with transaction.atomic():
        request, proposal = _held(request)
        if not may_take_back(request):
            raise Conflict("The party has replied, and no editor has passed that on: there is nothing to take back.")
        note(proposal, "take_back_reply", by, reason)
        if request.text:
            request.shown, request.reason, request.moderated = "", "", False
            request.save(update_fields=["shown", "reason", "moderated"])
            return request
        forget_reply(request)
        if request.invitation and request.invitation.revoked is None:
            revoke(request.invitation)
        request.delete()
    return None


def _check(request: ReplyRequest, reason: str, by: User) -> None:
    if not reason.strip():
        raise InvalidInput("Say why: the reason is kept in the log.")
    check_length(reason, _LONGEST_REASON, "A reason")
    screen([reason], hazard=is_hazard_request(request))
    refuse_interested(request, by)


def _held(request: ReplyRequest) -> tuple[ReplyRequest, Proposal]:
    request = locked(request)
    if request.proposal is None or not may_take_up(request):
        raise Conflict("That is not taken up again: its proposal is not under review, or it is about what is on record.")
    return request, request.proposal
