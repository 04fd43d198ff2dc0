"""What every match of a pattern must hold, read off the pattern: a proof for the needs that clues declare.

A pattern is spelled out as the set of texts that it can match, look-arounds left away and whatever is not told in full
written as a gap: each match is one of these spellings with its gaps filled. What all spellings hold, all matches hold.
"""

import re
from collections.abc import Callable, Iterable
from itertools import product
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]

from kb.core.safety_rules.rule import Need, Run, Trait
from kb.core.safety_rules.traits import FOREIGN_DIGIT, HUNDRED_COMMAS, LONE_T

GAP = "\uffff"
FOREIGN = "\u0663"
_MOST_SPELLINGS = 50_000
_LARGEST_SET = 26

# A set of characters as the spellings that stand for it.
Spell = Callable[[frozenset[str] | None, frozenset[str]], list[str]]
LOOKING = (sre.ASSERT, sre.ASSERT_NOT, sre.AT)
COUNTED = {HUNDRED_COMMAS: (",", 100)}


def proves(pattern: str, need: Need) -> bool:
    """Whether every match holds one of the things that are needed."""
    tree = list(_parser.parse(pattern))
    counted = [COUNTED[atom] for atom in need if isinstance(atom, Trait) and atom in COUNTED]
    if counted:
        ((sign, count),) = counted
        return least(tree, sign) >= count
    runs = [atom for atom in need if isinstance(atom, Run)]
    if runs:
        (run,) = runs
        return _shown(tree, _by_members(run.members), ["+" * run.least])
    if LONE_T in need:
        return _shown(tree, _by_gaps_between_letters, [" t "])
    wanted = [FOREIGN if atom is FOREIGN_DIGIT else atom for atom in need]
    return _shown(tree, _in_full, [atom for atom in wanted if isinstance(atom, str)])


def _shown(tree: Iterable[tuple[object, object]], spell: Spell, wanted: list[str]) -> bool:
    """Whether each match holds something wanted: in a part of it if that is enough, for there are fewer of those."""
    tree = [part for part in tree if part[0] not in LOOKING]
    return any(
        _all_hold(tree[start : start + size], spell, wanted)
        for size in range(1, len(tree) + 1)
        for start in range(len(tree) - size + 1)
    )


def _all_hold(tree: list[tuple[object, object]], spell: Spell, wanted: list[str]) -> bool:
    match tree:
        case [(sre.BRANCH, (_, branches))]:
            return all(_shown(branch, spell, wanted) for branch in branches)
        case [(sre.SUBPATTERN, (_, 0, _, inner))]:
            return _shown(inner, spell, wanted)
    try:
        return all(any(atom in one for atom in wanted) for one in spellings(tree, spell))
    except TooManySpellings:
        return False


class TooManySpellings(Exception):
    """A part of a pattern has more spellings than are worth listing: it proves nothing."""


def least(tree: Iterable[tuple[object, object]], sign: str) -> int:
    """How many times a sign stands in every match."""
    return sum(_least_of(op, value, sign) for op, value in tree)


def _least_of(op: object, value: object, sign: str) -> int:
    match op, value:
        case sre.LITERAL, int(code):
            return int(chr(code).lower() == sign)
        case sre.BRANCH, (_, branches):
            return min(least(branch, sign) for branch in branches)
        case sre.SUBPATTERN, (*_, inner):
            return least(inner, sign)
        case ((sre.MAX_REPEAT | sre.MIN_REPEAT), (lowest, _, inner)):
            return lowest * least(inner, sign)
    return 0


def spellings(tree: Iterable[tuple[object, object]], spell: Spell) -> set[str]:
    """All spellings of a pattern in lower case."""
    found = {""}
    for op, value in tree:
        nexts = _spellings_of(op, value, spell)
        if nexts != {""}:
            found = {_shortened(before + after) for before, after in product(found, nexts)}
        if len(found) > _MOST_SPELLINGS:
            raise TooManySpellings
    return found


def _shortened(text: str) -> str:
    return re.sub(f"{GAP}{GAP}+", GAP, text)


def _spellings_of(op: object, value: object, spell: Spell) -> set[str]:
    match op, value:
        case sre.LITERAL, int(code):
            return set(spell(frozenset(chr(code).lower()), frozenset()))
        case sre.IN, items:
            return set(spell(*_characters(items)))
        case sre.BRANCH, (_, branches):
            return set().union(*(spellings(branch, spell) for branch in branches))
        case sre.SUBPATTERN, (_, flags, _, inner):  # one that ignores case matches more than its letters
            return {GAP} if flags else spellings(inner, spell)
        case ((sre.MAX_REPEAT | sre.MIN_REPEAT), (lowest, highest, inner)):
            return _repeated(lowest, highest, spellings(inner, spell))
        case ((sre.ASSERT | sre.ASSERT_NOT | sre.AT), _):
            return {""}
        case ((sre.ANY | sre.NOT_LITERAL), _):
            return {GAP}
    raise AssertionError(f"a part of a pattern that nothing is known about: {op}")


def _repeated(lowest: int, highest: int, inner: set[str]) -> set[str]:
    if len(inner) == 1 and highest - lowest <= 3:
        return {one * count for one in inner for count in range(lowest, highest + 1)}
    if len(inner) <= 4 and highest <= 2:
        return {one for count in range(lowest, highest + 1) for one in _times(inner, count)}
    found = set(_times(inner, lowest))
    if highest > lowest:
        found |= set(_times(inner, lowest + 1))
    if highest > lowest + 1:
        found |= {one + GAP for one in _times(inner, lowest + 1)}
    return found


def _times(inner: set[str], count: int) -> list[str]:
    if count == 0:
        return [""]
    if len(inner) == 1:
        return [one * count for one in inner]
    if count <= 2 and len(inner) <= 12:
        return ["".join(parts) for parts in product(inner, repeat=count)]
    return [one if count == 1 else one + GAP for one in inner]


def _characters(items: list[tuple[object, object]]) -> tuple[frozenset[str] | None, frozenset[str]]:
    """The characters of a set in lower case, None where they are all but some, and the classes that it names."""
    if items[0][0] is sre.NEGATE:
        return None, frozenset()
    signs: set[str] = set()
    classes: set[str] = set()
    for op, value in items:
        match op, value:
            case sre.LITERAL, int(code):
                signs.add(chr(code).lower())
            case sre.RANGE, (first, last):
                signs.update(chr(code).lower() for code in range(first, last + 1))
            case sre.CATEGORY, category:
                classes.add(str(category))
    return frozenset(signs), frozenset(classes)


def _in_full(signs: frozenset[str] | None, classes: frozenset[str]) -> list[str]:
    digits = [*"0123456789", FOREIGN] if classes == {"CATEGORY_DIGIT"} else []
    if signs is None or len(signs) > _LARGEST_SET or (classes and not digits):
        return [GAP]
    return [*signs, *digits]


def _by_members(members: str) -> Spell:
    return lambda signs, classes: ["+" if signs is not None and not classes and signs <= set(members) else GAP]


def _by_gaps_between_letters(signs: frozenset[str] | None, classes: frozenset[str]) -> list[str]:
    parts = signs is not None and classes <= {"CATEGORY_NOT_WORD"} and not any(sign.isalnum() for sign in signs)
    return [" "] if parts else ["t"] if signs == {"t"} and not classes else [GAP]
