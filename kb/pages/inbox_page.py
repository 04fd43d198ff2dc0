"""What the inbox shows an editor: stories with their entries, names marked in the text, and one entry with all about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When, Window
from django.db.models.functions import Cast, Coalesce, RowNumber

from kb.feeds.edits import Run, edit_of
from kb.feeds.match.features import FEATURES
from kb.feeds.models import Entry, EntryVersion, Mention
from kb.pages.forms.feeds import NO_FOLDER
from kb.records import changes as do
from kb.records.models import Record
from kb.records.queries import find_record, records_by_id, statements_about
from kb.review.told import Told, told

PAGE = 30
_MOST_SIMILAR = 10
_MOST_EDITS = 20
_MOST_STATEMENTS = 60
_LABELS = {feature.code: (feature.label, feature.points) for feature in FEATURES}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an entry's text: plain, or a name with its record."""

    text: str
    record: Record | None = None
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A record that an entry names: how sure that is and why, in words. One that is `ticked` is kept unless an editor objects."""

    record: Record
    surface: str
    confidence: str
    reasons: Sequence[str]
    ticked: bool
    rivals: Sequence[Record]


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One entry with the names in it."""

    entry: Entry
    title: Sequence[Piece]
    excerpt: Sequence[Piece]
    named: Sequence[Named]


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of the inbox: the first entry of each story, and how many more tell the same one. `total` counts stories."""

    rows: Sequence[tuple[EntryShown, int]]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Edit:
    """How an entry read until it was edited, and what that edit changed. `address` is the former one where it changed."""

    version: EntryVersion
    title: Sequence[Run]
    excerpt: Sequence[Run]
    address: str
    is_seen: bool


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry with its newest edits, how many older ones there were, others of its story, and what it may be evidence for."""

    shown: EntryShown
    edits: Sequence[Edit]
    older: int
    similar: Sequence[Entry]
    statements: Sequence[tuple[int, Told]]


def inbox(asked: Mapping[str, Any]) -> Inbox:
    """Gather a page of the inbox as it was asked for: a handful of queries, however many entries there are."""
    order = _ORDERS[asked.get("order") or "weight"]
    place = Window(RowNumber(), partition_by=_STORY, order_by=order)
    found = _narrowed(Entry.objects.all(), asked)
    total = found.aggregate(stories=Count(_STORY, distinct=True))["stories"]
    pages = max(1, -(-total // PAGE))
    page = min(asked.get("page") or 1, pages)  # of a last page whose last entry was decided on, the one before is shown
    ordered = found.annotate(heft=_HEFT, place=place).filter(place=1).select_related("feed").order_by(*order)
    firsts = list(ordered[PAGE * (page - 1) : PAGE * page])
    told_by = dict.fromkeys((entry.story for entry in firsts if entry.story), 0)
    for story in Entry.objects.filter(story__in=told_by).values_list("story", flat=True):
        told_by[story] += 1
    rows = [(one, max(told_by.get(one.entry.story, 1) - 1, 0)) for one in shown(firsts)]
    return Inbox(rows, total, page, pages)


_BEST = Mention.objects.filter(entry=OuterRef("pk")).order_by("-score").values("score")[:1]
_HEFT = Coalesce(Subquery(_BEST), 0) * F("feed__weight")
# An entry without a story is one of its own.
_STORY = Case(When(story="", then=Cast("id", CharField())), default=F("story"))
# The weight of a feed times the best score of a name, or the newest first.
_ORDERS: Mapping[str, Sequence[Any]] = {
    "weight": [F("heft").desc(), F("id").desc()], "newest": [Coalesce("published", "first_seen").desc(), F("id").desc()],
}  # fmt: skip


def _narrowed(entries: QuerySet[Entry], asked: Mapping[str, Any]) -> QuerySet[Entry]:
    entries = entries.filter(state=asked.get("state") or "inbox")
    if words := asked.get("q"):
        entries = entries.filter(Q(title__icontains=words) | Q(excerpt__icontains=words))
    if feed := asked.get("feed"):
        entries = entries.filter(feed=feed)
    if folder := asked.get("folder"):
        entries = entries.filter(feed__folder="" if folder == NO_FOLDER else folder)
    if key := asked.get("record"):
        entries = entries.filter(Exists(Mention.objects.filter(entry=OuterRef("pk"), record_id=find_record(key).id)))
    return entries


def shown(entries: Sequence[Entry]) -> list[EntryShown]:
    """Mark the names in entries. Two queries for all of them."""
    mentions: dict[int, list[Mention]] = {entry.id: [] for entry in entries}
    for mention in Mention.objects.filter(entry__in=entries).order_by("start"):
        mentions[mention.entry_id].append(mention)
    numbers = {one.record_id for of in mentions.values() for one in of} | {
        n for of in mentions.values() for one in of for n in one.rivals
    }
    records = records_by_id(numbers)
    return [_shown(entry, [one for one in mentions[entry.id] if one.record_id in records], records) for entry in entries]


def _shown(entry: Entry, mentions: Sequence[Mention], records: Mapping[int, Record]) -> EntryShown:
    border = len(entry.title) + 1
    return EntryShown(
        entry, list(_pieces(entry.title, 0, [one for one in mentions if one.end < border], records)),
        list(_pieces(entry.excerpt, border, [one for one in mentions if one.start >= border], records)),
        _named(mentions, records),
    )  # fmt: skip


def _pieces(text: str, offset: int, mentions: Iterable[Mention], records: Mapping[int, Record]) -> Iterable[Piece]:
    last = 0
    for one in mentions:
        start, end = one.start - offset, one.end - offset
        if start > last:
            yield Piece(text[last:start])
        yield Piece(text[start:end], records[one.record_id], one.outcome == "proposed")
        last = end
    if last < len(text):
        yield Piece(text[last:])


def _named(mentions: Iterable[Mention], records: Mapping[int, Record]) -> list[Named]:
    """Each record once, by its best mention; the surest first."""
    best: dict[int, Mention] = {}
    for one in sorted(mentions, key=lambda one: -one.score):
        best.setdefault(one.record_id, one)
    return [
        Named(
            records[one.record_id], one.surface, one.confidence, _reasons(one.features), one.outcome == "proposed",
            [records[number] for number in one.rivals if number in records and number not in best],
        )
        for one in best.values()
    ]  # fmt: skip


def _reasons(features: Mapping[str, int]) -> list[str]:
    """What spoke for a name and against it, in words."""
    found = [(points, *_LABELS.get(code, (code, 0))) for code, points in features.items()]
    return [f"{'for' if points > 0 else 'against'}: {label}" for points, label, _ in sorted(found, key=lambda one: -abs(one[0]))]


def entry_page(entry: Entry) -> EntryPage:
    """Gather the page of one entry."""
    (one,) = shown([entry])
    similar = (
        Entry.objects.filter(story=entry.story).exclude(id=entry.id).select_related("feed")
        if entry.story
        else Entry.objects.none()
    )
    statements = statements_about([named.record for named in one.named])[:_MOST_STATEMENTS]
    words = told([do.RetractStatement(statement=statement.pk) for statement in statements])
    return EntryPage(
        one, _edits(entry), max(entry.version - 1 - _MOST_EDITS, 0), list(similar[:_MOST_SIMILAR]),
        [(statement.pk, word) for statement, word in zip(statements, words, strict=True)],
    )  # fmt: skip


def _edits(entry: Entry) -> list[Edit]:
    """The newest edits: each former version beside the one that followed it."""
    former = list(entry.versions.all()[:_MOST_EDITS])
    followed: list[Entry | EntryVersion] = [entry, *former]
    return [_edit(before, after) for before, after in zip(former, followed, strict=False)]


def _edit(before: EntryVersion, after: Entry | EntryVersion) -> Edit:
    title, excerpt = edit_of(before.title, after.title), edit_of(before.excerpt, after.excerpt)
    address = before.url if before.url != after.url else ""
    changed = (before.title, before.excerpt, before.url) != (after.title, after.excerpt, after.url)
    return Edit(before, title, excerpt, address, changed)
