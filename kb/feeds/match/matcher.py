"""Finding names in a text: all of them in one pass, the longest at each place, each with a score. Pure.

text -> squashed -> Aho-Corasick over all spellings -> words of their own -> longest -> features -> mentions
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from ahocorasick_rs import AhoCorasick, Implementation

from kb.feeds.match.candidate import Around, Candidate, KnownName, Prior
from kb.feeds.match.features import RULE_VERSION, confidence_of, outcome_of, score_of
from kb.feeds.match.normal import breaks, places, squash, stands_alone
from kb.feeds.match.words import COMMON, GENERIC, PLACES, STOP

__all__ = ["KnownName", "Matcher", "Mention", "Prior"]

_SHORTEST = 2
_MOST_MENTIONS = 60
_NO_PRIOR = Prior()


@dataclass(frozen=True, slots=True)
class Mention:
    """A record that a text names, from `start` to `end`. `rivals` are other records with the same name."""

    start: int
    end: int
    surface: str
    record: int
    outcome: str
    score: int
    confidence: str
    features: Mapping[str, int]
    rule: int
    rivals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Spelling:
    """One squashed spelling, and the names that it may be."""

    names: tuple[KnownName, ...]
    variants: frozenset[int]


class Matcher:
    """Finds the names of records. Built once for an edition of the names, and then only read.

    `neighbours` are the records that each is linked with, `priors` what editors decided on a squashed name.
    """

    def __init__(
        self, names: Iterable[KnownName], *, neighbours: Mapping[int, Collection[int]] | None = None,
        priors: Mapping[str, Prior] | None = None,
    ) -> None:  # fmt: skip
        self._neighbours, self._priors = neighbours or {}, priors or {}
        known = [_marked(name) for name in names if len(squash(name.text)) >= _SHORTEST]
        spellings = _spellings(known)
        self._patterns = list(spellings)
        self._spellings = list(spellings.values())
        words = _words_of(known)
        self._companions = {record: _telling(found) for record, found in words.items()}
        self._places = {record: places for record, found in words.items() if (places := _places(found))}
        self._automaton = AhoCorasick(self._patterns, implementation=Implementation.ContiguousNFA) if self._patterns else None

    def find(self, text: str, *, title_length: int = 0) -> tuple[Mention, ...]:
        """Return the names in a text in their order, dropped ones too. The first sixty are looked at, and no more."""
        if self._automaton is None:
            return ()
        hits = self._automaton.find_matches_as_indexes(squash(text), overlapping=True)
        if not hits:
            return ()
        at = places(text)
        alone = [
            (at[start], at[end - 1] + 1, number) for number, start, end in hits if stands_alone(text, at[start], at[end - 1] + 1)
        ]
        around = Around(text, title_length)
        found = [self._candidate(start, end, number, around) for start, end, number in islice(_longest(alone), _MOST_MENTIONS)]
        around.ends = {one.end for one in found}
        around.sure = {one.name.record for one in found if not one.name.ambiguous and not one.rivals and score_of(one)[0] >= 75}
        return tuple(_mention(one) for one in found)

    def _candidate(self, start: int, end: int, number: int, around: Around) -> Candidate:
        spelling = self._spellings[number]
        records = tuple(dict.fromkeys(name.record for name in spelling.names))
        name = spelling.names[0]
        near = self._neighbours.get(name.record, ())
        return Candidate(
            name, start, end, around, self._companions.get(name.record, frozenset()), self._places.get(name.record, frozenset()),
            near, self._priors.get(self._patterns[number], _NO_PRIOR), tuple(one for one in records if one != name.record),
            name.record in spelling.variants, _is_split(around.text[start:end], spelling, self._patterns[number]),
        )  # fmt: skip


def _mention(one: Candidate) -> Mention:
    score, features = score_of(one)
    return Mention(
        one.start, one.end, one.surface, one.name.record, outcome_of(score), score, confidence_of(score), features, RULE_VERSION,
        one.rivals,
    )  # fmt: skip


def _longest(hits: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Of hits that overlap keep the one that begins first, and of those the longest."""
    reached = 0
    for start, end, number in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        if start >= reached:
            reached = end
            yield start, end, number


def _marked(name: KnownName) -> KnownName:
    """A name that is a common word, or hardly a name at all, is ambiguous whatever is on record."""
    word = name.text.lower().removeprefix("the ")
    is_short = len(word) <= 3 and word.isalpha() and not name.text.isupper()
    is_common = is_short or word in COMMON or GENERIC.issuperset(word.split())
    return replace(name, ambiguous=True) if is_common and not name.ambiguous else name


def _spellings(names: Iterable[KnownName]) -> dict[str, _Spelling]:
    """All squashed spellings; names on record come before variants made of others, and sure ones before ambiguous ones."""
    on_record: dict[str, list[KnownName]] = defaultdict(list)
    made: dict[str, list[KnownName]] = defaultdict(list)
    for name in names:
        on_record[squash(name.text)].append(name)
        for variant in _variants(name.text):
            made[variant].append(name)
    found = {}
    for spelling in {**on_record, **made}:
        own = sorted(on_record.get(spelling, ()), key=lambda name: name.ambiguous)
        more = [name for name in made.get(spelling, ()) if not own]
        found[spelling] = _Spelling(tuple(own or more), frozenset(name.record for name in more))
    return found


def _variants(text: str) -> Iterator[str]:
    """Usual variants of a name: without the comma and full stop of a company's form, with a “v” before a version."""
    whole = squash(text)
    for variant in (whole.replace(",", ""), whole.removesuffix("."), whole.replace(",", "").removesuffix(".")):
        if variant != whole and len(variant) > _SHORTEST:
            yield variant
    head, blank, version = text.rpartition(" ")
    if blank and version[:1].isdigit() and "." in version and not head[-1:].isdigit():
        yield squash(f"{head}v{version}")


def _is_split(surface: str, spelling: _Spelling, squashed: str) -> bool:
    """Whether a piece of a text has a blank or hyphen where no name of that spelling has one: “Open AI” for OpenAI."""
    if len(surface) == len(squashed) or any(surface == name.text for name in spelling.names):
        return False
    known = [breaks(name.text) for name in spelling.names if squash(name.text) == squashed]
    return bool(known) and not breaks(surface) <= frozenset().union(*known)


def _words_of(names: Iterable[KnownName]) -> dict[int, set[str]]:
    """For each record the words of all its names."""
    words: dict[int, set[str]] = defaultdict(set)
    for name in names:
        words[name.record] |= {word.strip("(),") for word in name.text.lower().replace("-", " ").split()}
    return words


def _telling(words: Collection[str]) -> frozenset[str]:
    """Those words of a record's names that tell it from others of a short name."""
    return frozenset(word for word in words if len(word) > 2 and word.isalpha() and word not in STOP)


def _places(words: Collection[str]) -> frozenset[str]:
    """The places that words name."""
    return frozenset(PLACES[word] for word in words if word in PLACES)
