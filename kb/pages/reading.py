"""Reading parameters of addresses."""

from kb.core.errors import InvalidInput


def whole_number(name: str, text: str) -> int | None:
    """Read a whole number; nothing stays nothing. Raises InvalidInput, naming the parameter, for anything else."""
    if not text:
        return None
    if not (text.isascii() and text.removeprefix("-").isdecimal() and len(text) < 19):
        raise InvalidInput(f"{name}: “{text[:20]}” is not a whole number.")
    return int(text)
