"""Who speaks for a party, and who asked to. A party is a record's id: the records lie above this package."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Representation(models.Model):
    """A person speaks for a party, since an administrator verified it, until it ended."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="representations")
    party_record_id = models.BigIntegerField(db_index=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    how_verified = models.CharField(max_length=300)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "party_record_id"], condition=Q(until=None), name="accounts_one_open_representation"
            ),
            models.CheckConstraint(condition=~Q(verified_by=F("user")), name="accounts_verified_by_another"),
        ]

    def __str__(self) -> str:
        """Return who speaks for which record."""
        return f"{self.user} for record {self.party_record_id}"


class RepresentationRequest(models.Model):
    """A person says that they speak for a party and asks to be verified."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="representation_requests")
    party_record_id = models.BigIntegerField()
    work_email = models.EmailField()
    reason = models.CharField(max_length=1000)
    asked = models.DateTimeField(default=timezone.now)
    decided = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    accepted = models.BooleanField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["asked", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "party_record_id"], condition=Q(decided=None), name="accounts_one_open_request"
            ),
        ]

    def __str__(self) -> str:
        """Return who asks to speak for which record."""
        return f"{self.user} asks for record {self.party_record_id}"
