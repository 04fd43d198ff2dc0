"""Which version of the guard has read all that is stored."""

from django.db import models

from kb.core.clock import now


class Scan(models.Model):
    """One whole re-scan that found nothing. Of one that found something nothing is kept: it has to be run again."""

    guard_version = models.PositiveIntegerField()
    texts = models.BigIntegerField()
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"scan by guard {self.guard_version}"
