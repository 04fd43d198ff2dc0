"""What a rule is, and the patterns that rules are made of."""

import re
from collections.abc import Callable
from dataclasses import dataclass

Check = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a text may not hold: its code, the words for a reader, and the test of one view of the text.

    A `deep` rule also reads the views with spelled-out signs and joined letters; a `hazard_only` rule is too strict
    for a text that does not belong to a hazard issue.
    """

    code: str
    label: str
    broken_by: Check
    deep: bool = False
    hazard_only: bool = False


def finds(*patterns: str, cased: bool = False) -> Check:
    """A check by patterns, which read lower case unless `cased`.

    Each begins with a literal or a set, which the engine skips to, and repeats only what is bounded: that keeps the
    guard linear and fast. So a look-behind stands after the first character and counts it, not before it.
    """
    searches = [re.compile(pattern).search for pattern in patterns]

    def check(text: str) -> bool:
        read = text if cased else text.lower()
        return any(search(read) for search in searches)

    return check


def word_of(words: str) -> str:
    """A pattern for one of several words, parted by ", ", where a word begins; after its first sign each may be a pattern."""
    return "(?:" + "|".join(rf"{word[0]}(?<![^\W_].){word[1:]}" for word in words.split(", ")) + ")"


def any_of(*checks: Check) -> Check:
    return lambda text: any(check(text) for check in checks)


END = r"(?![^\W_])"
