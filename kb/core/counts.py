"""The cache in the database where tries are counted, which tells of a busy database instead of counting wrongly.

Django's own keeps silent where it could not write. Whoever waits for others would then be told of too many tries, or not be
counted, and would wait once more for each of its writes.
"""

from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import transaction


class Counts(DatabaseCache):
    """Django's cache in the database; with SQLite its writes raise OperationalError where others do not let them through."""

    def _base_set(self, *args: Any, **kwargs: Any) -> bool:
        with transaction.atomic():  # waits for the lock here, and not where errors are passed over
            written: bool = super()._base_set(*args, **kwargs)  # type: ignore[misc]
            return written
