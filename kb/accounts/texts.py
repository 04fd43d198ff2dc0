"""Reading the few texts that people write about themselves: trimmed, bounded, and past the guard before they are stored."""

from kb.core.errors import InvalidInput
from kb.core.safety import UnsafeText, check_text


def read_text(text: str, what: str, most: int) -> str:
    """Return a text without blanks around it. Raises InvalidInput where it is empty, too long or refused by the guard."""
    text = text.strip()
    if not text:
        raise InvalidInput(f"{what} is empty.")
    if len(text) > most:
        raise InvalidInput(f"{what} has at most {most:,} characters; this has {len(text):,}.")
    return screened(text)


def screened(text: str) -> str:
    """Return a text that the guard lets pass. Raises InvalidInput, which names the rule and never the text."""
    try:
        check_text(text)
    except UnsafeText as refusal:
        raise InvalidInput(str(refusal)) from None
    return text
