"""Asking parties for their reply: by a link that a verified recipient gets, or not at all for a reason that is public.

What becomes of the answer is said in `reply.py`; which parties there are to ask in `asked.py`.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from kb.accounts.models import User
from kb.core.clock import today
from kb.core.errors import Conflict, InvalidInput
from kb.records.response_checks import OUTCOME_LENGTH
from kb.review.answered import digest_now
from kb.review.hazards import is_strict, is_strict_about
from kb.review.interest import bar_of_asking
from kb.review.invite import SHARED, check_recipient, make_invitation, revoke
from kb.review.letters import invite
from kb.review.models import Proposal, ReplyRequest
from kb.review.reply import check_waits, is_hazard_request, locked, note, put_on_record, refuse_barred, refuse_interested
from kb.review.screen import check_length, screen
from kb.review.taken_up import may_take_up
from kb.review.timing import end_reply_after

DAYS_TO_REPLY = 14
MOST_DAYS = 90


def ask(
    party_id: int, email: str, verified_how: str, by: User, *, proposal: Proposal | None = None, record_id: int | None = None,
    due: date | None = None,
) -> ReplyRequest:  # fmt: skip
    """Ask a party for its reply, by a link that a verified recipient gets. Raises Refused, InvalidInput or Conflict."""
    check_recipient(email, verified_how, hazard=is_strict_about(proposal, record_id))
    due = due or today() + timedelta(days=DAYS_TO_REPLY)
    if not today() < due <= today() + timedelta(days=MOST_DAYS):
        raise InvalidInput(f"A reply is due after today, and within {MOST_DAYS} days.")
    with transaction.atomic():
        proposal = _held(proposal, by)
        _refuse_insider([party_id, record_id], by)
        _refuse_second(party_id, proposal, record_id)
        days = (due - today()).days + 1
        invitation, token = make_invitation(party_id, email, verified_how, by, proposal=proposal, record_id=record_id, days=days)
        request = ReplyRequest.objects.create(
            proposal=proposal, record_id=record_id, party_id=party_id, invitation=invitation, asked=today(), due=due,
            about=digest_now(proposal),
        )  # fmt: skip
        end_reply_after(request, due)
        put_on_record(request)
        invite(invitation, token, request)
    return request


def ask_again(request: ReplyRequest, email: str, verified_how: str, by: User) -> ReplyRequest:
    """Send a new link for the same request; the old one ends. Raises Refused, InvalidInput or Conflict.

    The day stays. A party that could not reply before it has all its days again; so has one that is asked anew about what is
    proposed now, however its request was settled before.
    """
    check_recipient(email, verified_how, hazard=is_hazard_request(request))
    with transaction.atomic():
        request = locked(request)
        refuse_interested(request, by)
        if request.state != "requested" and may_take_up(request):
            _open_again(request, by)
        check_waits(request)
        due, link = request.due or today(), request.invitation
        in_time = request.due is not None and link is not None and link.is_open and due >= today()
        request.due = due if in_time else max(due, today() + timedelta(days=DAYS_TO_REPLY))
        if link and link.revoked is None:
            revoke(link)
        _send_link(request, request.due, email, verified_how, by)
    return request


def _open_again(request: ReplyRequest, by: User) -> None:
    """Await an answer again. What a party has answered before stays with its request, and counts where no other answer comes."""
    note(request.proposal, "ask_again", by, "")
    request.state, request.asked, request.due = "requested", request.asked or today(), None
    request.shown, request.reason, request.moderated = "", "", False
    request.save(update_fields=["state", "asked", "due", "shown", "reason", "moderated"])


def ask_anew(request: ReplyRequest, by: User | None) -> None:
    """Let a party reply after all whose link was closed when a review ended: by a new link, and with all its days again.

    Call it inside a transaction. The recipient is who it was before.
    """
    before = request.invitation
    if before is None:
        raise Conflict("It is not known to whom the link of a request for a reply was sent.")
    request.due = max(request.due or today(), today() + timedelta(days=DAYS_TO_REPLY))
    _send_link(request, request.due, before.email, before.verified_how, by)


def _send_link(request: ReplyRequest, due: date, email: str, verified_how: str, by: User | None) -> None:
    """Make the link of a request, send it, and close the request when its day has passed."""
    request.invitation, token = make_invitation(
        request.party_id, email, verified_how, by, proposal=request.proposal, days=(due - today()).days + 1,
        record_id=None if request.proposal else request.record_id,
    )  # fmt: skip
    if request.answered is None:
        request.about = digest_now(request.proposal)
    request.save(update_fields=["invitation", "due", "about"])
    end_reply_after(request, due)
    invite(request.invitation, token, request)


def _held(proposal: Proposal | None, by: User) -> Proposal | None:
    """A proposal that stays as it is until the transaction ends. Raises Conflict where nobody is asked about it now."""
    if proposal is None:
        return None
    held = Proposal.objects.select_for_update().get(id=proposal.id)
    refuse_barred(held, by)
    if held.state not in SHARED:
        raise Conflict(f"The proposal is in the state “{held.state_label}”. Parties are asked while it is reviewed.")
    return held


def _refuse_insider(about: Iterable[int | None], by: User) -> None:
    """Raise Conflict where somebody would ask or waive those they speak for, or ask others about what these answer for."""
    if sentence := bar_of_asking(about, by):
        raise Conflict(sentence)


def _refuse_second(party_id: int, proposal: Proposal | None, record_id: int | None) -> None:
    asked = ReplyRequest.objects.filter(party_id=party_id)
    asked = asked.filter(proposal=proposal) if proposal else asked.filter(record_id=record_id, state="requested")
    if asked.exists():
        raise Conflict("This party has been asked already.")


def waive(proposal: Proposal, party_id: int, reason: str, by: User) -> ReplyRequest:
    """Publish without asking a party, for a reason that will be public. Raises InvalidInput or Conflict."""
    if not reason.strip():
        raise InvalidInput("Say why the party is not asked: the reason will be public.")
    check_length(reason, OUTCOME_LENGTH, "A reason")
    screen([reason], hazard=is_strict(proposal))
    with transaction.atomic():
        held = _held(proposal, by)
        _refuse_insider([party_id], by)
        _refuse_second(party_id, held, None)
        request = ReplyRequest.objects.create(
            proposal=held, party_id=party_id, state="waived", reason=reason.strip(), about=digest_now(held)
        )
        note(held, "waive_reply", by, reason)
    return request
