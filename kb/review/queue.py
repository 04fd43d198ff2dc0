"""What waits at the desk, for how long and on whom; and the figures of the desk, for editors and for everybody.

Public figures count only what is public: a hidden filing shows in none of them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Count, Q, QuerySet, Sum

from kb.accounts.models import User
from kb.core.clock import now, today
from kb.core.safety import CHARACTER_RULES, NESTED_ENCODING, OVERSIZED, RULES
from kb.records.models import Dispute, Record, Reply
from kb.review.dispute import OPEN, acknowledge_by
from kb.review.models import DisputeCase, GuardCount, Proposal, ReplyRequest
from kb.review.states import ENDED, STATES, WAITING, WAITS_ON

PAGE = 50
_OPEN_STATES = tuple(WAITS_ON)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of the queue. `age` counts days since it was submitted; `on` is whom it waits for."""

    proposal: Proposal
    age: int
    on: str
    parties: int

    @property
    def on_label(self) -> str:
        """Whom it waits for, in words."""
        return WAITING.label(self.on) if self.on else "Nobody"


def waiting(
    *, state: str = "", kind: str = "", assignee: User | None = None, unassigned: bool = False, on: str = "", page: int = 1
) -> tuple[list[Waiting], int]:
    """Return one page of the queue, the oldest first, and how many there are. Drafts are their writers' own and not in it."""
    found = Proposal.objects.exclude(state="draft").select_related("assignee", "submitter")
    found = found.filter(state=state) if state else found.exclude(state__in=ENDED)
    found = found.filter(kind=kind) if kind else found
    found = found.filter(assignee=assignee) if assignee else found
    found = found.filter(assignee=None) if unassigned else found
    found = found.annotate(awaited=Count("reply_requests", filter=Q(reply_requests__state="requested")))
    found = _of_those(found, on) if on else found
    start = (page - 1) * PAGE
    rows = [_row(proposal) for proposal in found.order_by("submitted", "id")[start : start + PAGE]]
    return rows, found.count()


def _of_those(found: "QuerySet[Proposal]", on: str) -> "QuerySet[Proposal]":
    awaiting = ReplyRequest.objects.filter(state="requested", proposal__isnull=False).values("proposal")
    if on == "party":
        return found.filter(state="under_review", id__in=awaiting)
    states = [state for state, who in WAITS_ON.items() if who == on]
    found = found.filter(state__in=states)
    return found.exclude(id__in=awaiting) if on == "editors" else found


def _row(proposal: Proposal) -> Waiting:
    awaited = getattr(proposal, "awaited", 0)
    on = "party" if proposal.state == "under_review" and awaited else WAITS_ON.get(proposal.state, "")
    return Waiting(proposal, _days(proposal.submitted), on, awaited)


def _days(since: datetime | None) -> int:
    return (now() - since).days if since else 0


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """What editors see of their work. Hours are medians of the last ninety days; None where there is nothing to count."""

    by_state: dict[str, int]
    oldest_days: int
    hours_to_first_look: float | None
    hours_to_decision: float | None
    replies_awaited: int
    disputes_open: int
    disputes_late: int
    refused: dict[str, int]

    @property
    def states(self) -> list[tuple[str, str, int]]:
        """How many proposals are in each state: code, label and number, in the order of the life cycle."""
        return [(term.code, term.label, self.by_state[term.code]) for term in STATES.values() if term.code in self.by_state]

    @property
    def rules(self) -> list[tuple[str, int]]:
        """What the guard refused, in words, most often first."""
        told = {rule.code: rule.label for rule in (*RULES, *CHARACTER_RULES, OVERSIZED, NESTED_ENCODING)}
        return sorted(((told.get(code, code.replace("_", " ")), number) for code, number in self.refused.items()), key=_most)


def _most(row: tuple[str, int]) -> tuple[int, str]:
    return -row[1], row[0]


def desk_figures() -> DeskFigures:
    """Return the figures for the desk's own dashboard."""
    counted = Proposal.objects.exclude(state="draft").values_list("state").annotate(number=Count("id"))
    oldest = Proposal.objects.filter(state__in=_OPEN_STATES, submitted__isnull=False).order_by("submitted").first()
    cases = list(DisputeCase.objects.filter(state__in=OPEN))
    late = [case for case in cases if case.acknowledged is None and acknowledge_by(case.received.date()) < today()]
    return DeskFigures(
        by_state=dict(counted), oldest_days=_days(oldest.submitted) if oldest else 0,
        hours_to_first_look=_median_hours(_first_looks()), hours_to_decision=_median_hours(_decisions()),
        replies_awaited=_awaited().count(), disputes_open=len(cases), disputes_late=len(late),
        refused=dict(GuardCount.objects.filter(day__gt=_from()).values_list("rule").annotate(number=Sum("count")).order_by("rule")),
    )  # fmt: skip


def _awaited() -> "QuerySet[ReplyRequest]":
    """The requests that somebody may still answer: of what is on record and not withdrawn, or of a proposal that is open."""
    withdrawn = Record.objects.exclude(withdrawn=None).values("id")
    asked = ReplyRequest.objects.filter(state="requested").exclude(record_id__in=withdrawn)
    return asked.exclude(proposal__state__in=ENDED - {"published"})


def _from() -> date:
    return today() - timedelta(days=90)


def _first_looks() -> list[tuple[datetime, datetime]]:
    looked = Proposal.objects.filter(submitted__date__gt=_from(), decisions__action="take")
    return [(start, end) for start, end in looked.values_list("submitted", "decisions__at") if start and end]


def _decisions() -> list[tuple[datetime, datetime]]:
    decided = Proposal.objects.filter(decided__date__gt=_from(), submitted__isnull=False)
    return [(start, end) for start, end in decided.values_list("submitted", "decided") if start and end]


def _median_hours(spans: list[tuple[datetime, datetime]]) -> float | None:
    return round(median((end - start).total_seconds() / 3600 for start, end in spans), 1) if spans else None


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """What everybody may know of the desk's work: of published proposals, replies and disputes on record only."""

    published: int
    median_days_to_decision: float | None
    replies_asked: int
    replies_received: int
    replies_none: int
    disputes_open: int
    disputes_decided: int
    disputes_upheld: int


def public_figures() -> PublicFigures:
    """Return the figures that everybody may read."""
    published = Proposal.objects.filter(state="published", submitted__isnull=False, decided__isnull=False)
    spans = [
        (end - start).total_seconds() / 86400 for start, end in published.values_list("submitted", "decided") if start and end
    ]
    replies = Reply.objects.aggregate(
        asked=Count("id", filter=Q(asked__isnull=False)), received=Count("id", filter=Q(state="received")),
        none=Count("id", filter=Q(state="no_response")),
    )  # fmt: skip
    disputes = Dispute.objects.aggregate(
        open=Count("id", filter=Q(state="under_review")), decided=Count("id", filter=~Q(state__in=("under_review", "withdrawn"))),
        upheld=Count("id", filter=Q(state__in=("upheld", "partly_upheld"))),
    )  # fmt: skip
    return PublicFigures(
        published=len(spans), median_days_to_decision=round(median(spans), 1) if spans else None, replies_asked=replies["asked"],
        replies_received=replies["received"], replies_none=replies["none"], disputes_open=disputes["open"],
        disputes_decided=disputes["decided"], disputes_upheld=disputes["upheld"],
    )  # fmt: skip
