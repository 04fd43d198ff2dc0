"""Which entry of a document is which stored one, by narrow rules, since a wrong match would overwrite another entry. Pure.

A feed's own name for an entry decides. A name that is an address is the same in http and https, whatever the case of its host,
with and without a last slash or tracking parameters. Where the name changed otherwise, an entry is the same only if link and
title are, both were published within three days of each other, and just one stored entry fits.

Entries of different feeds are never the same. Two entries of one document that share a name and have different links are two.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.core.text import without_tracking
from kb.feeds.addresses import untracked
from kb.feeds.parse.entry import Entry

_NEAR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of an entry, as far as it tells which one it is."""

    id: int
    uid_key: str
    url: str
    title: str
    published: datetime | None


def uid_keys(entries: Sequence[Entry]) -> list[str]:
    """Return the digest by which each entry of a document is found again.

    It is that of the name the feed gives it, else of its link, else of its words. Of entries that share a name, those with
    another link than the first one are told apart by it; parameters that only say where a reader came from make no other link.
    """
    first: dict[str, str] = {}
    return [_digest(_told_apart(entry, first)) for entry in entries]


def _told_apart(entry: Entry, first: dict[str, str]) -> str:
    name = _one_spelling(entry.uid or entry.url) or f"{entry.title}\0{entry.text}"
    link = untracked(entry.url)
    return name if first.setdefault(name, link) == link else f"{name}\0{link}"


def _one_spelling(name: str) -> str:
    """An address without what feeds change in it over the years; any other name as it is."""
    if not name.lower().startswith(("http://", "https://")):
        return name
    return without_tracking(name).partition("://")[2].rstrip("/")


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def identify(entries: Sequence[Entry], keys: Sequence[str], known: Sequence[Known]) -> list[Known | None]:
    """Say for each entry of a document which stored one it is, or None; no stored one is named twice."""
    by_key = {one.uid_key: one for one in known}
    found = [by_key.get(key) for key in keys]
    taken = {one.id for one in found if one}
    by_words = _by_words(known)
    for place, entry in enumerate(entries):
        if found[place] is None and entry.url and entry.title:
            fitting = [one for one in by_words.get((entry.url, entry.title), ()) if _fits(one, entry, taken)]
            if len(fitting) == 1:
                found[place] = fitting[0]
                taken.add(fitting[0].id)
    return found


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
