"""Permanent ids (`UP-D-7`) and slugs: how they are written and told apart.

Which letters exist is the business of `kb.records.kinds`; numbers are drawn in `publish()`.
"""

import re
import unicodedata

_PUBLIC_ID = re.compile(r"UP-([A-Z])-([1-9][0-9]{0,17})", re.IGNORECASE | re.ASCII)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_LENGTH = 80


def public_id(letter: str, number: int) -> str:
    """Write a permanent id."""
    return f"UP-{letter}-{number}"


def parse_public_id(text: str) -> tuple[str, int] | None:
    """Return the letter and number of a permanent id, or None where the text is not shaped like one."""
    match = _PUBLIC_ID.fullmatch(text)
    return (match[1].upper(), int(match[2])) if match else None


def is_slug(text: str) -> bool:
    """Whether the text may be a slug: lower-case ASCII words joined by hyphens, never shaped like an id."""
    return len(text) <= SLUG_LENGTH and bool(_SLUG.fullmatch(text)) and parse_public_id(text) is None


def slugify(name: str) -> str:
    """Make a slug of a name; where nothing of it is ASCII, the slug is `record`."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("+", " plus ")
    slug = "-".join(re.findall(r"[a-z0-9]+", folded))[:SLUG_LENGTH].strip("-") or "record"
    return slug if parse_public_id(slug) is None else f"record-{slug}"[:SLUG_LENGTH]


def slug_words(slug: str) -> str:
    """Return the words of a slug: its hyphens part the words of a name."""
    return slug.replace("-", " ")


def fold(name: str) -> str:
    """Fold a name for comparison: case, accents, punctuation and spacing do not count, `+` does."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(char if char.isalnum() or char == "+" else " " for char in decomposed if not unicodedata.combining(char))
    return " ".join(kept.split())
