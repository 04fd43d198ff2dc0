"""Whether a party that was asked can answer: nobody is said to be silent whom no letter reached, and the desk is told of it."""

from kb.core.clock import today
from kb.core.dates import in_words
from kb.review.letters import has_reached
from kb.review.models import ReplyRequest


def why_unreached(request: ReplyRequest) -> str:
    """Return why a party cannot answer by the link that it was sent, in a sentence; nothing where it can, or needs no link."""
    link = request.invitation
    if link is None:
        return ""
    if link.revoked is not None:
        return "Its link was closed: send it a new one."
    if has_reached(link):
        return ""
    return f"No mail server has taken the letter to it{': send it a new link' if is_over(request) else ' yet'}."


def is_over(request: ReplyRequest) -> bool:
    """Whether the day until which a party may answer has passed."""
    return request.due is None or request.due < today()


def until_when(request: ReplyRequest) -> str:
    """Say until when an answer is awaited, and why none can come where that is so."""
    due = f"It {'had' if is_over(request) else 'has'} until {in_words(request.due.isoformat())}." if request.due else ""
    return " ".join(filter(None, (due, why_unreached(request))))
