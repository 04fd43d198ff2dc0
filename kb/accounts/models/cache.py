"""The table of Django's database cache, so that `migrate` makes it: what the throttles of all workers share."""

from django.db import models

TABLE = "kb_cache"


class CacheRow(models.Model):
    """A row that the cache writes and reads by itself; nothing else touches it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = TABLE

    def __str__(self) -> str:
        """Return the key."""
        return self.cache_key
