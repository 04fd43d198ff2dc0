"""Evidence: what ties a statement to a report. Each source keeps its own row and rows are never merged."""

from django.db import models
from django.db.models import Q

from kb.ledger.models import PublicRow
from kb.records.models.record import Record
from kb.records.models.statement import Statement


class Evidence(PublicRow):
    """One source's word on one statement.

    `said_by` is the party whose word it is; `cited_in` the report in which we read it where `report` was not read itself.
    `first_seen` and `last_seen` are days: a source that stops saying something closes its row, which still counts.
    """

    # Whether this piece confirms its statement; told by the queries that read evidence for showing it.
    confirms = False

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="evidence")
    report = models.ForeignKey(Record, models.PROTECT, related_name="evidence_given")
    cited_in = models.ForeignKey(Record, models.PROTECT, null=True, related_name="evidence_cited")
    said_by = models.ForeignKey(Record, models.PROTECT, null=True, related_name="evidence_said")
    stance = models.CharField(max_length=8, default="supports")
    kind = models.CharField(max_length=20)
    gist = models.TextField()
    quotation = models.CharField(max_length=300, blank=True)
    locator = models.CharField(max_length=300, blank=True)
    start = models.CharField(max_length=10, blank=True)
    end = models.CharField(max_length=10, blank=True)
    confidence = models.CharField(max_length=8, blank=True)
    confidence_reason = models.CharField(max_length=300, blank=True)
    accessed = models.DateField(null=True)
    last_checked = models.DateField(null=True)
    first_seen = models.DateField(null=True)
    last_seen = models.DateField(null=True)
    archive_url = models.CharField(max_length=500, blank=True)
    archive_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "report", "stance", "locator", "cited_in"], name="records_evidence_once"
            ),
            models.UniqueConstraint(
                fields=["statement", "report", "stance", "locator"], condition=Q(cited_in=None), name="records_read_evidence_once"
            ),
            models.CheckConstraint(condition=Q(confidence="") | ~Q(confidence_reason=""), name="records_confidence_has_reason"),
        ]
        indexes = [models.Index(fields=["edition"], condition=Q(version__gte=2), name="records_evidence_rewritten")]

    def __str__(self) -> str:
        return f"evidence {self.id} on statement {self.statement_id}"
