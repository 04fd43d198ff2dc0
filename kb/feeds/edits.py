"""What an edit changed in a text, word by word. Pure; how it is shown is the business of pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Comparing takes time with the square of the words. What is kept of an entry has fewer.
MOST_WORDS = 400
SAME, REMOVED, ADDED = "same", "removed", "added"


@dataclass(frozen=True, slots=True)
class Run:
    """Some words in a row that were kept, removed or added. Runs are joined by blanks."""

    text: str
    kind: str = SAME


def edit_of(before: str, after: str) -> list[Run]:
    """Return both texts as one, in runs. Where either is longer than MOST_WORDS the first stands whole, then the second."""
    old, new = before.split(), after.split()
    if old == new:
        return _runs((SAME, old))
    if max(len(old), len(new)) > MOST_WORDS:
        return _runs((REMOVED, old), (ADDED, new))
    found: list[Run] = []
    for code, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        found += _runs((SAME, old[i:j])) if code == "equal" else _runs((REMOVED, old[i:j]), (ADDED, new[k:m]))
    return found


def _runs(*parts: tuple[str, Sequence[str]]) -> list[Run]:
    return [Run(" ".join(words), kind) for kind, words in parts if words]
