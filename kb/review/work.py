"""What the clock does in review: embargoes end, requests for a reply that nobody answered are closed, old drafts go."""

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from kb.core.clock import now, today
from kb.core.errors import UserError
from kb.jobs.registry import Payload, work
from kb.jobs.running import Running
from kb.jobs.schedule import every
from kb.review.decide import move
from kb.review.gates import open_gates
from kb.review.models import Proposal
from kb.review.policy import CLOCK
from kb.review.reply import close_unanswered
from kb.review.timing import END_EMBARGO, END_REPLY


@work(END_EMBARGO)
def end_embargo(job: Running, payload: Payload) -> None:
    """Let an embargo end on its day; what two editors have approved by then is published at once."""
    proposal = Proposal.objects.select_for_update().get(key=payload["proposal"])
    if proposal.state != "embargoed" or proposal.embargo_until is None or proposal.embargo_until > today():
        return
    proposal = move(proposal, "expire", CLOCK)
    # What cannot be published after all waits for an editor: the embargo has ended all the same.
    with suppress(UserError), transaction.atomic():
        if not open_gates(proposal):
            move(proposal, "publish_on_time", CLOCK, reason="Published after review, when its embargo ended.")


@work(END_REPLY)
def end_reply(job: Running, payload: Payload) -> None:
    """Close a request for a reply whose day has passed."""
    close_unanswered(int(payload["request"]))


@work("review.forget_drafts", when=every(timedelta(hours=24)))
def forget_drafts(job: Running, payload: Payload) -> None:
    """Delete drafts that nobody has touched for long: what was never sent is not kept."""
    Proposal.objects.filter(state="draft", changed__lt=now() - timedelta(days=settings.DRAFTS_KEPT_DAYS)).delete()
