"""Replies to Upstream: what a party answered when it was asked about a record, or that it did not."""

from django.db import models
from django.db.models import Q

from kb.ledger.models import PublicRow
from kb.records.models.record import Record
from kb.records.models.statement import Statement


class Reply(PublicRow):
    """One party's reply to Upstream about a record, or about one statement of it.

    A public statement that a party made elsewhere is evidence and never a reply. `text` is verbatim; where moderation
    left something out, “[…]” stands in its place, `cut` says so and `reason` says why. `asked` is empty where a party
    wrote unasked or nobody was asked.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="replies")
    statement = models.ForeignKey(Statement, models.PROTECT, null=True, related_name="replies")
    party = models.ForeignKey(Record, models.PROTECT, related_name="replies_given")
    state = models.CharField(max_length=12)
    asked = models.DateField(null=True)
    due = models.DateField(null=True)
    answered = models.DateField(null=True)
    text = models.TextField(blank=True)
    cut = models.BooleanField(default=False)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "reply"
        verbose_name_plural = "replies"
        constraints = [
            models.CheckConstraint(condition=Q(state="received") | Q(text=""), name="records_reply_text_only_when_received"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"reply {self.id}: {self.state}"
