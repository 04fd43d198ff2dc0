"""Filing issues and corrections from programs, and following what one sent: by token, or without one by a receipt."""

from typing import Annotated, Any, TypedDict

from django.utils.crypto import constant_time_compare
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from kb.accounts.models import User
from kb.api.authentication import Scoped, requires_scope
from kb.api.sending import Sending, flag_in, number_in, read_body, sent_once, text_in
from kb.core.errors import InvalidInput, NotFound
from kb.exchange.exporters.reference import absolute
from kb.review import states
from kb.review.decide import move
from kb.review.following import declined_changes, next_step, own_proposals, published_record, said_before, told_decisions
from kb.review.keys import digest, receipt_of
from kb.review.models import Proposal
from kb.review.policy import submitter
from kb.review.submit import Sender, send_changes, send_issue, send_once

_OF_SENDER = frozenset({"email", "credit", "credit_name", "embargo_wanted"})
_FIELDS = {
    "issue": frozenset({"kind", "filing"}) | _OF_SENDER,
    "correction": frozenset({"kind", "title", "reason", "changes", "base_edition"}) | _OF_SENDER,
}
_RECEIPT = OpenApiParameter("X-Receipt", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The receipt, without a token.")
_ONCE = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER,
    description="16 to 200 characters, such as a UUID: the same request with the same key is taken once, and answered alike.",
)  # fmt: skip


class Sent(TypedDict, total=False):
    """What was sent: an issue as a filing, or a correction as typed changes, and who sends it."""

    kind: Annotated[str, "`issue` or `correction`."]
    filing: Annotated[dict[str, Any], "For an issue: the fields of the form, as docs/api.md lists them."]
    title: Annotated[str, "For a correction: what it is, in a line."]
    reason: Annotated[str, "For a correction: why."]
    changes: Annotated[list[dict[str, Any]], "For a correction: typed changes, as docs/api.md lists them."]
    base_edition: Annotated[int, "For a correction: the edition that it was drawn up on, by default the current one."]
    email: Annotated[str, "Where each step is told to, without a token. Optional."]
    credit: Annotated[str, states.CREDITS]
    credit_name: Annotated[str, "The name or pseudonym to be credited."]
    embargo_wanted: Annotated[bool, "Whether it is asked to be kept back for a while."]


class _Received(TypedDict):
    key: Annotated[str, "What the proposal is called from now on."]
    status_url: Annotated[str, "Where its state is read."]


class Received(_Received, total=False):
    """A proposal has arrived; nothing of it is public."""

    receipt: Annotated[str, "Without a token: the only way back to it. It is not sent again."]


class DecisionRow(TypedDict):
    """A step that was taken, with the reason that its submitter is told."""

    move: str
    date: str
    reason: str


class MessageRow(TypedDict):
    """A question of the desk, or an answer."""

    by: Annotated[str, "`desk` or `you`."]
    date: str
    text: str


class DeclinedRow(TypedDict):
    """A change that was left out at publication, as a sentence, and why."""

    change: str | None
    reason: str


class PublishedRow(TypedDict):
    """The record that it became or changed."""

    id: str
    url: str
    edition: int


class ProposalRow(TypedDict):
    """How a proposal stands. Nobody but its submitter sees this."""

    key: str
    kind: Annotated[str, states.PROPOSAL_KINDS]
    title: str
    state: Annotated[str, states.STATES]
    waits_on: Annotated[str | None, "Whom it waits for: submitter, reviewer, editors or a date."]
    next: Annotated[str, "What happens next, in a sentence."]
    submitted: str | None
    embargo_until: str | None
    duplicate_of: Annotated[str | None, "The id of the public record that said the same before."]
    decisions: list[DecisionRow]
    messages: list[MessageRow]
    declined: list[DeclinedRow]
    published: PublishedRow | None


class ProposalList(TypedDict):
    """One's own proposals, the newest first."""

    results: list[ProposalRow]


class Withdrawal(TypedDict, total=False):
    """Why it is taken back, for editors."""

    reason: str


class Answer(TypedDict):
    """The answer to a question of the desk."""

    text: str


_READ, _READ_OR_RECEIPT = requires_scope("proposals:read"), requires_scope("proposals:read", anonymous=True)
_WRITE_OR_RECEIPT = requires_scope("proposals:write", anonymous=True)


class Proposals(Sending):
    """Proposals: sending one, and the list of one's own."""

    def get_permissions(self) -> list[Scoped]:
        """Sending is open to all, the list needs a token."""
        return [_READ() if self.request.method in SAFE_METHODS else _WRITE_OR_RECEIPT()]

    @extend_schema(responses=ProposalList, operation_id="v1_proposals_list")
    def get(self, request: Request) -> Response:
        """List one's own proposals: needs a token with the scope proposals:read."""
        assert self.sender is not None
        return Response({"results": [proposal_row(one) for one in own_proposals(self.sender)]})

    @extend_schema(request=Sent, responses={202: Received}, parameters=[_ONCE], operation_id="v1_proposals_send")
    def post(self, request: Request) -> Response:
        """File an issue or suggest a correction, with a token of scope proposals:write or with none. Editors review it."""
        body = read_body(request, _FIELDS["issue"] | _FIELDS["correction"])
        sent_by, sent_digest = sent_once(request, self.sender, body)
        proposal = send_once(sent_by, sent_digest, lambda: _send(body, self.sender, sent_by, sent_digest))
        return _received(proposal, self.sender)


def _send(body: dict[str, Any], user: User | None, sent_by: str, sent_digest: str) -> Proposal:
    kind = text_in(body, "kind")
    if kind not in _SENDERS:
        raise InvalidInput("kind is “issue” or “correction”.")
    if other := sorted(set(body) - _FIELDS[kind]):
        raise InvalidInput(f"With kind “{kind}” there is no “{other[0]}”. Fields are: {', '.join(sorted(_FIELDS[kind]))}.")
    sender = Sender(
        user=user, email=text_in(body, "email"), credit=text_in(body, "credit") or "none", origin="api",
        credit_name=text_in(body, "credit_name"), embargo_wanted=flag_in(body, "embargo_wanted"),
    )  # fmt: skip
    return _SENDERS[kind](body, sender, sent_by, sent_digest)


def _issue(body: dict[str, Any], sender: Sender, sent_by: str, sent_digest: str) -> Proposal:
    return send_issue(body.get("filing"), sender, sent_by=sent_by, sent_digest=sent_digest)


def _correction(body: dict[str, Any], sender: Sender, sent_by: str, sent_digest: str) -> Proposal:
    changes = body.get("changes")
    if not isinstance(changes, list):
        raise InvalidInput("changes is a list of typed changes.")
    title, reason = text_in(body, "title"), text_in(body, "reason")
    return send_changes(
        changes, sender, title=title, reason=reason, base_edition=number_in(body, "base_edition"), sent_by=sent_by,
        sent_digest=sent_digest,
    )  # fmt: skip


_SENDERS = {"issue": _issue, "correction": _correction}


def _received(proposal: Proposal, user: User | None) -> Response:
    where = absolute(f"/api/v1/proposals/{proposal.key}/")
    answer: Received = {"key": proposal.key, "status_url": where}
    if user is None:
        answer["receipt"] = receipt_of(proposal.key)
    return Response(answer, status=202, headers={"Location": where})


class OneProposal(Sending):
    """One proposal of one's own. To everybody else it does not exist."""

    permission_classes = [_READ_OR_RECEIPT]

    @extend_schema(responses=ProposalRow, parameters=[_RECEIPT], operation_id="v1_proposals_retrieve")
    def get(self, request: Request, key: str) -> Response:
        """Say how a proposal stands: to a token of its submitter with the scope proposals:read, or to its receipt."""
        return Response(proposal_row(own_proposal(request, key, self.sender)))


class Withdraw(Sending):
    """Taking a proposal back."""

    permission_classes = [_WRITE_OR_RECEIPT]

    @extend_schema(request=Withdrawal, responses=ProposalRow, parameters=[_RECEIPT], operation_id="v1_proposals_withdraw")
    def post(self, request: Request, key: str) -> Response:
        """Take a proposal back before it is published. Nothing of it becomes public then."""
        proposal = own_proposal(request, key, self.sender)
        reason = text_in(read_body(request, frozenset({"reason"}), may_be_empty=True), "reason")
        return Response(proposal_row(move(proposal, "withdraw", submitter(self.sender), reason=reason)))


class AnswerQuestion(Sending):
    """Answering a question of the desk."""

    permission_classes = [_WRITE_OR_RECEIPT]

    @extend_schema(request=Answer, responses=ProposalRow, parameters=[_RECEIPT], operation_id="v1_proposals_answer")
    def post(self, request: Request, key: str) -> Response:
        """Answer a question of the desk, while the proposal waits for one."""
        proposal = own_proposal(request, key, self.sender)
        text = text_in(read_body(request, frozenset({"text"})), "text")
        return Response(proposal_row(move(proposal, "answer", submitter(self.sender), reason=text)))


def own_proposal(request: Request, key: str, user: User | None) -> Proposal:
    """Return a proposal of the sender's. Raises NotFound for everybody else's, in the same words as for none."""
    found = Proposal.objects.filter(key=key).exclude(kind="edit", state="draft").first()
    if found and user and found.submitter_id == user.pk:
        return found
    receipt = request.headers.get("X-Receipt", "").strip().lower()
    if found and receipt and found.receipt and constant_time_compare(found.receipt, digest(receipt)):
        return found
    raise NotFound("You have no such proposal.")


def proposal_row(proposal: Proposal) -> ProposalRow:
    """Write what its submitter may know of a proposal."""
    return {
        "key": proposal.key, "kind": proposal.kind, "title": proposal.title, "state": proposal.state,
        "waits_on": states.WAITS_ON.get(proposal.state), "next": next_step(proposal),
        "submitted": proposal.submitted.date().isoformat() if proposal.submitted else None,
        "embargo_until": proposal.embargo_until.isoformat() if proposal.embargo_until else None,
        "duplicate_of": before.public_id if (before := said_before(proposal)) else None,
        "decisions": [
            {"move": row.action, "date": row.at.date().isoformat(), "reason": row.reason} for row in told_decisions(proposal)
        ],
        "messages": [
            {"by": "you" if row.from_submitter else "desk", "date": row.at.date().isoformat(), "text": row.text}
            for row in proposal.messages.all()
        ],
        "declined": [
            {"change": str(one.told) if one.told else None, "reason": one.reason} for one in declined_changes(proposal)
        ],
        "published": _published(proposal),
    }  # fmt: skip


def _published(proposal: Proposal) -> PublishedRow | None:
    record = published_record(proposal)
    if record is None or proposal.edition is None:
        return None
    return {"id": record.public_id, "url": absolute(record.path), "edition": proposal.edition}
