"""Tokens for programs. Of the secret only its digest is kept; making and reading tokens is in `tokens.py`."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Token(models.Model):
    """A program may act for a person, within scopes and until a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    last_used = models.DateField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created", "-id"]

    def __str__(self) -> str:
        """Return what its owner calls it."""
        return f"{self.name} (up_{self.prefix}…)"

    @property
    def is_open(self) -> bool:
        """Whether the token still opens anything."""
        return self.revoked is None and self.expires > timezone.now()
