"""What reading a document yields, and the words for what was wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TypeVar

from kb.feeds.parse.entry import Entry

# Items of one document that are read at most: the newest.
MOST_ITEMS = 2_000
T = TypeVar("T")
PROBLEMS: Mapping[str, str] = {
    "empty": "The document is empty.",
    "not_a_feed": "What came is no feed.",
    "malformed": "The document is not well-formed; what could be had was taken.",
    "entity": "The document declares entities, which are not followed.",
    "too_deep": "The document nests too deep to be read.",
    "long_tag": "A tag of the document is too long to be read.",
    "too_many": f"The document holds more than {MOST_ITEMS:,} entries; the newest were taken.",
    "odd_date": "A date in the document is impossible or lies ahead; the day on which the entry came counts instead.",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a document. `entry` is None where the digest is known; `cut` says that the document ends within it."""

    digest: str
    entry: Entry | None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a document says of its feed, and its items in their order. `problem` is a code of PROBLEMS, or empty.

    `ttl` is how long the feed asks to be left alone, in minutes.
    """

    format: str = ""
    title: str = ""
    site_url: str = ""
    language: str = ""
    ttl: int | None = None
    items: tuple[Item, ...] = ()
    problem: str = ""


def digest_of(data: bytes) -> str:
    """Return the digest by which an item is known again."""
    return blake2b(data, digest_size=12).hexdigest()


def newest(items: Sequence[T], moment_of: Callable[[T], datetime | None]) -> Sequence[T]:
    """Return the items of a document that are read, in their order: of too many the newest.

    Where one of them has no date that can be read, these are the first ones, as feeds place the newest first.
    """
    if len(items) <= MOST_ITEMS:
        return items
    dated: list[tuple[datetime, int]] = []
    for place, item in enumerate(items):
        moment = moment_of(item)
        if moment is None:
            return items[:MOST_ITEMS]
        dated.append((moment if moment.tzinfo else moment.replace(tzinfo=UTC), -place))
    return [items[place] for place in sorted(-place for _, place in sorted(dated, reverse=True)[:MOST_ITEMS])]
