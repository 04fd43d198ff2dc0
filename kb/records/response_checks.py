"""What a reply or a dispute must fulfil before it may be published. Pure but for the clock: no database.

Each check raises InvalidInput with one sentence that says what to put right.
"""

from collections.abc import Mapping
from datetime import date

from kb.core.clock import today
from kb.core.errors import InvalidInput
from kb.core.vocabulary import Vocabulary
from kb.records.checks import check_code
from kb.records.models import Dispute, Reply
from kb.records.models.dispute import UNDER_REVIEW
from kb.records.vocabularies import DISPUTE_STATES, RIGHT_OF_REPLY

REPLY_LENGTH = 10_000
OUTCOME_LENGTH = 2_000
CUT_MARK = "[…]"

# From which state a right of reply, or a dispute, may come to which. A late reply is a reply.
REPLY_STEPS: Mapping[str, frozenset[str]] = {
    "requested": frozenset({"received", "declined", "no_response", "waived"}),
    "no_response": frozenset({"received", "declined"}),
    "declined": frozenset({"received"}),
    "waived": frozenset({"received"}),
    "received": frozenset(),
}
DISPUTE_STEPS: Mapping[str, frozenset[str]] = {
    state: frozenset(DISPUTE_STATES) - {UNDER_REVIEW} if state == UNDER_REVIEW else frozenset() for state in DISPUTE_STATES
}
_ASKED = frozenset({"requested", "no_response", "declined"})
_DUE = frozenset({"requested", "no_response"})
_ANSWERED = frozenset({"received", "declined"})
_DECIDED = frozenset({"upheld", "partly_upheld", "not_upheld"})


def check_step(vocabulary: Vocabulary, steps: Mapping[str, frozenset[str]], before: str, after: object) -> None:
    """A state follows from the one before, or stays."""
    check_code(vocabulary, after)
    if after == before or after in steps[before]:
        return
    label, following = vocabulary.label(before), ", ".join(code for code in vocabulary if code in steps[before])
    raise InvalidInput(f"“{label}” is followed by {following or 'no other state'}, not by {after}.")


def check_reply(reply: Reply) -> None:
    """State, days, text, cut and reason fit together."""
    check_code(RIGHT_OF_REPLY, reply.state)
    _check_days({"asked": reply.asked, "due": reply.due, "answered": reply.answered})
    _check_days_of_state(reply)
    _check_text(reply)
    _check_reason(reply)


def _check_days(days: Mapping[str, object]) -> None:
    for name, day in days.items():
        if day is not None and type(day) is not date:
            raise InvalidInput(f"{name} is a full date.")
        if name != "due" and isinstance(day, date) and day > today():
            raise InvalidInput(f"{name} lies in the future.")


def _check_days_of_state(reply: Reply) -> None:
    label = RIGHT_OF_REPLY.label(reply.state)
    if reply.state in _ASKED and reply.asked is None:
        raise InvalidInput(f"“{label}” needs the day on which the party was asked.")
    if reply.state in _DUE and reply.due is None:
        raise InvalidInput(f"“{label}” needs the day until which the party may reply.")
    if (reply.state in _ANSWERED) != (reply.answered is not None):
        raise InvalidInput(f"“{label}” {'needs the' if reply.state in _ANSWERED else 'has no'} day of an answer.")
    if reply.due and not reply.asked:
        raise InvalidInput("Without the day on which the party was asked there is no day until which it may reply.")
    for name, day in (("due", reply.due), ("answered", reply.answered)):
        if day and reply.asked and day < reply.asked:
            raise InvalidInput(f"{name} ({day}) lies before the day on which the party was asked ({reply.asked}).")
    if reply.state == "no_response" and reply.due and reply.due >= today():
        raise InvalidInput(f"The party may reply until {reply.due}: “{label}” can be said from the day after.")


def _check_text(reply: Reply) -> None:
    received = reply.state == "received"
    if received != bool(reply.text.strip()):
        raise InvalidInput("A reply that was received has its text." if received else "Only a received reply has a text.")
    if len(reply.text) > REPLY_LENGTH:
        raise InvalidInput(f"A reply has at most {REPLY_LENGTH:,} characters; this one has {len(reply.text):,}.")
    if type(reply.cut) is not bool:
        raise InvalidInput("cut is true or false.")
    if reply.cut and CUT_MARK not in reply.text:
        raise InvalidInput(f"A cut is marked in the text as “{CUT_MARK}”.")


def _check_reason(reply: Reply) -> None:
    needed = reply.cut or reply.state == "waived"
    if needed and not reply.reason.strip():
        raise InvalidInput("A cut needs a public reason." if reply.cut else "Not to ask a party needs a public reason.")
    if reply.reason and not needed:
        raise InvalidInput("A reason is given for a cut, or for not asking a party.")
    if len(reply.reason) > OUTCOME_LENGTH:
        raise InvalidInput(f"A reason has at most {OUTCOME_LENGTH:,} characters.")


def check_dispute(dispute: Dispute) -> None:
    """State, days, ground and outcome fit together."""
    check_code(DISPUTE_STATES, dispute.state)
    if dispute.opened is None:
        raise InvalidInput("A dispute has the day on which it was opened.")
    _check_days({"opened": dispute.opened, "decided": dispute.decided})
    if not dispute.ground.strip():
        raise InvalidInput("A dispute says in short what is contested.")
    if dispute.decided and dispute.decided < dispute.opened:
        raise InvalidInput(f"decided ({dispute.decided}) lies before the day on which the dispute was opened ({dispute.opened}).")
    if dispute.is_open and (dispute.decided or dispute.outcome):
        raise InvalidInput("A dispute under review has neither outcome nor day of decision.")
    if not dispute.is_open and dispute.decided is None:
        raise InvalidInput("A dispute that is over has the day on which it ended.")
    if dispute.state in _DECIDED and not dispute.outcome.strip():
        raise InvalidInput("A decision needs its public reason in the outcome.")
    if len(dispute.outcome) > OUTCOME_LENGTH:
        raise InvalidInput(f"An outcome has at most {OUTCOME_LENGTH:,} characters.")
