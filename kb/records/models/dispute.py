"""Disputes: that somebody contests a record or a statement, and what came of it."""

from django.db import models
from django.db.models import Q

from kb.ledger.models import PublicRow
from kb.records.models.record import Record
from kb.records.models.statement import Statement

UNDER_REVIEW = "under_review"


class Dispute(PublicRow):
    """One dispute of a record, or of one statement of it. While it is under review its object is flagged contested.

    `ground` and `outcome` are ours: a short public summary of what is contested, and the public reason of the decision.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="disputes")
    statement = models.ForeignKey(Statement, models.PROTECT, null=True, related_name="disputes")
    party = models.ForeignKey(Record, models.PROTECT, null=True, related_name="disputes_raised")
    ground = models.CharField(max_length=600)
    state = models.CharField(max_length=14, default=UNDER_REVIEW)
    opened = models.DateField()
    decided = models.DateField(null=True)
    outcome = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=UNDER_REVIEW, decided=None) | (~Q(state=UNDER_REVIEW) & ~Q(decided=None)),
                name="records_closed_dispute_has_a_date",
            )
        ]
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return f"dispute {self.id}: {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether it is undecided, so that what it is about is contested."""
        return self.state == UNDER_REVIEW
