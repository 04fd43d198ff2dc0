"""The severity of a finding as its own page shows it: the word, the factors, and the status of its evidence beside it."""

from collections.abc import Iterable
from dataclasses import dataclass

from kb.records.models import IssueDetail
from kb.records.models.issue import SEVERITY_FACTORS
from kb.records.severity import NOT_ASSESSED, severity_of
from kb.records.status import STRENGTH
from kb.records.vocabularies import SEVERITIES


@dataclass(frozen=True, slots=True)
class Severity:
    """The severity of one finding. `status` is that of its best supported impact: severity is never shown without it."""

    code: str
    factors: str
    reason: str
    status: str

    @property
    def assessed(self) -> bool:
        """Whether anybody has assessed it."""
        return self.code != NOT_ASSESSED

    @property
    def label(self) -> str:
        """The word."""
        return SEVERITIES.label(self.code)


def severity(issue: IssueDetail, statuses: Iterable[str]) -> Severity:
    """Gather the severity of an issue, given the statuses of its impacts."""
    told = ", ".join(
        f"{name.replace('_', ' ')} {value} of 3" for name in SEVERITY_FACTORS if (value := getattr(issue, name)) is not None
    )
    best = max(statuses, key=lambda status: STRENGTH[status], default="needs_source")
    return Severity(severity_of(issue), told, issue.severity_reason, best)
