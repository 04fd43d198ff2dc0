"""Whether what is proposed concerns unlawful material, so that the strict rules hold for it and for all that is said beside it.

It is asked of the record as it is now: an issue may become such a finding, or be merged with one, while a proposal waits.
"""

from collections.abc import Iterable

from kb.records import changes as do
from kb.records.hazards import beside_hazards, hazards_among
from kb.records.issue_codes import HAZARDS
from kb.review.changes import standing
from kb.review.models import Proposal
from kb.review.touched import records_altered, records_touched


def is_strict(proposal: Proposal, changes: Iterable[do.Change] | None = None) -> bool:
    """Whether the strict rules hold for a proposal, whose standing changes may be given: what held once, holds for good."""
    return proposal.hazard or concerns_hazard(standing(proposal) if changes is None else changes)


def is_strict_about(proposal: Proposal | None, record_id: int | None) -> bool:
    """Whether the strict rules hold for what is written to a party: about a proposal, about a record on file, or both."""
    if proposal is not None and is_strict(proposal):
        return True
    return record_id is not None and speaks_of_hazard({record_id})


def speaks_of_hazard(records: set[int]) -> bool:
    """Whether what is said of records is said of an issue for which the strict rules hold, or of a report that it cites."""
    return bool(hazards_among(records) or beside_hazards(records))


def concerns_hazard(changes: Iterable[do.Change]) -> bool:
    """Whether any change creates, alters or speaks about an issue for which the strict rules hold, or a report that it cites."""
    changes = list(changes)
    if any(_code(change) in HAZARDS for change in changes):
        return True
    return bool(hazards_among(records_touched(changes)) or beside_hazards(records_altered(changes)))


def _code(change: do.Change) -> str:
    """The kind of issue that a change names. What is no text is refused when it is tried out."""
    fields = change.detail if isinstance(change, do.CreateRecord) else change.fields if isinstance(change, do.AmendDetail) else {}
    code = fields.get("code")
    return code if isinstance(code, str) else ""
