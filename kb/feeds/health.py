"""How feeds stand: sick or well, how much they bring, and what came of it. Two queries, however many feeds are asked for.

Entries per week count what was published in the last eight weeks, or seen first where an entry gives no date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, CharField, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from kb.core.clock import now
from kb.core.vocabulary import Term, Vocabulary
from kb.feeds.models import Entry, Feed, FeedEvent
from kb.feeds.words import PROPOSED

WEEKS = 8
# For how long a gap between two polls is a reason to look at a feed.
GAP_DAYS = 30

STANDINGS = Vocabulary(
    "standing of a feed",
    Term("held", "Held", "What came last looks unlike this feed; an editor has to look at it."),
    Term("gone", "Gone", "Its server says that it is gone for good."),
    Term("failing", "Failing", "Its last polls brought no document that can be read."),
    Term("waits", "Told to wait", "Its server asked for fewer polls."),
    Term("new", "Not polled yet", "It waits for its first poll."),
    Term("well", "Well", "Its last poll went well."),
    Term("off", "Turned off", "It is not polled."),
)
SICK_STANDINGS = frozenset({"held", "gone", "failing", "waits"})
# The first that fits says how a feed stands, and where none does, it is well.
_ELSE = "well"
_RULES: Sequence[tuple[str, Q]] = (
    ("off", Q(active=False)),
    ("held", ~Q(held="")),
    ("gone", Q(gone=True)),
    ("failing", Q(failures__gt=0)),
    ("waits", Q(outcome="told_to_wait")),
    ("new", Q(last_poll=None)),
)
HAS_GAPS = Q(active=True, gaps__gt=0)
TO_LOOK_AT = Q(standing__in=SICK_STANDINGS) | HAS_GAPS
# How lists are ordered: the sick and those with gaps first, or by folder.
SICK_FIRST: Sequence[str] = ("can_wait", "place", "-failures", "title", "id")
BY_FOLDER: Sequence[str] = ("folder", "title", "id")


@dataclass(frozen=True, slots=True)
class Health:
    """One feed with its figures. `standing` is a word of STANDINGS; `share` is None where it brought nothing yet.

    `gaps` are polls of the last days that shared no entry with the one before: what stood between them was never seen.
    """

    feed: Feed
    standing: str
    entries: int
    per_week: float
    accepted: int
    gaps: int = 0

    @property
    def missing(self) -> str:
        """That entries may be missing, in a sentence; empty where none are, or the feed is turned off."""
        if not self.gaps or not self.feed.active:
            return ""
        times = "once" if self.gaps == 1 else f"{self.gaps} times"
        return f"Entries may be missing: {times} in the last {GAP_DAYS} days a poll shared no entry with the one before."

    @property
    def label(self) -> str:
        """The standing in words."""
        return STANDINGS.label(self.standing)

    @property
    def is_sick(self) -> bool:
        """Whether its polls are a reason to look at it."""
        return self.standing in SICK_STANDINGS

    @property
    def share(self) -> float | None:
        """Its yield: the per cent of its entries that were put forward as a report, as evidence or as an issue."""
        return 100 * self.accepted / self.entries if self.entries else None

    @property
    def problem(self) -> str:
        """What is wrong, in a sentence."""
        return self.feed.held or self.feed.problem


def standing_feeds() -> QuerySet[Feed]:
    """Feeds with their `standing`, their `gaps`, and by what those to be looked at come first. Asks nothing yet."""
    places = {code: place for place, code in enumerate(STANDINGS)}
    since = now() - timedelta(days=GAP_DAYS)
    gaps = FeedEvent.objects.filter(feed=OuterRef("pk"), kind="gap", at__gt=since).order_by().values("feed")
    return Feed.objects.defer("item_digests", "usual").annotate(
        standing=Case(
            *(When(fits, then=Value(code)) for code, fits in _RULES), default=Value(_ELSE), output_field=CharField()
        ),
        place=Case(
            *(When(fits, then=Value(places[code])) for code, fits in _RULES), default=Value(places[_ELSE]),
            output_field=IntegerField(),
        ),
        gaps=Coalesce(Subquery(gaps.annotate(count=Count("id")).values("count")), 0),
    ).annotate(can_wait=Case(When(TO_LOOK_AT, then=Value(0)), default=Value(1), output_field=IntegerField()))  # fmt: skip


def health_of(feeds: Iterable[Feed]) -> list[Health]:
    """Return the figures of feeds, which come from `standing_feeds()`, in their order."""
    feeds = list(feeds)
    figures = _figures([feed.id for feed in feeds])
    return [_health(feed, *figures.get(feed.id, (0, 0, 0))) for feed in feeds]


def _health(feed: Feed, entries: int, recent: int, accepted: int) -> Health:
    standing: str = getattr(feed, "standing")  # noqa: B009 - annotated by standing_feeds()
    gaps: int = getattr(feed, "gaps")  # noqa: B009
    return Health(feed, standing, entries, recent / WEEKS, accepted, gaps)


def _figures(feeds: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """All entries, those of the last weeks and those put forward, by feed."""
    until = now()
    recent = Q(at__gt=until - timedelta(weeks=WEEKS), at__lte=until)
    rows = (
        Entry.objects.filter(feed__in=feeds)
        .order_by()
        .values("feed")
        .annotate(at=Coalesce("published", "first_seen"))
        .values("feed")
        .annotate(total=Count("id"), recent=Count("id", filter=recent), accepted=Count("id", filter=Q(state__in=PROPOSED)))
        .values_list(F("feed"), "total", "recent", "accepted")
    )
    return {feed: (total, recent, accepted) for feed, total, recent, accepted in rows}


def folders() -> list[str]:
    """The folders that there are, by name; the empty one is none."""
    return list(Feed.objects.exclude(folder="").order_by("folder").values_list("folder", flat=True).distinct())
