"""Which entry of a document is which stored one, by narrow rules, since a wrong match would overwrite another entry. Pure.

A feed's own name for an entry decides. A name that is an address is the same in http and https, whatever the case of its host,
with and without a last slash or tracking parameters. A name that a feed gives to several entries tells none of them: there the
link decides as well, from the first document on in which two entries with other links share it. Where the name changed
otherwise, an entry is the same only if link and title are, both were published within three days of each other, and just one
stored entry fits that does not stand in the document itself.

Entries of different feeds are never the same. Two entries of one document that share a name and have different links are two.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.feeds.addresses import untracked
from kb.feeds.parse.entry import Entry

_NEAR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of an entry, as far as it tells which one it is. `shares_name`: other entries have its name too."""

    id: int
    uid_key: str
    url: str
    title: str
    published: datetime | None
    digest: str = ""
    shares_name: bool = False


@dataclass(frozen=True, slots=True)
class Keys:
    """The digests by which an entry may be found: of its name, and of name and link, where others share the name."""

    name: str
    told_apart: str
    link: str


@dataclass(frozen=True, slots=True)
class Match:
    """Which stored entry an entry of a document is, if any, and the digest by which it is found from now on."""

    uid_key: str
    known: Known | None


@dataclass(frozen=True, slots=True)
class Identified:
    """The entries of a document, each with its match, and the digests of names that several entries have."""

    matches: Sequence[Match]
    shared_names: frozenset[str]


def keys_of(entry: Entry) -> Keys:
    """Return the digests by which an entry is found again: of the name the feed gives it, else of its link, else of its words."""
    name = _one_spelling(entry.uid or entry.url) or f"{entry.title}\0{entry.text}"
    link = _one_spelling(entry.url)
    return Keys(_digest(name), _digest(f"{name}\0{link}"), link)


def _one_spelling(name: str) -> str:
    """An address without what feeds change in it over the years; any other name as it is."""
    if not name.lower().startswith(("http://", "https://")):
        return name
    return untracked(name).partition("://")[2].rstrip("/")


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def identify(
    entries: Sequence[Entry], keys: Sequence[Keys], known: Sequence[Known], standing: Collection[str] = ()
) -> Identified:  # fmt: skip
    """Say for each entry of a document which stored one it is; no stored one is named twice.

    `standing` are the digests of all items of the document: what is stored under one of them stands there as it was.
    """
    by_key = {one.uid_key: one for one in known}
    shared = _shared_names(keys, by_key, standing)
    matches = _by_name(keys, by_key, shared)
    taken = {one.known.id for one in matches if one.known}
    by_words = _by_words([one for one in known if one.digest not in standing])
    for place, entry in enumerate(entries):
        if matches[place].known is None and entry.url and entry.title:
            fitting = [one for one in by_words.get((entry.url, entry.title), ()) if _fits(one, entry, taken)]
            if len(fitting) == 1:
                matches[place] = Match(matches[place].uid_key, fitting[0])
                taken.add(fitting[0].id)
    return Identified(matches, shared)


def _shared_names(keys: Sequence[Keys], by_key: Mapping[str, Known], standing: Collection[str]) -> frozenset[str]:
    """The names that several entries have: known for it, or in this document, where a stored one may stand unread."""
    links: dict[str, set[str]] = defaultdict(set)
    for one in keys:
        links[one.name].add(one.link)
    known_for_it = {name for name in links if name in by_key and by_key[name].shares_name}
    for name, found in links.items():
        if name in by_key and by_key[name].digest in standing:
            found.add(_one_spelling(by_key[name].url))
    return frozenset(known_for_it | {name for name, found in links.items() if len(found) > 1})


def _by_name(keys: Sequence[Keys], by_key: Mapping[str, Known], shared: Collection[str]) -> list[Match]:
    """Find what is stored under the names of entries. Of those that share a new name, the first is found by it alone."""
    first: dict[str, str] = {}
    matches = []
    for one in keys:
        stored = by_key.get(one.name)
        link = _one_spelling(stored.url) if stored else first.setdefault(one.name, one.link)
        by_name = one.told_apart not in by_key and (one.name not in shared or one.link == link)
        key = one.name if by_name else one.told_apart
        matches.append(Match(key, by_key.get(key)))
    return matches


def _by_words(known: Sequence[Known]) -> dict[tuple[str, str], list[Known]]:
    groups: dict[tuple[str, str], list[Known]] = {}
    for one in known:
        groups.setdefault((one.url, one.title), []).append(one)
    return groups


def _fits(one: Known, entry: Entry, taken: set[int]) -> bool:
    """Whether a stored entry is free, and was published near another, as far as both dates are known."""
    if one.id in taken:
        return False
    return one.published is None or entry.published is None or abs(one.published - entry.published) <= _NEAR
