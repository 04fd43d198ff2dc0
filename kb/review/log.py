"""The log of decisions: all of them for editors, and those on published proposals for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kb.ledger.history import reason_of
from kb.ledger.models import Edition
from kb.records.models import Record
from kb.records.queries import records_by_id
from kb.review.models import Approval, Decision, Proposal

PAGE = 50


def decisions(action: str = "", page: int = 1) -> tuple[list[Decision], int]:
    """Return one page of decisions, the latest first, and how many there are. Drafts are their writers' own."""
    found = Decision.objects.exclude(proposal__state="draft").select_related("proposal", "actor").order_by("-id")
    found = found.filter(action=action) if action else found
    return list(found[(page - 1) * PAGE : page * PAGE]), found.count()


@dataclass(frozen=True, slots=True)
class Published:
    """One published proposal, as everybody may see it."""

    title: str
    kind: str
    at: datetime
    edition: int
    reason: str
    editors: int
    record: Record | None


def published_decisions(page: int = 1) -> tuple[list[Published], int]:
    """Return one page of what was published after review, the latest first, and how many there are."""
    found = Proposal.objects.filter(state="published", decided__isnull=False).order_by("-decided", "-id")
    rows = list(found[(page - 1) * PAGE : page * PAGE])
    return _told(rows), found.count()


def _told(rows: Sequence[Proposal]) -> list[Published]:
    editions = Edition.objects.filter(number__in=[row.edition for row in rows if row.edition])
    reasons = {edition.number: reason_of(edition) for edition in editions}
    records = records_by_id(row.record_id for row in rows if row.record_id)
    approvals = list(Approval.objects.filter(proposal__in=rows).values_list("proposal", "revision", "editor"))
    return [
        Published(
            title=row.title, kind=row.get_kind_display(), at=row.decided or row.created, edition=row.edition or 0,
            reason=reasons.get(row.edition or 0, ""), record=records.get(row.record_id or 0),
            editors=sum((of, revision) == (row.pk, row.revision) for of, revision, _ in approvals),
        )
        for row in rows
    ]  # fmt: skip
