"""What a rule is, the clues that rules are made of, and what a text must hold for a clue to be true.

Which clues have to be tried on a text is decided in kb.core.safety_rules.sieve.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

Test = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Trait:
    """Something that a text in lower case holds and that is no list of literals: read in its characters or its UTF-8."""

    name: str
    held_by: Callable[[str, bytes], bool]


@dataclass(frozen=True, slots=True)
class Run:
    """So many of certain ASCII characters in a row, in lower case."""

    members: str
    least: int


# One of several things stands in the text: literals in lower case, traits or runs.
Need = frozenset[str | Trait | Run]


@dataclass(frozen=True, slots=True)
class Clue:
    """One test of a view of a text, of its lower case unless `cased`; no text that fails a need can pass the test."""

    test: Test
    needs: tuple[Need, ...] = ()
    cased: bool = False
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a text may not hold: its code, the words for a reader, and the clues, one of which is enough.

    A `deep` rule also reads the views with spelled-out signs and joined letters; a `hazard_only` rule is too strict
    for a text that does not belong to a hazard issue.
    """

    code: str
    label: str
    clues: tuple[Clue, ...] = ()
    deep: bool = False
    hazard_only: bool = False


def need(*atoms: str | Trait | Run | Need) -> Need:
    """One of several things; a string lists literals, parted by ", "."""
    found: set[str | Trait | Run] = set()
    for atom in atoms:
        if isinstance(atom, str):
            found.update(atom.split(", "))
        elif isinstance(atom, frozenset):
            found |= atom
        else:
            found.add(atom)
    return frozenset(found)


def clue(pattern: str, *needs: str | Trait | Run | Need, cased: bool = False) -> Clue:
    """A clue by a pattern, which reads lower case unless `cased`, and what every match of it holds.

    A pattern begins with a literal or a set, which the engine skips to, and repeats only what is bounded: that keeps the
    guard linear and fast. So a look-behind stands after the first character and counts it, not before it.
    It has no flags: a pattern that ignores case matches more letters than a need in lower case tells.
    Each need is a promise that tests/core/safety_rules/test_rule.py proves.
    """
    return Clue(re.compile(pattern).search, _needs(needs), cased, pattern)


def judged(pattern: str, judge: Callable[[re.Match[str]], bool], *needs: str | Trait | Run | Need, cased: bool = False) -> Clue:
    """A clue by those matches of a pattern that a function takes for what they seem."""
    matches = re.compile(pattern).finditer
    return Clue(lambda text: any(map(judge, matches(text))), _needs(needs), cased, pattern)


def _needs(needs: tuple[str | Trait | Run | Need, ...]) -> tuple[Need, ...]:
    return tuple(map(need, needs))


def word_of(words: str) -> str:
    """A pattern for one of several words, parted by ", ", where a word begins; after its first sign each may be a pattern."""
    return "(?:" + "|".join(rf"{word[0]}(?<![^\W_].){word[1:]}" for word in words.split(", ")) + ")"


def each(*parts: str) -> str:
    """All literals that take one of each part in turn: each("a, b", "., /") is "a., a/, b., b/"."""
    literals = [""]
    for part in parts:
        literals = [before + piece for before in literals for piece in part.split(", ")]
    return ", ".join(literals)


END = r"(?![^\W_])"
