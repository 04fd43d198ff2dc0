"""The right of reply: a party answers or does not, an editor moderates, and what is public is published.

A reply about a proposal is published with it; one about a record on file at once. Nothing here is a public statement
that a party made elsewhere: that is evidence.
"""

import re

from django.db import transaction

from kb.accounts.models import User
from kb.core.clock import now, today
from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.records import changes as do
from kb.records.models import Record, Reply
from kb.records.publish import publish
from kb.records.response_checks import OUTCOME_LENGTH
from kb.review import states
from kb.review.answered import check_read, digest_now
from kb.review.hazards import is_strict_about
from kb.review.interest import bar, bar_of_request
from kb.review.models import Decision, Invitation, Proposal, ReplyRequest
from kb.review.publication import ACTOR, reply_change
from kb.review.screen import check_length, screen
from kb.review.timing import forget_reply
from kb.review.unreached import is_over, why_unreached

LONGEST = 10_000
CUT = "[…]"


def request_of(invitation: Invitation) -> ReplyRequest | None:
    """Return what an invitation asks for, or None where it is only for reading."""
    return ReplyRequest.objects.filter(invitation=invitation).first()


def read_reply(request: ReplyRequest, text: str) -> str:
    """Return a reply as it would be stored, and store nothing. Raises Refused, InvalidInput or Conflict."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise InvalidInput("The reply is empty.")
    check_length(text, LONGEST, "A reply")
    screen([text], hazard=is_hazard_request(request))
    check_waits(request)
    return text


def receive(invitation: Invitation, text: str) -> ReplyRequest:
    """Take a party's reply, to be moderated before it shows. Raises Refused, InvalidInput or Conflict."""
    return take_reply(_waiting(invitation), text)


def take_reply(request: ReplyRequest, text: str, read: str = "") -> ReplyRequest:
    """Take the reply to a request; whoever calls this has checked that it comes from the party.

    `read` is the digest of what it was shown: Conflict is raised where something else is proposed by now.
    """
    text = read_reply(request, text)
    with transaction.atomic():
        request = locked(request)
        check_waits(request)
        check_read(request.proposal, read)
        request.state, request.text, request.answered = "received", text, today()
        request.about = digest_now(request.proposal)
        request.save()
        forget_reply(request)
    return request


def decline(invitation: Invitation) -> ReplyRequest:
    """Note that a party does not want to reply. Raises Conflict where it has replied."""
    return take_refusal(_waiting(invitation))


def take_refusal(request: ReplyRequest, read: str = "") -> ReplyRequest:
    """Note that the party of a request does not want to reply; whoever calls this has checked that it is the party.

    `read` is the digest of what it was shown: Conflict is raised where something else is proposed by now.
    """
    with transaction.atomic():
        request = locked(request)
        check_waits(request)
        check_read(request.proposal, read)
        request.state, request.text, request.answered = "declined", "", today()
        request.about = digest_now(request.proposal)
        request.save()
        forget_reply(request)
        put_on_record(request)
    return request


def _waiting(invitation: Invitation) -> ReplyRequest:
    request = request_of(invitation)
    if request is None:
        raise NotFound("No reply was asked for by this link.")
    return request


def locked(request: ReplyRequest) -> ReplyRequest:
    """Return a request that nobody else changes before the transaction ends, nor the proposal that it is about."""
    Proposal.objects.select_for_update().filter(id=request.proposal_id or 0).first()
    return ReplyRequest.objects.select_for_update().select_related(None).get(id=request.id)


def check_waits(request: ReplyRequest) -> None:
    """Raise Conflict where no answer to a request is awaited any more."""
    if request.proposal and request.proposal.state in states.ENDED - {"published"}:
        raise Conflict("The review has ended and nothing is published: there is nothing to reply to.")
    refuse_about_withdrawn(request)
    if request.state == "no_response":
        raise Conflict("The day until which a reply was asked for has passed. Write to the editors.")
    if request.state != "requested":
        raise Conflict("An answer has been given already. Ask the editors to have it amended.")


def refuse_about_withdrawn(request: ReplyRequest) -> None:
    """Raise Conflict where the record was withdrawn that a request is about: what is said of it would show nowhere."""
    if _is_about_withdrawn(request):
        raise Conflict("The record was withdrawn. While it is, there is nothing to reply to.")


def _is_about_withdrawn(request: ReplyRequest) -> bool:
    return Record.objects.filter(id=request.record_id or 0).exclude(withdrawn=None).exists()


def moderate(request: ReplyRequest, shown: str, reason: str, by: User) -> ReplyRequest:
    """Pass a reply on, whole or with cuts marked by “[…]”. Raises Refused, InvalidInput or Conflict.

    Only what is there may stay: a moderator cuts and writes nothing.
    """
    shown = shown.strip().replace("\r\n", "\n")
    check_length(reason, OUTCOME_LENGTH, "A reason")
    screen([shown, reason], hazard=is_hazard_request(request))
    refuse_interested(request, by)
    with transaction.atomic():
        request = locked(request)
        _check_cut(shown, request.text, reason)
        if request.state != "received" or request.moderated:
            raise Conflict("There is no reply to moderate, or it was moderated already.")
        refuse_about_withdrawn(request)
        request.shown, request.reason, request.moderated = shown, reason.strip(), True
        request.save()
        note(request.proposal, "moderate_reply", by, reason)
        put_on_record(request)
    return request


def _check_cut(shown: str, text: str, reason: str) -> None:
    if not is_cut_of(shown, text):
        raise InvalidInput(f"A moderator only cuts, and marks each cut with {CUT}: the words between are the party's own.")
    if shown != text and not reason.strip():
        raise InvalidInput("Say why something was cut: the reason will be public.")
    if shown == text and reason.strip():
        raise InvalidInput("Nothing was cut: leave the reason empty.")


def note(proposal: Proposal | None, action: str, by: User, reason: str) -> None:
    """Log what an editor did about a reply. It alters what would be published, so approvals given before are void."""
    if proposal is None or proposal.ended:
        return
    held = Proposal.objects.select_for_update().get(id=proposal.id)
    Proposal.objects.filter(id=held.id).update(revision=held.revision + 1, changed=now())
    Decision.objects.create(
        proposal=held, action=action, before=held.state, after=held.state, actor=by, reason=reason.strip()
    )  # fmt: skip


def refuse_barred(proposal: Proposal | None, by: User) -> None:
    """Raise Conflict where somebody of the desk would act on a proposal that they may not judge."""
    if proposal and (sentence := bar(proposal, by)):
        raise Conflict(sentence)


def refuse_interested(request: ReplyRequest, by: User) -> None:
    """Raise Conflict where somebody of the desk would see to a reply of those they speak for, or to their own proposal."""
    if sentence := bar_of_request(request, by):
        raise Conflict(sentence)


def is_cut_of(shown: str, text: str) -> bool:
    """Whether a text is another one with passages left out, each marked: never a word added, changed or cut in two."""
    if shown == text:
        return True
    if CUT not in shown:
        return False
    first, *middle, last = shown.split(CUT)
    first, last = first.rstrip(), last.lstrip()
    place, end, within = len(first), len(text) - len(last), _within_words(text)
    if not (text.startswith(first) and text.endswith(last)) or within & {place, end}:
        return False
    for piece in map(str.strip, middle):
        found = text.find(piece, place, end) if place <= end else -1
        while found >= 0 and within & {found, found + len(piece)}:
            found = text.find(piece, found + 1, end)
        if found < 0:
            return False
        place = found + len(piece)
    return place <= end


# With what is joined by an apostrophe or a hyphen, and numbers whole: “can't”, “non-lawful” and “3,226” say else in part.
_WORD = re.compile(r"\w+(?:['\u2019\u2010\u2011-]\w+|[.,]\d+)*")


def _within_words(text: str) -> set[int]:
    """The places in a text that have a part of the same word on either side."""
    return {place for word in _WORD.finditer(text) for place in range(word.start() + 1, word.end())}


def close_unanswered(request_id: int) -> None:
    """Note that a party did not reply in time, once its day has passed. One that has answered meanwhile is left as it is.

    So is one that could not reply: whose link the desk has closed, whose letter no mail server has taken, or that was asked
    about a record that was withdrawn since. What a party answered before it was asked again stands then, as an answer to what
    was proposed before.
    """
    with transaction.atomic():
        request = ReplyRequest.objects.filter(id=request_id, state="requested").first()
        request = locked(request) if request else None
        if request is None or request.state != "requested" or not is_over(request) or not _could_reply(request):
            return
        request.state = _unanswered(request)
        request.save()
        put_on_record(request)


def _unanswered(request: ReplyRequest) -> str:
    """How a request stands to which no answer came: as before, where there was one to an earlier question."""
    if request.text:
        return "received"
    return "declined" if request.answered else "no_response"


def _could_reply(request: ReplyRequest) -> bool:
    return not why_unreached(request) and not _is_about_withdrawn(request)


def is_hazard_request(request: ReplyRequest) -> bool:
    """Whether the strict rules hold for what is written about a request."""
    return is_strict_about(request.proposal, request.record_id)


def put_on_record(request: ReplyRequest) -> None:
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
