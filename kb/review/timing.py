"""What review leaves to the clock, ordered as durable jobs in the same transaction as the decision that needs it."""

from datetime import UTC, date, datetime, time, timedelta

from kb.jobs.queue import cancel, enqueue
from kb.review.models import Proposal, ReplyRequest

END_EMBARGO = "review.end_embargo"
END_REPLY = "review.end_reply"


def end_embargo_on(proposal: Proposal, day: date) -> None:
    """Let the embargo end when a day begins, instead of whenever it was to end before."""
    forget_embargo(proposal)
    enqueue(END_EMBARGO, key=proposal.key, payload={"proposal": proposal.key}, run_after=_start(day))


def forget_embargo(proposal: Proposal) -> None:
    """Call off what was to happen when the embargo ends."""
    cancel(END_EMBARGO, proposal.key)


def end_reply_after(request: ReplyRequest, day: date) -> None:
    """Close a request for a reply when a day has passed."""
    cancel(END_REPLY, str(request.pk))
    enqueue(END_REPLY, key=str(request.pk), payload={"request": request.pk}, run_after=_start(day + timedelta(days=1)))


def forget_reply(request: ReplyRequest) -> None:
    """Call the deadline off."""
    cancel(END_REPLY, str(request.pk))


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
