"""Requests for a party's reply before a finding about it is published: the right of reply."""

from django.db import models
from django.db.models import Q

from kb.core.clock import now
from kb.review.models.invitation import Invitation
from kb.review.models.proposal import Proposal


class ReplyRequest(models.Model):
    """One party asked about one proposal, or about a record on file. What is public of it is a `kb.records` Reply.

    `public_id` is that row, once there is one: with a proposal it is published together with the finding. `text` is the
    reply as it was sent; `shown` is what passes moderation, with “[…]” where something was cut. `about` is the digest of what
    was proposed when the party was asked, answered or was waived (`kb.review.answered`).
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, null=True, related_name="reply_requests")
    record_id = models.BigIntegerField(null=True)
    public_id = models.BigIntegerField(null=True)
    party_id = models.BigIntegerField()
    about = models.CharField(max_length=64, blank=True)
    invitation = models.OneToOneField(Invitation, models.SET_NULL, null=True, related_name="reply_request")
    state = models.CharField(max_length=12, default="requested")
    asked = models.DateField(null=True)
    due = models.DateField(null=True)
    answered = models.DateField(null=True)
    text = models.TextField(blank=True)
    shown = models.TextField(blank=True)
    moderated = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    created = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "party_id"], name="review_party_asked_once"),
            models.CheckConstraint(
                condition=Q(proposal__isnull=False) | Q(record_id__isnull=False), name="review_asked_about_something"
            ),
            models.CheckConstraint(condition=~Q(state="waived") | ~Q(reason=""), name="review_waiver_has_reason"),
        ]

    def __str__(self) -> str:
        return f"reply request {self.id}"

    @property
    def settled(self) -> bool:
        """Whether publication need not wait for this party any more."""
        return self.state in {"declined", "no_response", "waived"} or (self.state == "received" and self.moderated)
