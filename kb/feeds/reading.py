"""From the bytes of a feed to entries that may be stored: parsed, cleaned, read by the guard, searched for names.

    body -> parse (only what is new or changed) -> plain words -> guard -> excerpt -> names

Nothing here asks the database. What is stored, and what is new, is the business of `save.py`.
"""

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from kb.feeds.addresses import untracked
from kb.feeds.guard import refused, refused_address
from kb.feeds.items import LEAVES_OUT
from kb.feeds.match.matcher import Matcher, Mention
from kb.feeds.models.entry import LONGEST_EXCERPT
from kb.feeds.parse.document import Entry, Item, Parsed, read_feed

# What is kept of an entry that names no record: enough to look again when a new name comes.
_OF_OTHERS = 400
_AROUND = 90
_MOST_PASSAGES = 3
_BEGINNING = LONGEST_EXCERPT - _MOST_PASSAGES * (2 * _AROUND + 40)
LEFT_OUT = "[…]"
# Addresses in running text are left out, since the guard lets none stand; the entry's own address has its own column.
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+", re.I)
_ADDRESS_LEFT_OUT = "[address]"


@dataclass(frozen=True, slots=True)
class Words:
    """What may be stored of an entry's words. `withheld` names the rule of the guard that kept something out."""

    title: str
    excerpt: str
    withheld: str
    mentions: tuple[Mention, ...]

    @property
    def is_withheld(self) -> bool:
        """Whether not even the title may be stored."""
        return bool(self.withheld) and not self.title


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """An entry that is new or changed, ready to be stored. One that is `cut` is not whole.

    `text_digest` is that of all its words and of its address without tracking, `url` the address that may be stored. `refused`
    names the rule of the guard that kept something out, be it words or the address.
    """

    digest: str
    text_digest: str
    entry: Entry
    words: Words
    url: str
    refused: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A document: what it says of its feed, the digests of all its items, and those entries that are not known yet."""

    parsed: Parsed
    digests: tuple[str, ...]
    entries: tuple[ReadEntry, ...]
    left_out: int


def read(
    body: bytes, *, url: str, content_type: str, known: Collection[str], left_out: str, matcher: Matcher
) -> Reading:  # fmt: skip
    """Read a document. Items whose digest is `known` are not looked at; those that `left_out` names are dropped."""
    parsed = read_feed(body, content_type=content_type, url=url, known=known)
    fresh = [(item, item.entry) for item in parsed.items if item.entry is not None]
    kept = [(item, entry) for item, entry in fresh if not LEAVES_OUT[left_out](entry)]
    entries = tuple(_read_entry(item, entry, matcher) for item, entry in kept)
    return Reading(parsed, tuple(item.digest for item in parsed.items), entries, len(fresh) - len(kept))


def _read_entry(item: Item, entry: Entry, matcher: Matcher) -> ReadEntry:
    title = _ADDRESS.sub(_ADDRESS_LEFT_OUT, entry.title)
    text = _ADDRESS.sub(_ADDRESS_LEFT_OUT, entry.text)
    said = hashlib.sha256("\0".join((title, text, untracked(entry.url))).encode("utf-8", "replace")).hexdigest()
    words, rule = words_of(title, text, matcher), refused_address(entry.url)
    url = "" if rule or words.is_withheld else entry.url
    return ReadEntry(item.digest, said, entry, words, url, words.withheld or rule, item.cut)


def words_of(title: str, text: str, matcher: Matcher) -> Words:
    """Return what may be stored of a title and a text: both are read by the guard before (SAFETY 6 and 7)."""
    if rule := refused(title):
        return Words("", "", rule, ())
    excerpt = _excerpt(title, text, matcher)
    rule = refused(excerpt) if excerpt else ""
    if rule:
        excerpt = ""
    return Words(title, excerpt, rule, matcher.find(f"{title}\n{excerpt}", title_length=len(title)))


def _excerpt(title: str, text: str, matcher: Matcher) -> str:
    """The beginning of a text, and a few passages further on that name a record; of one that names none, less."""
    offset = len(title) + 1
    found = matcher.find(f"{title}\n{text}", title_length=len(title))
    if not any(one.outcome != "dropped" for one in found):
        return text if len(text) <= _OF_OTHERS else _to_the_word(text[:_OF_OTHERS])
    if len(text) <= LONGEST_EXCERPT:
        return text
    places = [(one.start - offset, one.end - offset) for one in found if one.end - offset > _BEGINNING]
    passages = list(_passages(text, places))[:_MOST_PASSAGES]
    beginning = _to_the_word(text[: _BEGINNING if passages else LONGEST_EXCERPT - 10])
    return f" {LEFT_OUT} ".join([beginning, *passages, ""]).strip()


def _passages(text: str, places: list[tuple[int, int]]) -> Iterator[str]:
    """Passages around places, none overlapping the one before or the beginning."""
    last = _BEGINNING
    for start, end in places:
        if start < last:
            continue
        last = min(end + _AROUND, len(text))
        yield _to_the_word(text[max(start - _AROUND, 0) : last].partition(" ")[2])


def _to_the_word(text: str) -> str:
    """A text without a last word that was cut."""
    return text.rpartition(" ")[0] or text
