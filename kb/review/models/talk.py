"""What is said about a proposal and never published: messages with its submitter, editors' notes, restricted evidence."""

from django.conf import settings
from django.db import models

from kb.core.clock import now
from kb.review.models.proposal import Proposal


class Message(models.Model):
    """A question of the desk to a submitter, or the answer."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="messages")
    from_submitter = models.BooleanField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"message on {self.proposal_id}"


class Note(models.Model):
    """A note between editors."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"note on {self.proposal_id}"


class RestrictedEvidence(models.Model):
    """Evidence that editors have seen and that cannot be published: what it shows in general, and who holds it.

    Never the material itself: the safety guard reads these words as it reads any other.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="restricted_evidence")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    description = models.TextField()
    held_by = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"restricted evidence on {self.proposal_id}"
