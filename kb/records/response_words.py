"""Replies and disputes in words: the one sentence that pages show and exports carry. Silence is never told as a fault."""

from collections.abc import Callable, Mapping
from datetime import date

from kb.core.dates import in_words
from kb.records.models import Dispute, Reply
from kb.records.vocabularies import DISPUTE_STATES

NO_FAULT = "This is not evidence of fault."


def reply_in_words(reply: Reply) -> str:
    """Say how a party stands to its right of reply; the reply itself is not repeated."""
    return _REPLIES[reply.state](reply)


def dispute_in_words(dispute: Dispute) -> str:
    """Say what is or was contested, since when, and what came of it."""
    opened = day_in_words(dispute.opened)
    if dispute.is_open:
        by = f", raised by {dispute.party.name}" if dispute.party else ""
        return f"Under review since {opened}{by}: {dispute.ground}"
    by = f" by {dispute.party.name}" if dispute.party else ""
    ended = f"{DISPUTE_STATES.label(dispute.state).lower()} on {day_in_words(dispute.decided)}"
    return f"A dispute of {opened}{by} ({dispute.ground}) was {ended}{f': {dispute.outcome}' if dispute.outcome else '.'}"


def day_in_words(day: date | None) -> str:
    """Write a day as readers do; nothing stays nothing."""
    return in_words(day.isoformat()) if day else ""


def _requested(reply: Reply) -> str:
    return f"Asked on {day_in_words(reply.asked)}; may reply until {day_in_words(reply.due)}."


def _received(reply: Reply) -> str:
    cut = f" Parts are left out, marked “[…]”: {reply.reason}" if reply.cut else ""
    return f"Reply to Upstream of {day_in_words(reply.answered)}.{cut}"


def _declined(reply: Reply) -> str:
    return f"Asked on {day_in_words(reply.asked)}; declined to reply on {day_in_words(reply.answered)}."


def _no_response(reply: Reply) -> str:
    return f"Asked on {day_in_words(reply.asked)}; no reply by {day_in_words(reply.due)}. {NO_FAULT}"


def _waived(reply: Reply) -> str:
    return f"Not asked by Upstream: {reply.reason}"


_REPLIES: Mapping[str, Callable[[Reply], str]] = {
    "requested": _requested, "received": _received, "declined": _declined, "no_response": _no_response, "waived": _waived,
}  # fmt: skip
