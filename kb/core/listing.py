"""Words listed in a sentence. Pure; what is listed and why is left to whoever writes the sentence."""

from collections.abc import Iterable


def listed(words: Iterable[str]) -> str:
    """Return words as a sentence lists them: "a", "a and b", "a, b and c". Raises ValueError for none."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
