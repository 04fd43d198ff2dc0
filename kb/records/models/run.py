"""The log of runs over sources: what was read, when, and what came of it. Operations, not public record."""

from django.db import models


class SourceRun(models.Model):
    """One run of a source: its counts, and the edition that stood when it ended."""

    source = models.CharField(max_length=40, db_index=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, default="running")
    message = models.TextField(blank=True)
    counts = models.JSONField(default=dict)
    edition = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.source} {self.started_at:%Y-%m-%d} {self.outcome}"
