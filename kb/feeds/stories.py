"""Which entries tell the same story, so that an editor sees it once. Pure.

Two entries are one story where they have the same address, tracking parameters aside, or nearly the same title: at least three
quarters of the words of both together, and four words at least. A story bears the digest of its first entry.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from kb.core.text import without_tracking

_WORD = re.compile(r"[^\W_]{2,}")
_FEWEST_WORDS = 4
_SHARED_OF_ALL = (3, 4)


class StoryIndex:
    """Recent stories, and the place among them of a new entry. `recent` gives story, title and address of entries."""

    def __init__(self, recent: Iterable[tuple[str, str, str]] = ()) -> None:
        self._by_url: dict[str, str] = {}
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._titles: list[tuple[frozenset[str], str]] = []
        for story, title, url in recent:
            self._add(story, words_of(title), url)

    def place(self, title: str, url: str) -> str:
        """Return the story of an entry: one that is known, or a new one, which is known from then on."""
        words = words_of(title)
        story = self._by_url.get(without_tracking(url) if url else "") or self._alike(words) or _new(title, url)
        self._add(story, words, url)
        return story

    def _add(self, story: str, words: frozenset[str], url: str) -> None:
        if url:
            self._by_url.setdefault(without_tracking(url), story)
        if len(words) < _FEWEST_WORDS:
            return
        for word in words:
            self._by_word[word].append(len(self._titles))
        self._titles.append((words, story))

    def _alike(self, words: frozenset[str]) -> str:
        """The story of the most alike title; titles that share only common words are not looked at."""
        if len(words) < _FEWEST_WORDS:
            return ""
        rare = sorted(words, key=lambda word: len(self._by_word.get(word, ())))
        # Titles that share three quarters of their words share one of the rarest quarter and one more.
        looked_at = rare[: len(words) // 4 + 2]
        shared = Counter(place for word in looked_at for place in self._by_word.get(word, ()))
        alike = ((len(words & self._titles[place][0]), place) for place, _ in shared.most_common(50))
        part, whole = _SHARED_OF_ALL
        good = [(common, place) for common, place in alike if whole * common >= part * len(words | self._titles[place][0])]
        return self._titles[max(good)[1]][1] if good else ""


def words_of(title: str) -> frozenset[str]:
    """Return the words of a title, without case and without words of one letter."""
    return frozenset(_WORD.findall(title.lower()))


def _new(title: str, url: str) -> str:
    return hashlib.sha256(f"{without_tracking(url) if url else ''}\0{title}".encode("utf-8", "replace")).hexdigest()[:32]
