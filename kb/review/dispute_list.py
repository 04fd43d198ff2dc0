"""Disputes as they wait at the desk: the open ones by the day they came, with the day by which each is acknowledged."""

from dataclasses import dataclass
from datetime import date

from kb.core.clock import today
from kb.records.models import Record
from kb.records.queries import records_by_id
from kb.review.dispute import OPEN, STATES, acknowledge_by
from kb.review.models import DisputeCase

PAGE = 50


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One dispute with what it is about; `late` where the day to acknowledge it has passed."""

    case: DisputeCase
    record: Record | None
    party: Record | None
    label: str
    acknowledge_by: date
    late: bool


def cases(*, ended: bool = False, page: int = 1) -> tuple[list[CaseRow], int]:
    """Return one page of disputes and how many there are: the open ones, the oldest first, or those that have ended."""
    found = DisputeCase.objects.order_by("-received") if ended else DisputeCase.objects.order_by("received")
    found = found.exclude(state__in=OPEN) if ended else found.filter(state__in=OPEN)
    return case_rows(list(found[(page - 1) * PAGE : page * PAGE])), found.count()


def case_rows(found: list[DisputeCase]) -> list[CaseRow]:
    """Tell disputes with their records and parties."""
    names = records_by_id({one for case in found for one in (case.record_id, case.party_id) if one is not None})
    return [_row(case, names) for case in found]


def _row(case: DisputeCase, names: dict[int, Record]) -> CaseRow:
    day = acknowledge_by(case.received.date())
    return CaseRow(
        case, names.get(case.record_id), names.get(case.party_id or 0), STATES.label(case.state), day,
        late=case.acknowledged is None and case.state in OPEN and day < today(),
    )  # fmt: skip
