"""What else a record is called: aliases, identifiers, the keys of its sources, and slugs it once had."""

from django.db import models

from kb.core.ids import SLUG_LENGTH
from kb.ledger.models import PublicRow
from kb.records.models.record import Record


class Name(PublicRow):
    """Another name of a record; an ambiguous one also means other things."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="names")
    text = models.CharField(max_length=300)
    folded = models.CharField(max_length=300, db_index=True)
    ambiguous = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "text"], name="records_name_once")]

    def __str__(self) -> str:
        return self.text


class Identifier(PublicRow):
    """An identifier in a scheme of somebody else's. Two records may carry the same one until they are merged."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=20)
    value = models.CharField(max_length=300, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "scheme", "value"], name="records_identifier_once")]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class SourceKey(PublicRow):
    """What a source calls this record: the only thing that binds a source's record to ours."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="source_keys")
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="records_source_key_once")]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"


class RetiredSlug(PublicRow):
    """A slug that a record once had. It redirects and is never given again."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="retired_slugs")
    slug = models.CharField(max_length=SLUG_LENGTH, unique=True)

    def __str__(self) -> str:
        return self.slug
