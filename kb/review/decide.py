"""Moves of a proposal: each is checked against the table, logged, told to its submitter, and may publish an edition.

One transaction holds all of it: a move that cannot be finished leaves nothing behind.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db import transaction

from kb.core.clock import now, today
from kb.core.errors import Conflict, InvalidInput, UserError
from kb.records.queries import find_record
from kb.review.asking import ask_anew
from kb.review.filing import missing, read_filing
from kb.review.gates import open_gates
from kb.review.hazards import is_strict
from kb.review.invite import revoke
from kb.review.letters import tell_submitter
from kb.review.models import Approval, Decision, Message, Proposal
from kb.review.policy import Actor, Move, check_move
from kb.review.publication import publish_proposal
from kb.review.screen import check_length, screen
from kb.review.timing import end_embargo_on, forget_embargo, forget_reply

EMBARGO_DAYS = 90
_LONGEST_REASON = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What some moves need besides a reason."""

    until: date | None = None
    coordinator: str = ""
    duplicate_of: str = ""
    revision: int | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    def texts(self) -> list[str]:
        """Every text among them, for the guard."""
        return [self.coordinator, self.duplicate_of, *self.fields, *self.fields.values()]


_PUBLISHING = frozenset({"publish", "publish_on_time"})
NO_DETAILS = Details()


def move(
    proposal: Proposal, code: str, actor: Actor, *, reason: str = "", public: bool = False, details: Details = NO_DETAILS
) -> Proposal:
    """Make one move and return the proposal as it is then.

    `details.revision` is the revision that the actor has seen: a later one raises Conflict. Raises Refused, NotFound,
    Conflict or InvalidInput, and nothing is changed then.
    """
    check_length(reason, _LONGEST_REASON, "A reason")
    # What everybody will read is read strictly, whatever it is about: the reason of a publication becomes the edition's.
    screen([reason, *details.texts()], hazard=is_strict(proposal) or public or code in _PUBLISHING)
    with transaction.atomic():
        proposal = Proposal.objects.select_for_update().get(id=proposal.id)
        wanted = check_move(proposal, code, actor)
        _check_seen(proposal, details)
        if wanted.reason == "required" and not reason.strip():
            raise InvalidInput(f"“{wanted.label}” needs a reason.")
        before = proposal.state
        proposal.state = wanted.after or before
        if effect := _EFFECTS.get(code):
            effect(proposal, actor, reason, details)
        proposal.hazard, proposal.changed = is_strict(proposal), now()
        proposal.save()
        _log(proposal, wanted, before, actor, reason, public)
        if wanted.told:
            tell_submitter(proposal, code)
    return proposal


def _check_seen(proposal: Proposal, details: Details) -> None:
    if details.revision is not None and details.revision != proposal.revision:
        raise Conflict("The proposal was changed since you opened it. Look at it again before you decide.")


def _log(proposal: Proposal, wanted: Move, before: str, actor: Actor, reason: str, public: bool) -> None:
    Decision.objects.create(
        proposal=proposal, action=wanted.code, before=before, after=proposal.state, actor=None if actor.clock else actor.user,
        by_submitter=actor.submitter, reason=reason.strip(), public=public,
    )  # fmt: skip


# What a move does besides changing the state.
Effect = Callable[[Proposal, Actor, str, Details], None]


def _submit(proposal: Proposal, actor: Actor, reason: str, details: Details) -> None:
    proposal.submitted = now()


def _take(proposal: Proposal, actor: Actor, reason: str, details: Details) -> None:
    proposal.assignee = actor.user


def _ask(proposal: Proposal, actor: Actor, reason: str, details: Details) -> None:
    Message.objects.create(proposal=proposal, from_submitter=False, author=actor.user, text=reason.strip())


def _answer(proposal: Proposal, actor: Actor, reason: str, details: Details) -> None:
    if proposal.kind == "issue" and (gaps := missing(read_filing(proposal.filing))):
        raise InvalidInput(f"What you filed lacks something since you mended it: {' '.join(gaps.values())}")
    Message.objects.create(proposal=proposal, from_submitter=True, author=actor.user, text=reason.strip())


def _end(proposal: Proposal, actor: Actor, reason: str, details: Details) -> None:
    proposal.decided = now()
    forget_embargo(proposal)
    for request in proposal.reply_requests.filter(state="requested"):
        forget_reply(request)
    for invitation in proposal.invitations.filter(revoked=None):
        revoke(invitation)


def _mark_duplicate(proposal: Proposal, actor: Actor, reason: str, details: Details) -> None:
    proposal.duplicate_of = _first_report(proposal, details.duplicate_of.strip())
    _end(proposal, actor, reason, details)


def _first_report(proposal: Proposal, key: str) -> str:
    """The permanent id of the record, or the key of the submission, that said the same before."""
    if not key:
        raise InvalidInput("Say which record or submission says the same: its id or its key.")
    if Proposal.objects.filter(key=key).exclude(id=proposal.id).exclude(state="draft").exists():
        return key
    try:
        return find_record(key).public_id
    except UserError:
        raise InvalidInput(f"“{key[:40]}” is neither a record nor another submission.") from None


def _embargo(proposal: Proposal, actor: Actor, reason: str, details: Details) -> None:
    until = details.until or today() + timedelta(days=EMBARGO_DAYS)
    if until <= today():
        raise InvalidInput("An embargo ends after today.")
    if not details.coordinator.strip():
        raise InvalidInput("An embargo has a coordinator: who keeps the parties in touch.")
    proposal.embargo_until, proposal.coordinator = until, details.coordinator.strip()[:120]
    end_embargo_on(proposal, until)


def _prolong(proposal: Proposal, actor: Actor, reason: str, details: Details) -> None:
    _embargo(proposal, actor, reason, replace(details, coordinator=details.coordinator.strip() or proposal.coordinator))


def _no_embargo(proposal: Proposal, actor: Actor, reason: str, details: Details) -> None:
    proposal.embargo_until = None


def _lift(proposal: Proposal, actor: Actor, reason: str, details: Details) -> None:
    proposal.embargo_until = None
    forget_embargo(proposal)


def _expire(proposal: Proposal, actor: Actor, reason: str, details: Details) -> None:
    proposal.embargo_until = None


def _approve(proposal: Proposal, actor: Actor, reason: str, details: Details) -> None:
    if details.revision is None:
        raise InvalidInput("An approval names the revision that was read.")
    _, fresh = Approval.objects.get_or_create(proposal=proposal, revision=proposal.revision, editor=actor.user)
    if not fresh:
        raise Conflict("You have approved this revision already.")


def _publish(proposal: Proposal, actor: Actor, reason: str, details: Details) -> None:
    if gates := open_gates(proposal):
        raise Conflict(" ".join(gates))
    publish_proposal(proposal, reason)
    proposal.decided = now()


def _reopen(proposal: Proposal, actor: Actor, reason: str, details: Details) -> None:
    proposal.decided, proposal.duplicate_of = None, ""
    proposal.revision += 1
    for request in proposal.reply_requests.filter(state="requested"):
        ask_anew(request, actor.user)


_EFFECTS: dict[str, Effect] = {
    "submit": _submit, "take": _take, "ask": _ask, "answer": _answer, "withdraw": _end, "reject": _end,
    "mark_duplicate": _mark_duplicate, "embargo": _embargo, "prolong": _prolong, "no_embargo": _no_embargo,
    "lift": _lift, "expire": _expire, "approve": _approve,
    "publish": _publish, "publish_on_time": _publish, "reopen": _reopen,
}  # fmt: skip
