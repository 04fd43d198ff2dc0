"""The life cycle of a proposal as one table: which move leads where, and who may make it (VOCABULARY 6).

Who may not judge a proposal in spite of their role is said in `interest.py`, whether a publication is ripe in `gates.py`;
moves are made in `decide.py`.
"""

from dataclasses import dataclass
from typing import Literal

from kb.accounts.models import User
from kb.accounts.roles import has_role
from kb.core.errors import Conflict, NotFound
from kb.review.interest import bar
from kb.review.models import Proposal

By = Literal["submitter", "reviewer", "editor", "clock"]
Reason = Literal["none", "optional", "required"]
_JUDGES = frozenset({"reviewer", "editor"})


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table. `after` empty: the state stays. `reason` is told to the submitter, or kept where it is private."""

    code: str
    label: str
    before: frozenset[str]
    after: str
    by: By
    reason: Reason = "optional"
    told: bool = True


def _move(code: str, label: str, before: str, after: str, by: By, reason: Reason = "optional", *, told: bool = True) -> Move:
    return Move(code, label, frozenset(before.split()), after, by, reason, told)


_ALL = (
    _move("submit", "Submit", "draft", "submitted", "submitter", "none"),
    _move("answer", "Answer", "needs_info", "triage", "submitter", "required"),
    _move("withdraw", "Withdraw", "draft submitted triage needs_info embargoed under_review", "withdrawn", "submitter"),
    _move("take", "Take on", "submitted", "triage", "reviewer", "none"),
    _move("ask", "Ask the submitter", "triage under_review", "needs_info", "reviewer", "required"),
    _move("mark_duplicate", "Mark as duplicate", "triage needs_info under_review", "duplicate", "reviewer", "required"),
    _move("start_review", "Begin the review", "triage", "under_review", "reviewer"),
    _move("reject", "Reject", "triage needs_info under_review embargoed", "rejected", "editor", "required"),
    _move("embargo", "Put under embargo", "triage under_review", "embargoed", "editor", "required"),
    _move("prolong", "Change the end of the embargo", "embargoed", "", "editor", "required"),
    _move("no_embargo", "Decide against an embargo", "under_review", "", "editor", "required"),
    _move("lift", "Lift the embargo", "embargoed", "under_review", "editor", "required"),
    _move("expire", "Embargo ended", "embargoed", "under_review", "clock", "none"),
    _move("approve", "Approve", "under_review embargoed", "", "editor", told=False),
    _move("publish", "Publish", "under_review", "published", "editor", "required"),
    _move("publish_on_time", "Published when the embargo ended", "under_review", "published", "clock", "required"),
    _move("reopen", "Open again", "rejected duplicate", "triage", "editor", "required"),
)  # fmt: skip
MOVES: dict[str, Move] = {move.code: move for move in _ALL}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts on a proposal: somebody of the desk, its submitter (by account or receipt), or the clock."""

    user: User | None = None
    submitter: bool = False
    clock: bool = False


CLOCK = Actor(clock=True)


def submitter(user: User | None = None) -> Actor:
    """Return the submitter of a proposal as an actor; whoever calls this has checked account or receipt."""
    return Actor(user=user, submitter=True)


def moves_for(proposal: Proposal, actor: Actor) -> list[Move]:
    """Return the moves that an actor may make now."""
    possible = [move for move in MOVES.values() if proposal.state in move.before and _may_ever(move, actor)]
    if any(move.by in _JUDGES for move in possible) and bar(proposal, actor.user):
        return [move for move in possible if move.by not in _JUDGES]
    return possible


def check_move(proposal: Proposal, code: str, actor: Actor) -> Move:
    """Return the move. Raises NotFound where the actor may not know of it, Conflict where the state does not allow it."""
    move = MOVES.get(code)
    if move is None or not _may_ever(move, actor):
        raise NotFound("There is no such move.")
    if move.by in _JUDGES and (sentence := bar(proposal, actor.user)):
        raise Conflict(sentence)
    if proposal.state not in move.before:
        raise Conflict(f"The proposal is in the state “{proposal.state_label}”. “{move.label}” is not possible from there.")
    return move


def _may_ever(move: Move, actor: Actor) -> bool:
    if move.by == "submitter":
        return actor.submitter
    if move.by == "clock":
        return actor.clock
    return actor.user is not None and has_role(actor.user, move.by)
