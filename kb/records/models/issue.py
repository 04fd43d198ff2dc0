"""The fields that only issues have."""

from django.db import models
from django.db.models import Q

from kb.ledger.models import PublicRow
from kb.records.issue_codes import ISSUE_CODES, IssueCode
from kb.records.models.record import Record

SEVERITY_FACTORS = ("gravity", "scale", "irreversibility", "downstream_reach")
# Fields that follow from how a finding was judged and put forward: nobody proposes them.
DECIDED_FIELDS = frozenset({*SEVERITY_FACTORS, "severity_override", "severity_reason", "reviewers", "credit"})


class IssueDetail(PublicRow):
    """What kind of problem it is, how it was found, and who has reviewed it.

    The four severity factors run from 0 to 3; none of them set means that severity was not assessed. What follows from them is
    said in `severity.py`; an editor who sets another word gives the reason. `credit` names whoever found it as they asked for.
    """

    record = models.OneToOneField(Record, models.PROTECT, related_name="issue")
    code = models.CharField(max_length=3, choices=[(row.code, row.label) for row in ISSUE_CODES.values()])
    frames = models.JSONField(default=list)
    harm_status = models.CharField(max_length=10, default="unclear")
    found_by = models.CharField(max_length=10, default="unknown")
    gravity = models.PositiveSmallIntegerField(null=True)
    scale = models.PositiveSmallIntegerField(null=True)
    irreversibility = models.PositiveSmallIntegerField(null=True)
    downstream_reach = models.PositiveSmallIntegerField(null=True)
    severity_override = models.CharField(max_length=2, blank=True)
    severity_reason = models.CharField(max_length=500, blank=True)
    reviewers = models.PositiveSmallIntegerField(default=0)
    credit = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__in=list(ISSUE_CODES)), name="records_known_issue_code"),
        ]

    def __str__(self) -> str:
        return f"issue {self.record_id}"

    @property
    def row(self) -> IssueCode:
        """The registry's row of this issue's code."""
        return ISSUE_CODES[self.code]

    @property
    def awaits_editors(self) -> bool:
        """Whether two editors have yet to review a finding about unlawful material."""
        return self.row.hazard and self.reviewers < 2
