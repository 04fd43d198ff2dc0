"""Traits of a text that clues need and that no list of literals says: digits, runs, counts.

Each is cheap, and reads no less than what it is named for. What a clue is, is left to kb.core.safety_rules.rule.
"""

import re
from collections.abc import Mapping

from kb.core.safety_rules.rule import Run, Trait, need

_FOREIGN = re.compile(r"[^\0-\x7f](?<=\d)")


def _table(kinds: Mapping[str, str], *, beyond: str) -> bytes:
    """A table that writes each ASCII sign as its kind, or as a blank if it has none, and each byte beyond ASCII as one kind."""
    kind_of = {sign: kind for kind, signs in kinds.items() for sign in signs}
    return bytes(ord(kind_of.get(chr(byte), " ") if byte < 0x80 else beyond) for byte in range(256))


def _holds_foreign_digit(text: str, raw: bytes) -> bool:
    return len(raw) > len(text) and _FOREIGN.search(text) is not None


# A decimal digit of another script, which \d reads like those of ASCII. Only what has more bytes than characters holds one.
FOREIGN_DIGIT = Trait("a digit of another script", _holds_foreign_digit)
DIGITS = "0, 1, 2, 3, 4, 5, 6, 7, 8, 9"
DIGIT = need(DIGITS, FOREIGN_DIGIT)

_ALNUM = "abcdefghijklmnopqrstuvwxyz0123456789"
_BASE32, _HEX, _BASE64 = "abcdefghijklmnopqrstuvwxyz234567", "0123456789abcdef", _ALNUM + "+/_-"
BASE32_16, BASE32_32, BASE32_56 = Run(_BASE32, 16), Run(_BASE32, 32), Run(_BASE32, 56)
HEX_8, HEX_16, HEX_32 = Run(_HEX, 8), Run(_HEX, 16), Run(_HEX, 32)
BASE64_22, BASE64_46 = Run(_BASE64, 22), Run(_BASE64, 46)
HEX_GROUPS_34 = Run(_HEX + " :._,-", 34)

_DOTTED = _table({"0": DIGITS.replace(", ", ""), ".": "."}, beyond="0")
_DROPPED = b" " + bytes(range(0x80, 0xC0))


def _holds_dotted(text: str, raw: bytes) -> bool:
    if raw.count(b".") < 3:
        return False
    kinds = raw.translate(_DOTTED, _DROPPED)
    return b".0." in kinds or b".00." in kinds or b".000." in kinds


# One to three digits between dots, blanks left out; a sign beyond ASCII may be a digit, and its first byte stands for it.
DOTTED = Trait("a number between two of three dots", _holds_dotted)
HUNDRED_COMMAS = Trait("a hundred commas", lambda text, raw: raw.count(b",") >= 100)
# An IPv6 address leaves groups out by "::" or has all eight of them.
COLONS = Trait("two colons in a row or seven", lambda text, raw: b"::" in raw or raw.count(b":") >= 7)
# Whatever is no letter or digit of ASCII may part letters, so every byte of another script counts as a gap here.
_LONE = _table({"t": "t", "+": _ALNUM.replace("t", "")}, beyond=" ")
LONE_T = Trait("the letter t alone", lambda text, raw: b" t " in raw.translate(_LONE))
