"""Storing entries: which are new, which were edited, and the names that were recognised in each.

read entries + stored ones -> arrivals -> new rows, versions of what an edit replaces, mentions
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, Q

from kb.feeds.identity import Keys, Known, identify, keys_of
from kb.feeds.match.matcher import Mention as Found
from kb.feeds.models import Entry, EntryVersion, Feed, Mention
from kb.feeds.models.entry import LONGEST_TITLE
from kb.feeds.models.feed import LONGEST_ADDRESS
from kb.feeds.reading import ReadEntry, Words
from kb.feeds.recognise import Recogniser
from kb.review.screen import count_refusal

# Earlier versions that are kept of an entry: as many as its page shows.
MOST_VERSIONS = 20
_SEEN = frozenset({"proposed", "queued"})
# What an edit of the feed may move between inbox and set aside; a decided entry stays where an editor put it.
_UNDECIDED = frozenset({"inbox", "aside", "withheld"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """A read entry with the digest that it is found by from now on, and the stored entry that it is."""

    read: ReadEntry
    uid_key: str
    stored: Entry | None


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The entries of a document by what becomes of them. `same` differ in their markup alone; see identity for `shared_names`."""

    new: list[Arrival] = field(default_factory=list)
    edited: list[Arrival] = field(default_factory=list)
    same: list[Arrival] = field(default_factory=list)
    shared_names: frozenset[str] = frozenset()

    @property
    def found_again(self) -> bool:
        """Whether any entry was stored before."""
        return bool(self.edited or self.same)


def arrivals_of(feed: Feed, read: Sequence[ReadEntry], standing: Collection[str]) -> Arrivals:
    """Compare what was read with what is stored; `standing` are the digests of all items of the document."""
    entries = [one.entry for one in read]
    keys = [keys_of(entry) for entry in entries]
    stored = _stored(feed, read, keys)
    found = identify(entries, keys, [_known(one) for one in stored.values()], frozenset(standing))
    arrivals, seen = Arrivals(shared_names=found.shared_names), set()
    for one, match in zip(read, found.matches, strict=True):
        if match.uid_key in seen:
            continue
        seen.add(match.uid_key)
        before = stored[match.known.id] if match.known else None
        _group(arrivals, one, before).append(Arrival(one, match.uid_key, before))
    return arrivals


def _known(row: Entry) -> Known:
    return Known(row.id, row.uid_key, row.url, row.title, row.published, row.digest, row.shares_name)


def _group(arrivals: Arrivals, read: ReadEntry, before: Entry | None) -> list[Arrival]:
    if before is None:
        return arrivals.new
    # What a broken document cuts off is no edit.
    return arrivals.same if before.text_digest == read.text_digest or read.cut else arrivals.edited


def _stored(feed: Feed, read: Sequence[ReadEntry], keys: Sequence[Keys]) -> dict[int, Entry]:
    """Stored entries that any of the read ones may be."""
    if not read or not Entry.objects.filter(feed=feed).exists():
        return {}
    names = {name for one in keys for name in (one.name, one.told_apart)}
    urls = {one.entry.url for one in read if one.entry.url}
    return {one.id: one for one in Entry.objects.filter(Q(uid_key__in=names) | Q(url__in=urls), feed=feed)}


def store(feed: Feed, arrivals: Arrivals, recogniser: Recogniser, moment: datetime) -> None:
    """Write what arrived."""
    new = [_written(Entry(feed=feed, first_seen=moment), one, recogniser, moment) for one in arrivals.new]
    Entry.objects.bulk_create(new)
    EntryVersion.objects.bulk_create(_version(one.stored, moment) for one in arrivals.edited if one.stored)
    for one in arrivals.edited:
        if one.stored:
            _edit(one.stored, one, recogniser, moment)
    _forget_versions(arrivals)
    for one in arrivals.same:
        Entry.objects.filter(id=one.stored.id if one.stored else 0).update(digest=one.read.digest, uid_key=one.uid_key)
    Mention.objects.bulk_create(
        mention for entry, one in zip(new, arrivals.new, strict=True) for mention in _mentions(entry, one.read.words.mentions)
    )
    for one in (*arrivals.new, *arrivals.edited):
        if one.read.refused:
            count_refusal(one.read.refused)
    if arrivals.shared_names:
        Entry.objects.filter(feed=feed, uid_key__in=arrivals.shared_names).update(shares_name=True)


def _written(entry: Entry, arrival: Arrival, recogniser: Recogniser, moment: datetime) -> Entry:
    """Put the words of a read entry into a row. Of one that is withheld, nothing stays that leads anywhere."""
    read, words, said = arrival.read, arrival.read.words, arrival.read.entry
    entry.uid_key, entry.last_changed = arrival.uid_key, moment
    entry.digest, entry.text_digest = read.digest, read.text_digest
    entry.withheld, entry.title, entry.excerpt = read.refused, words.title, words.excerpt
    entry.url = read.url if len(read.url) <= LONGEST_ADDRESS else ""
    entry.published, entry.updated, entry.names_edition = said.published, said.updated, recogniser.edition
    if entry.state in _UNDECIDED:
        place(entry, words, recogniser)
    return entry


def place(entry: Entry, words: Words, recogniser: Recogniser) -> None:
    """Say where an entry goes that nobody has decided on: to the inbox with its story if it names a record, else aside."""
    if words.is_withheld:
        entry.state = "withheld"
        return
    named = any(mention.outcome in _SEEN for mention in words.mentions)
    if named and not entry.story:
        entry.story = recogniser.stories.place(entry.title[:LONGEST_TITLE], entry.url)
    muted = named and recogniser.is_muted(entry.story)
    entry.state = "muted" if muted else "inbox" if named else "aside"


def _version(entry: Entry, moment: datetime) -> EntryVersion:
    return EntryVersion(
        entry=entry, version=entry.version, title=entry.title, excerpt=entry.excerpt, url=entry.url,
        text_digest=entry.text_digest, until=moment,
    )  # fmt: skip


def _forget_versions(arrivals: Arrivals) -> None:
    """Keep the newest versions of entries that are edited again and again."""
    much_edited = [one.stored for one in arrivals.edited if one.stored and one.stored.version > MOST_VERSIONS]
    if much_edited:
        EntryVersion.objects.filter(entry__in=much_edited, version__lt=F("entry__version") - MOST_VERSIONS).delete()


def _edit(entry: Entry, arrival: Arrival, recogniser: Recogniser, moment: datetime) -> None:
    entry.version += 1
    _written(entry, arrival, recogniser, moment).save()
    renew_mentions(entry, arrival.read.words.mentions)


def renew_mentions(entry: Entry, found: Sequence[Found]) -> None:
    """Put what was recognised now in the place of what was; a name that an editor has judged stays judged."""
    before = dict(Mention.objects.filter(entry=entry).values_list("record_id", "kept"))
    judged = {record: kept for record, kept in before.items() if kept is not None}
    if before:
        Mention.objects.filter(entry=entry).delete()
    rows = list(_mentions(entry, found))
    for row in rows:
        row.kept = judged.get(row.record_id)
    Mention.objects.bulk_create(rows)


def _mentions(entry: Entry, found: Sequence[Found]) -> list[Mention]:
    return [
        Mention(
            entry=entry, record_id=one.record, start=one.start, end=one.end, surface=one.surface, outcome=one.outcome,
            score=one.score, confidence=one.confidence, features=dict(one.features), rivals=list(one.rivals), rule=one.rule,
        )
        for one in found
        if one.outcome in _SEEN
    ]  # fmt: skip
