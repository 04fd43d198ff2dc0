"""The log of decisions: all of them for editors, and those on published proposals for everybody."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kb.ledger.history import reason_of
from kb.ledger.models import Edition
from kb.records.models import Record
from kb.records.queries import records_by_id
from kb.review.models import Decision, Proposal

PAGE = 50


def decisions(action: str = "", page: int = 1) -> tuple[list[Decision], int]:
    """Return one page of decisions, the latest first, and how many there are. Drafts are their writers' own."""
    found = Decision.objects.exclude(proposal__state="draft").select_related("proposal", "actor").order_by("-id")
    found = found.filter(action=action) if action else found
    return list(found[(page - 1) * PAGE : page * PAGE]), found.count()


@dataclass(frozen=True, slots=True)
class Published:
    """One published proposal, as everybody may see it: what is on record of it, and what editors said for everybody.

    Never the words in which it was submitted: nobody has judged those. `decisions` are moves with a public reason.
    """

    record: Record | None
    kind: str
    at: datetime
    edition: int
    reason: str
    editors: int
    credit: str
    decisions: tuple[Decision, ...]


def published_decisions(page: int = 1) -> tuple[list[Published], int]:
    """Return one page of what was published after review, the latest first, and how many there are."""
    found = Proposal.objects.filter(state="published", decided__isnull=False).order_by("-decided", "-id")
    rows = list(found[(page - 1) * PAGE : page * PAGE])
    return _told(rows), found.count()


def _told(rows: Sequence[Proposal]) -> list[Published]:
    editions = Edition.objects.filter(number__in=[row.edition for row in rows if row.edition])
    reasons = {edition.number: reason_of(edition) for edition in editions}
    named = records_by_id(row.record_id for row in rows if row.record_id)
    gone = {number for number, record in named.items() if record.withdrawn is not None}
    records = {number: record for number, record in named.items() if number not in gone}
    said = _said(rows)
    return [
        Published(
            record=records.get(row.record_id or 0), kind=row.get_kind_display(), at=row.decided or row.created,
            edition=row.edition or 0, reason=reasons.get(row.edition or 0, ""),
            editors=row.approved_by or 0,
            credit=row.credit_name if row.credit != "none" and row.record_id not in gone else "",
            decisions=() if row.record_id in gone else tuple(said[row.pk]),
        )
        for row in rows
    ]  # fmt: skip


def _said(rows: Sequence[Proposal]) -> dict[int, list[Decision]]:
    """What editors said on the way for everybody, by proposal; the reason of the publication is the edition's."""
    said: dict[int, list[Decision]] = defaultdict(list)
    public = Decision.objects.filter(proposal__in=rows, public=True, by_submitter=False).exclude(reason="")
    for decision in public.exclude(action__in=("publish", "publish_on_time")).order_by("id"):
        said[decision.proposal_id].append(decision)
    return said
