"""The one rule that derives the severity of an issue from its four factors (VOCABULARY 4). Pure.

Severity belongs to the finding: it is shown with the finding and its evidence status, never on what merely inherits it.
"""

from kb.records.models import IssueDetail
from kb.records.models.issue import SEVERITY_FACTORS

RULE_VERSION = 1
NOT_ASSESSED = "S0"
# The sum of the factors, 0 to 12, up to which each word holds.
_UP_TO = ((2, "S1"), (5, "S2"), (8, "S3"), (10, "S4"), (12, "S5"))
RULE = (
    "The four factors, 0 to 3 each, are added: up to 2 informational, 5 low, 8 moderate, 10 high, 12 critical. A harm without "
    "gravity is informational. Without all four factors severity is not assessed. An editor may set another word, with a reason."
)


def severity_of(issue: IssueDetail) -> str:
    """Return the code of an issue's severity: what an editor set, else what follows from its factors."""
    return issue.severity_override or derived_severity(*(getattr(issue, name) for name in SEVERITY_FACTORS))


def derived_severity(
    gravity: int | None, scale: int | None, irreversibility: int | None, downstream_reach: int | None
) -> str:  # fmt: skip
    """Return the code that follows from the factors, each 0 to 3 or None."""
    factors = [value for value in (gravity, scale, irreversibility, downstream_reach) if value is not None]
    if len(factors) < len(SEVERITY_FACTORS):
        return NOT_ASSESSED
    if gravity == 0:
        return "S1"
    return next(code for most, code in _UP_TO if sum(factors) <= most)
