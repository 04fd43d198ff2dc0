"""What the answer of a party, or its waiver, is about: the proposal as it stood then, kept as a digest with the request.

Where something else is proposed by now, publication waits until the party is asked again or an editor says that the answer holds.
"""

import json

from kb.core.errors import Conflict
from kb.review.keys import digest
from kb.review.models import Proposal, ReplyRequest


def digest_now(proposal: Proposal | None) -> str:
    """Return the digest of all that a party reads of a proposal now: every change that nobody declined, in whatever order.

    Empty for what is on record: who answers about that answers about the record, whatever becomes of it.
    """
    if proposal is None:
        return ""
    bodies = proposal.changes.exclude(state="declined").values_list("body", flat=True)
    return digest("\n".join(sorted(json.dumps(body, sort_keys=True) for body in bodies)))


def check_read(proposal: Proposal | None, read: str) -> None:
    """Raise Conflict where somebody would answer to something else than what is proposed now.

    `read` is the digest of what they were shown; where it is empty nothing is asked.
    """
    if read and read != digest_now(proposal):
        raise Conflict("What is proposed was changed since you opened this page. Read it again before you answer.")


def is_outdated(request: ReplyRequest, now: str) -> bool:
    """Whether a request was settled about something else than the digest of what is proposed now."""
    return request.settled and request.about not in ("", now)
