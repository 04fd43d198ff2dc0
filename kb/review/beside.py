"""What was written beside a proposal: read again, by the strict rules, where it turns out to be about unlawful material.

It was read by the milder rules when it was stored (SAFETY 1). What breaks the strict ones is purged first.
"""

from collections.abc import Iterator

from kb.core.errors import Conflict
from kb.core.safety import find_rule
from kb.review.models import Proposal


def check_beside(proposal: Proposal) -> None:
    """Raise Conflict where a text beside a proposal breaks a strict rule. It names the rule, and nothing of the text."""
    for what, text in _beside(proposal):
        if rule := find_rule(text, hazard=True):
            raise Conflict(
                f"This would make it a finding about unlawful material, and {what} breaks a rule that holds then ({rule}). "
                "Have it taken out first: “manage.py purge” does that."
            )


def _beside(proposal: Proposal) -> Iterator[tuple[str, str]]:
    yield "the coordinator's name", proposal.coordinator
    yield from (("a note", row.text) for row in proposal.notes.all())
    yield from (("a message", row.text) for row in proposal.messages.all())
    yield from (("the reason of a decision", row.reason) for row in proposal.decisions.all())
    yield from (("why a change was declined", row.reason) for row in proposal.changes.all())
    for evidence in proposal.restricted_evidence.all():
        yield from (("a word on restricted evidence", text) for text in (evidence.description, evidence.held_by))
    for request in proposal.reply_requests.all():
        yield from (("a reply", text) for text in (request.text, request.shown, request.reason))
    yield from (("how a recipient was verified", row.verified_how) for row in proposal.invitations.all())
