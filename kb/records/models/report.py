"""The fields that only reports have."""

from django.db import models

from kb.ledger.models import PublicRow
from kb.records.models.record import Record


class ReportDetail(PublicRow):
    """A document that evidence can cite. Its `url` is the only field of the knowledge base that may hold an address."""

    record = models.OneToOneField(Record, models.PROTECT, related_name="report")
    type = models.CharField(max_length=20, default="other")
    url = models.CharField(max_length=1000, blank=True)
    published = models.CharField(max_length=10, blank=True)
    publisher = models.ForeignKey(Record, models.PROTECT, null=True, related_name="published_reports")
    independence = models.CharField(max_length=10, default="unknown")
    stage = models.CharField(max_length=10, default="published")

    def __str__(self) -> str:
        return f"report {self.record_id}"
