"""The words that a purge takes out, and how they are found again wherever else they stand.

Texts too short to be told from others count only where they are the whole of a text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kb.core.ids import slugify
from kb.records.apply.redaction import TOMBSTONE, is_tombstone

_SHORTEST = len(TOMBSTONE)
# Reasons and subjects quote the beginning of a text.
_BEGINNING = 120
# What JSON holds beside words, and what is too short to be told from it: ids, references, dates, codes.
_NO_WORDS = re.compile(r"[a-z0-9]{1,8}|[a-z0-9]+(?:_[a-z0-9]+)+|UP-[A-Z]-[0-9]+|new:[a-z0-9-]+|[0-9-]+")


@dataclass(frozen=True, slots=True)
class Words:
    """Texts that go, blanks folded, the longest first."""

    texts: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Words":
        """Take texts in; ids, dates and short codes are no words."""
        folded = {" ".join(text.split()) for text in texts}
        wanted = {text for text in folded if text and not _NO_WORDS.fullmatch(text) and not is_tombstone(text)}
        return cls(tuple(sorted(wanted, key=lambda text: (-len(text), text))))

    def within(self, text: str) -> bool:
        """Whether a text is one of them, or holds one or its beginning. Slugs are given with blanks for hyphens."""
        folded = " ".join(text.split())
        return any(_holds(folded, one) for one in self.texts)

    def replaced(self, text: str) -> str:
        """Return a text with the tombstone in the place of each of them."""
        for one in self.texts:
            if len(one) >= _SHORTEST:
                text = text.replace(one, TOMBSTONE)
        return TOMBSTONE if self.within(text) else text


def _holds(text: str, one: str) -> bool:
    if len(one) < _SHORTEST:
        return text == one
    return one[:_BEGINNING] in text or text == slugify(one).replace("-", " ")
