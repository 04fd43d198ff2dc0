"""The fields that only parties have."""

from django.db import models

from kb.ledger.models import PublicRow
from kb.records.models.record import Record


class PartyDetail(PublicRow):
    """An organisation, public body, person with a public role, or affected group."""

    record = models.OneToOneField(Record, models.PROTECT, related_name="party")
    type = models.CharField(max_length=12, default="other")
    country = models.CharField(max_length=2, blank=True)

    def __str__(self) -> str:
        return f"party {self.record_id}"
