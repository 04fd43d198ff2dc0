"""The right of reply: a party is asked, answers or does not, an editor moderates, and what is public is published.

A reply about a proposal is published with it; one about a record on file at once. Nothing here is a public statement
that a party made elsewhere: that is evidence.
"""

from datetime import date, timedelta

from django.db import transaction

from kb.accounts.models import User
from kb.core.clock import today
from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.records import changes as do
from kb.records.issue_codes import HAZARDS
from kb.records.models import IssueDetail, Reply
from kb.records.publish import publish
from kb.review.invite import check_recipient, make_invitation
from kb.review.letters import invite
from kb.review.models import Invitation, Proposal, ReplyRequest
from kb.review.policy import is_own
from kb.review.publication import ACTOR, reply_change
from kb.review.screen import check_length, screen
from kb.review.timing import end_reply_after, forget_reply

DAYS_TO_REPLY = 14
MOST_DAYS = 90
LONGEST = 10_000
CUT = "[…]"


def ask(
    party_id: int, email: str, verified_how: str, by: User, *, proposal: Proposal | None = None, record_id: int | None = None,
    due: date | None = None,
) -> ReplyRequest:  # fmt: skip
    """Ask a party for its reply, by a link that a verified recipient gets. Raises Refused, InvalidInput or Conflict."""
    check_recipient(email, verified_how, hazard=bool(proposal and proposal.hazard))
    due = due or today() + timedelta(days=DAYS_TO_REPLY)
    if not today() < due <= today() + timedelta(days=MOST_DAYS):
        raise InvalidInput(f"A reply is due after today, and within {MOST_DAYS} days.")
    with transaction.atomic():
        _refuse_second(party_id, proposal, record_id)
        _refuse_own(proposal, by)
        days = (due - today()).days + 1
        invitation, token = make_invitation(party_id, email, verified_how, by, proposal=proposal, record_id=record_id, days=days)
        request = ReplyRequest.objects.create(
            proposal=proposal, record_id=record_id, party_id=party_id, invitation=invitation, asked=today(), due=due
        )
        end_reply_after(request, due)
        _put_on_record(request)
        invite(invitation, token, request)
    return request


def _refuse_own(proposal: Proposal | None, by: User) -> None:
    if proposal and is_own(proposal, by):
        raise Conflict("Nobody asks for replies to a proposal of their own. Another editor can do this.")


def _refuse_second(party_id: int, proposal: Proposal | None, record_id: int | None) -> None:
    asked = ReplyRequest.objects.filter(party_id=party_id)
    asked = asked.filter(proposal=proposal) if proposal else asked.filter(record_id=record_id, state="requested")
    if asked.exists():
        raise Conflict("This party has been asked already.")


def waive(proposal: Proposal, party_id: int, reason: str, by: User) -> ReplyRequest:
    """Publish without asking a party, for a reason that will be public. Raises InvalidInput or Conflict."""
    if not reason.strip():
        raise InvalidInput("Say why the party is not asked: the reason will be public.")
    screen([reason], hazard=proposal.hazard)
    _refuse_own(proposal, by)
    with transaction.atomic():
        _refuse_second(party_id, proposal, None)
        return ReplyRequest.objects.create(proposal=proposal, party_id=party_id, state="waived", reason=reason.strip())


def request_of(invitation: Invitation) -> ReplyRequest | None:
    """Return what an invitation asks for, or None where it is only for reading."""
    return ReplyRequest.objects.filter(invitation=invitation).first()


def receive(invitation: Invitation, text: str) -> ReplyRequest:
    """Take a party's reply, to be moderated before it shows. Raises Refused, InvalidInput or Conflict."""
    if not text.strip():
        raise InvalidInput("The reply is empty.")
    check_length(text, LONGEST, "A reply")
    request = _waiting(invitation)
    screen([text], hazard=_is_hazard(request))
    with transaction.atomic():
        request = _locked(request)
        _check_waits(request)
        request.state, request.text, request.answered = "received", text.strip().replace("\r\n", "\n"), today()
        request.save()
        forget_reply(request)
    return request


def decline(invitation: Invitation) -> ReplyRequest:
    """Note that a party does not want to reply. Raises Conflict where it has replied."""
    with transaction.atomic():
        request = _locked(_waiting(invitation))
        _check_waits(request)
        request.state, request.answered = "declined", today()
        request.save()
        forget_reply(request)
        _put_on_record(request)
    return request


def _waiting(invitation: Invitation) -> ReplyRequest:
    request = request_of(invitation)
    if request is None:
        raise NotFound("No reply was asked for by this link.")
    return request


def _locked(request: ReplyRequest) -> ReplyRequest:
    return ReplyRequest.objects.select_for_update().get(id=request.id)


def _check_waits(request: ReplyRequest) -> None:
    if request.state != "requested":
        raise Conflict("An answer has been given already. Ask the editors to have it amended.")


def moderate(request: ReplyRequest, shown: str, reason: str, by: User) -> ReplyRequest:
    """Pass a reply on, whole or with cuts marked by “[…]”. Raises Refused, InvalidInput or Conflict.

    Only what is there may stay: a moderator cuts and writes nothing.
    """
    shown = shown.strip().replace("\r\n", "\n")
    screen([shown, reason], hazard=_is_hazard(request))
    if request.proposal:
        _refuse_own(request.proposal, by)
    if not is_cut_of(shown, request.text):
        raise InvalidInput(f"A moderator only cuts, and marks each cut with {CUT}: the words between are the party's own.")
    if shown != request.text and not reason.strip():
        raise InvalidInput("Say why something was cut: the reason will be public.")
    with transaction.atomic():
        request = _locked(request)
        if request.state != "received":
            raise Conflict("There is no reply to moderate.")
        request.shown, request.reason, request.moderated = shown, reason.strip(), True
        request.save()
        _put_on_record(request)
    return request


def is_cut_of(shown: str, text: str) -> bool:
    """Whether a text is another one with passages left out, each marked: never a word added or changed."""
    if shown == text:
        return True
    if CUT not in shown:
        return False
    first, *middle, last = shown.split(CUT)
    first, last = first.rstrip(), last.lstrip()
    if not (text.startswith(first) and text.endswith(last)):
        return False
    place, end = len(first), len(text) - len(last)
    for piece in map(str.strip, middle):
        found = text.find(piece, place, end) if place <= end else -1
        if found < 0:
            return False
        place = found + len(piece)
    return place <= end


def close_unanswered(request_id: int) -> None:
    """Note that a party did not reply in time. One that has answered meanwhile is left as it is."""
    with transaction.atomic():
        request = ReplyRequest.objects.select_for_update().filter(id=request_id, state="requested").first()
        if request is None:
            return
        request.state = "no_response"
        request.save()
        _put_on_record(request)


def _is_hazard(request: ReplyRequest) -> bool:
    if request.proposal:
        return request.proposal.hazard
    return IssueDetail.objects.filter(record=request.record_id, code__in=HAZARDS).exists()


def _put_on_record(request: ReplyRequest) -> None:
    """Publish how a request stands that is about a record on file; a finding that is not public takes it along later."""
    if request.record_id is None:
        return
    change = reply_change(request, request.record_id)
    if request.public_id is None:
        publish([change], actor=ACTOR, reason=_REASONS[request.state])
        request.public_id = Reply.objects.filter(record=request.record_id, party=request.party_id).latest("id").id
        request.save(update_fields=["public_id"])
        return
    fields = {
        "state": change.state, "due": change.due, "answered": change.answered, "text": change.text, "cut": change.cut,
        "reason": change.reason,
    }  # fmt: skip
    publish([do.AmendReply(reply=request.public_id, fields=fields)], actor=ACTOR, reason=_REASONS[request.state])


_REASONS = {
    "requested": "A party was asked for its reply.", "received": "A party replied.", "declined": "A party declined to reply.",
    "no_response": "A party did not reply in time. This is not evidence of fault.",
    "waived": "A party was not asked, for the reason given.",
}  # fmt: skip
