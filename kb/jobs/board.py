"""What an operator sees of the work: what runs, what is late, what died, what waits, and who was last seen.

Payloads are not read here: they hold mails and tokens. Keys and error lines are shown as they are.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet

from kb.core.clock import now
from kb.jobs.models import DEAD, RUNNING, WAITING, Job, Seen
from kb.jobs.registry import WORK
from kb.jobs.sweep import SWEEP, WORKER

LATE = timedelta(minutes=1)
SILENT = timedelta(minutes=1)
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job as the board shows it. `attempts_of` is 0 for a kind that nobody declared."""

    id: int
    kind: str
    key: str
    attempts: int
    attempts_of: int
    run_after: datetime
    started_at: datetime | None
    ended_at: datetime | None
    lease_until: datetime | None
    last_error: str
    is_silent: bool
    can_retry: bool


@dataclass(frozen=True, slots=True)
class JobList:
    """The first jobs of a list, and how many there are in all."""

    lines: tuple[JobLine, ...]
    count: int

    @property
    def left_out(self) -> int:
        """How many more there are than are shown."""
        return self.count - len(self.lines)


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many jobs of a kind wait, and when the first of them is due."""

    kind: str
    count: int
    first_due: datetime
    is_known: bool


@dataclass(frozen=True, slots=True)
class Sign:
    """When something was last seen; silent where that is too long ago."""

    name: str
    at: datetime | None
    is_silent: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The state of all work at one moment."""

    at: datetime
    sweep: Sign
    workers: tuple[Sign, ...]
    running: JobList
    late: JobList
    dead: JobList
    waiting: tuple[KindCount, ...]


def board() -> Board:
    """Read the state of all work."""
    moment = now()
    waiting = Job.objects.filter(state=WAITING)
    return Board(
        at=moment,
        sweep=_sign(SWEEP, Seen.objects.filter(name=SWEEP).values_list("at", flat=True).first(), moment),
        workers=tuple(_workers(moment)),
        running=_listed(Job.objects.filter(state=RUNNING).order_by("started_at"), moment),
        late=_listed(waiting.filter(run_after__lt=moment - LATE).order_by("run_after"), moment),
        dead=_listed(Job.objects.filter(state=DEAD).order_by("-ended_at"), moment),
        waiting=tuple(_waiting(waiting)),
    )


def _listed(rows: "QuerySet[Job]", moment: datetime) -> JobList:
    shown = rows.annotate(is_whole=~Q(payload="")).defer("payload")[:MOST_SHOWN]
    return JobList(tuple(_line(row, moment) for row in shown), rows.count())


def _line(row: Job, moment: datetime) -> JobLine:
    done_by = WORK.get(row.kind)
    return JobLine(
        id=row.pk,
        kind=row.kind,
        key=row.key,
        attempts=row.attempts,
        attempts_of=done_by.attempts if done_by else 0,
        run_after=row.run_after,
        started_at=row.started_at,
        ended_at=row.ended_at,
        lease_until=row.lease_until,
        last_error=row.last_error,
        is_silent=row.lease_until is not None and row.lease_until < moment,
        can_retry=row.state == DEAD and bool(getattr(row, "is_whole", False)),
    )


def _waiting(rows: "QuerySet[Job]") -> list[KindCount]:
    counted = rows.values("kind").annotate(count=Count("pk"), first_due=Min("run_after")).order_by("kind")
    return [KindCount(row["kind"], row["count"], row["first_due"], row["kind"] in WORK) for row in counted]


def _workers(moment: datetime) -> list[Sign]:
    seen = Seen.objects.filter(name__startswith=WORKER).order_by("-at")[:MOST_SHOWN]
    return [_sign(row.name.removeprefix(WORKER), row.at, moment) for row in seen]


def _sign(name: str, at: datetime | None, moment: datetime) -> Sign:
    return Sign(name, at, at is None or at < moment - SILENT)
