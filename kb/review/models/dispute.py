"""Disputes of what is on record, from their arrival until their outcome; what is public of them is a `kb.records` Dispute."""

from django.conf import settings
from django.db import models

from kb.core.clock import now

STATES_OPEN = ("received", "acknowledged", "under_review")


class DisputeCase(models.Model):
    """One dispute. The disputant's name and address stay here; a party is named only where it disputes as a party."""

    key = models.CharField(max_length=26, unique=True)
    receipt = models.CharField(max_length=64, db_index=True)
    # By what a form that was sent twice is known again; its own key where nothing is.
    sent_by = models.CharField(max_length=64, unique=True)
    record_id = models.BigIntegerField()
    statement_id = models.BigIntegerField(null=True)
    party_id = models.BigIntegerField(null=True)
    submitter = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    text = models.TextField()
    state = models.CharField(max_length=16, default="received")
    ground = models.TextField(blank=True)
    outcome = models.TextField(blank=True)
    public_id = models.BigIntegerField(null=True)
    received = models.DateTimeField(default=now)
    acknowledged = models.DateTimeField(null=True)
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["state", "received"])]

    def __str__(self) -> str:
        return f"dispute {self.key}"
