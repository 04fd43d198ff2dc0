"""One spelling for the many of a name: no case, no blanks, hyphens or invisible characters; and the way back to the text.

Letters that only look alike stay what they are: a name in other letters is another name. Pure.
"""

import re
import unicodedata
from collections.abc import Sequence

_SIGNS = {
    **dict.fromkeys("\u2018\u2019\u02bc\u2032\uff07", "'"), **dict.fromkeys("\u201c\u201d", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"), "\u00a0": " ", "\u202f": " ", "\u2009": " ",
}  # fmt: skip
_TYPOGRAPHY = str.maketrans(_SIGNS)
_SEEN = " -_\t"
DROPPED = _SEEN + "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_DROP = str.maketrans(dict.fromkeys(DROPPED, None))
_OTHER_SCRIPTS = 0x2E80
# What is counted, and so makes a quantity of the number before it. “Times” and “x” do so in small letters alone: “1.5 x faster”.
_MAGNITUDE = re.compile(
    "[ \u00a0\u202f\u2009-]?(?:[%\u2030]|"
    "(?i:hundred|thousand|million|billion|trillion|mn|mln|mio|bn|bln|tn|trn|per ?cent|percent(?:age)?|pct|[kmgt]b)(?!\\w)|"
    "(?i:[km])(?![\\w-])|"
    "(?i:seconds|minutes|hours|days|weeks|months|years)(?!\\w)|"
    "times(?! out)(?!\\w)|"
    "[x\u00d7](?= [a-z0-9])|[x\u00d7](?=[,.;:!?)]|$))"
)


def squash(text: str) -> str:
    """Return the one spelling of a text. Every character left stems from one character of the text, in order."""
    plain = text.translate(_TYPOGRAPHY)
    if plain.isascii():
        return plain.lower().translate(_DROP)
    return "".join(_one(char) for char in plain if char not in DROPPED)


def _one(char: str) -> str:
    """A character in its small, compatible form, if that is one character too."""
    folded = unicodedata.normalize("NFKC", char).lower()
    return folded if len(folded) == 1 else char


def places(text: str) -> Sequence[int]:
    """Return where in a text each character of its squashed form stands."""
    return [place for place, char in enumerate(text.translate(_TYPOGRAPHY)) if char not in DROPPED]


def breaks(text: str) -> frozenset[int]:
    """Return before which characters of its squashed form a text has a blank or a hyphen that one can see."""
    found, place = set(), 0
    for char in text.translate(_TYPOGRAPHY):
        if char in _SEEN:
            found.add(place)
        elif char not in DROPPED:
            place += 1
    return frozenset(found)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a piece of a text is a word of its own: no letter or digit goes on before or after it, and no version number.

    “SD 1.5” does not stand in “SD 1.50”, “GPT-4” not in “GPT-4.5”, “LAION-5B” not in “Re-LAION-5B”; nor in “SD 1.5 million”,
    which is a quantity.
    """
    return not (_goes_on_before(text, start) or _goes_on_after(text, end) or _is_quantity(text, start, end))


def _is_quantity(text: str, start: int, end: int) -> bool:
    """Whether a number that ends a name, and has a blank before it, is counted with the word after it."""
    if not text[end - 1].isdigit() or not _MAGNITUDE.match(text, end):
        return False
    head = text[start:end].rstrip("0123456789.,")
    return head[-1:].isspace()


def _goes_on_before(text: str, start: int) -> bool:
    if start == 0:
        return False
    if _is_word(text[start - 1]):
        return True
    joined = text[start - 1] in "-_\u2010\u2011" or (text[start - 1] == "." and text[start].isdigit())
    return joined and start > 1 and _is_word(text[start - 2])


def _goes_on_after(text: str, end: int) -> bool:
    if end >= len(text):
        return False
    if _is_word(text[end]):
        return True
    return text[end] in ".," and end + 1 < len(text) and text[end + 1].isdigit() and text[end - 1].isdigit()


def _is_word(char: str) -> bool:
    """Whether a character continues a word; scripts without blanks between words do not continue a Latin one."""
    return char.isalnum() and ord(char) < _OTHER_SCRIPTS
