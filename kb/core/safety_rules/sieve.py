"""Which clues can be true of a text at all: found in one pass over it, so that few of them have to be tried.

A clue declares what a text must hold (kb.core.safety_rules.rule). What stands in a text is looked up for all clues at
once: single signs one by one, longer literals by Aho-Corasick, runs of characters by their kind. How a text is
unmasked, and which rules there are, is left to others.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from kb.core.safety_rules.rule import Need, Rule, Run, Test, Trait

# The sets of needs that texts meet come again and again: mostly a text meets few.
_REMEMBERED = 20_000


class Trial(NamedTuple):
    """A clue that may be true of a text, by the place of its rule."""

    place: int
    test: Test
    cased: bool


class Sieve:
    """The clues of some rules, and what each of them needs. A need is a bit; the needs that a text meets are a number."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self._bits: dict[Need, int] = {}
        self._clues = [(place, one, self._mask(one.needs)) for place, rule in enumerate(rules) for one in rule.clues]
        signs: dict[int, int] = defaultdict(int)
        words: dict[bytes, int] = defaultdict(int)
        runs: dict[bytes, dict[bytes, int]] = defaultdict(lambda: defaultdict(int))
        traits: dict[Trait, int] = defaultdict(int)
        for one, bit in self._bits.items():
            for atom in one:
                if isinstance(atom, Trait):
                    traits[atom] |= bit
                elif isinstance(atom, Run):
                    runs[_kinds(atom.members)][b"+" * atom.least] |= bit
                elif len(atom) == 1:
                    signs[ord(atom)] |= bit
                else:
                    words[atom.encode("ascii")] |= bit
        self._signs, self._no_signs = dict(signs), bytes(byte for byte in range(256) if byte not in signs)
        self._traits = tuple(traits.items())
        self._runs = tuple((kinds, tuple(sorted(of_kind.items()))) for kinds, of_kind in runs.items())
        self._words = tuple(words.values())
        self._automaton = BytesAhoCorasick(words.keys(), implementation=Implementation.DFA)
        self._trials = lru_cache(_REMEMBERED)(self._find_trials)

    def first_broken(
        self, everywhere: Iterable[str], deeper: Iterable[str], *, hazard: bool, passed: Rule | None = None
    ) -> Rule | None:
        """Return the first rule that one of the views breaks: any rule on those of `everywhere`, deep ones on `deeper`."""
        first = len(self._rules)
        for deep, views in ((False, everywhere), (True, deeper)):
            for view in views:
                first = self._first(view, first, hazard=hazard, deep=deep, passed=passed)
        return self._rules[first] if first < len(self._rules) else None

    def _first(self, text: str, first: int, *, hazard: bool, deep: bool, passed: Rule | None) -> int:
        lower = text.lower()
        for place, test, cased in self._trials(self._met(lower), hazard, deep):
            if place >= first:
                break
            if self._rules[place] is not passed and test(text if cased else lower):
                return place
        return first

    def _met(self, lower: str) -> int:
        """The needs that a text in lower case meets."""
        raw = lower.encode("utf-8", "surrogatepass")
        met = 0
        for sign in set(raw.translate(None, self._no_signs)):
            met |= self._signs[sign]
        for index, _, _ in self._automaton.find_matches_as_indexes(raw, overlapping=True):
            met |= self._words[index]
        for trait, bits in self._traits:
            if trait.held_by(lower, raw):
                met |= bits
        return met | self._runs_met(raw)

    def _runs_met(self, raw: bytes) -> int:
        met = 0
        for kinds, of_kind in self._runs:
            kind = raw.translate(kinds)
            for run, bits in of_kind:
                if run not in kind:
                    break  # nor is there a longer one
                met |= bits
        return met

    def _find_trials(self, met: int, hazard: bool, deep: bool) -> tuple[Trial, ...]:
        return tuple(
            Trial(place, one.test, one.cased)
            for place, one, mask in self._clues
            if mask & met == mask and (hazard or not self._rules[place].hazard_only) and (not deep or self._rules[place].deep)
        )

    def _mask(self, needs: Iterable[Need]) -> int:
        return sum(self._bits.setdefault(one, 1 << len(self._bits)) for one in set(needs))


def _kinds(members: str) -> bytes:
    """A table that writes the members as "+" and every other byte as a blank."""
    inside = frozenset(members.encode("ascii"))
    return bytes(ord("+") if byte in inside else ord(" ") for byte in range(256))
