"""Expiring links by which a verified recipient at a party reads a finding, and the log of when they were opened."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kb.core.clock import now
from kb.review.models.proposal import Proposal


class Invitation(models.Model):
    """One recipient's link to a proposal, or to a record on file. Of its random token only the digest is stored."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, null=True, related_name="invitations")
    record_id = models.BigIntegerField(null=True)
    party_id = models.BigIntegerField()
    email = models.EmailField()
    verified_how = models.CharField(max_length=300)
    token = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=now)
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(proposal__isnull=False, record_id__isnull=True) | Q(proposal__isnull=True, record_id__isnull=False),
                name="review_invited_to_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.id}"

    @property
    def is_open(self) -> bool:
        """Whether the link still leads anywhere."""
        return self.revoked is None and self.expires > now()


class Opening(models.Model):
    """One reading of a finding by an invitation: when, and nothing about the machine it was read from."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="openings")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"opening of {self.invitation_id}"
