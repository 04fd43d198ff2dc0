"""A text as a reader would decode it: escapes undone, look-alikes folded, spelled-out punctuation written as signs.

The views are for matching only and are never stored or shown.
What may not stand in them is the business of kb.core.safety.
"""

import html
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

# Each round undoes one layer of encoding; a text that still changes after the last one is refused, not unrolled further.
ROUNDS = 6
# One ligature may stand for 18 letters: what unfolds to more than this is not read any further.
LONGEST = 150_000


class Views(NamedTuple):
    """The same text in every form that is matched, blanks folded; `settled` says whether decoding came to an end."""

    folded: str
    plain: str
    spoken: str
    joined: str
    settled: bool

    @property
    def everywhere(self) -> tuple[str, ...]:
        """What every rule reads, without repetition."""
        return (self.folded,) if self.plain == self.folded else (self.folded, self.plain)

    @property
    def deeper(self) -> tuple[str, ...]:
        """What only deep rules read besides, without repetition."""
        if self.joined == self.plain == self.spoken:
            return ()
        read = self.everywhere
        return tuple(view for view in dict.fromkeys((self.spoken, self.joined)) if view not in read)


# Letters that look like Latin ones: Cyrillic, Greek, Armenian, Latin small capitals and extensions.
_LETTERS = str.maketrans(
    "\u0430\u0432\u0433\u0435\u0451\u0456\u0457\u0458\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0501\u051b\u051d"
    "\u0410\u0412\u0415\u0401\u0406\u0407\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0500\u051a\u051c"
    "\u03b1\u03b2\u03b5\u03b7\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03c9\u03f2\u03f3"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03f9"
    "\u0561\u0563\u0570\u0578\u057d\u0581\u0584\u0585\u04bb\u04cf\u04c0\u0475"
    "\u0131\u0237\u0251\u0261\u0269\u0142\u0141\u00f8\u00d8\u0111\u0110\u0127\u0167\u017f\u0283\u0189"
    "\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a\u1d0a\u1d0b\u029f\u1d0d\u0274\u1d0f\u1d18\u0280\ua731\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22",
    "abreeiijkmhopctyxsdqwABEEIIJKMHOPCTYXSDQWabenikvoptuxwcjABEZHIKMNOPTYXCwqhnugqohlIvijagilLoOdDhtssDabcdefghijklmnoprstuvwyz",
)
_SIGNS = str.maketrans(
    # dots, slashes, colons, dashes, double and single quotation marks
    "\u3002\u30fb\u00b7\u2022\u2219\u22c5\u2027\u0701\u06d4\ua4f8"
    "\u2044\u2215\u29f8\u2571\u27cb\u2216\u29f5"
    "\u2236\ua789\u02d0\u02f8\u05c3\u0703\u16ec"
    "\u2010\u2011\u2012\u2013\u2014\u2212"
    "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u2033\u300c\u300d\u300e\u300f"
    "\u2018\u2019\u201a\u201b\u2032\u00b4",
    "." * 10 + "/" * 7 + ":" * 7 + "-" * 6 + '"' * 13 + "'" * 6,
)
# Tag characters and enclosed letters spell ASCII without looking like it, and no normalisation form undoes them.
_ENCLOSED = {start + i: chr(65 + i) for start in (0x1F150, 0x1F170, 0x1F1E6) for i in range(26)}
_TAGS = {0xE0000 + code: chr(code) for code in range(0x20, 0x7F)}
_DIGITS = {zero + i: str(i) for zero in (0x660, 0x6F0, 0x966, 0x9E6) for i in range(10)}
_FILLERS = dict.fromkeys((0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0))
# Everything that is folded is beyond ASCII, and what stands for it is ASCII or nothing.
_FOLD: Mapping[int, str | None] = {
    **{code: chr(sign) for code, sign in (_LETTERS | _SIGNS).items()},
    **_ENCLOSED,
    **_TAGS,
    **_DIGITS,
    **_FILLERS,
}

_BEYOND_ASCII = re.compile("[^\0-\x7f]")
# So many different signs are replaced one by one, which is faster; more are translated in one pass.
_FEW = 16
_REMEMBERED = 4096

_INVISIBLE = {"Cf", "Mn", "Me", "Cc"}

# int() refuses more than 4300 digits, so an over-long character reference is cut before html.unescape reads it.
_LONG_REFERENCE = re.compile(r"&#x?[0-9a-f]{9,};?", re.I)
_NESTED_PERCENT = re.compile(r"%(?:25)+", re.I)
_NESTED_AMPERSAND = re.compile(r"&(?:amp;|#38;|#x26;)+", re.I)
_BACKSLASH_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]{1,5})\})", re.I)
_ESCAPED_SIGN = re.compile(r"\\([^\w\s\\])")

_TLD_OR_SUFFIX = (
    r"com|org|net|info|biz|xyz|onion|i2p|io|ai|co|me|ru|de|uk|eu|fr|nl|ch|at|us|ca|au|jp|cn|br|cc|tv|ly|gg|to|is|example|test"
    r"|jpe?g|png|gif|webp|mp4|mov|avi|mkv|webm|zip|rar|7z|tar|gz|parquet|torrent|ckpt|safetensors|html?|php"
)
_SPOKEN_DOT = re.compile(
    rf"(?:(?<=[^\W_])[-_]| ?\b)(?:dot|d0t|punkt|punto)[-_ ]?(?=(?:{_TLD_OR_SUFFIX}|\d{{1,3}})\b|[\w-]{{1,63}} (?:dot|slash)\b)",
    re.I,
)
_SPOKEN_SLASH = re.compile(r" ?\b(?:forward ?)?slash\b ?", re.I)
_SPOKEN_COLON = re.compile(r" ?\bcolon\b ?(?=/)", re.I)
_BRACKETED = re.compile(r"[\[({<] ?(\.|dot|d0t|punkt|punto|/|slash|:|colon|://|:/|//) ?[\])}>]", re.I)
_BRACKETED_SIGN = re.compile(f" ?{_BRACKETED.pattern} ?", re.I)
# "h t t p s": three or more tokens of one character in a row.
_SINGLE_SIGNS = re.compile(r"(?: \S(?= |$)){3,}(?:(?<=[./:-]) )?")
# Every sign but the blank as "+", by the first byte of each: what has no such row has no three single signs.
_SINGLE_KINDS = bytes(byte if byte == ord(" ") else ord("+") for byte in range(256))
_CONTINUATIONS = bytes(range(0x80, 0xC0))
_THREE_SINGLE = b" + + +"
# Marks of HTML and Markdown within a word or an address, which whoever displays it does not see.
_MARKUP = re.compile(r"<!--[^<>]{0,60}-->|</?[a-z][^<>]{0,60}>|(?<=[\w.])\*{1,3}(?=[\w.])", re.I)
_SIGN_NAMES = {"dot": ".", "d0t": ".", "punkt": ".", "punto": ".", "slash": "/", "colon": ":"}


def views(text: str) -> Views:
    """Return every view of a text. Linear in its length: at most ROUNDS passes of each step."""
    folded = _folded(text)
    plain, settled = (folded, True) if _is_plain(text) else _settle(text)
    spoken = _spoken(plain)
    return Views(folded, plain, spoken, _joined(spoken), settled)


def unmask(text: str) -> str:
    """Return the decoded and folded form of a text; of a settled text it is its own unmasked form."""
    return _settle(text)[0]


def _settle(text: str) -> tuple[str, bool]:
    for _ in range(ROUNDS):
        before, text = text, _step(text)
        if text == before:
            return text, True
        if len(text) > LONGEST:
            return text, False
    return text, _step(text) == text


def _is_plain(text: str) -> bool:
    """Whether there is nothing to decode: then a text is settled as soon as its blanks are folded."""
    return text.isascii() and len(text) <= LONGEST and not ("&" in text or "%" in text or "\\" in text)


def _step(text: str) -> str:
    text = _decode(text)
    return _folded(text if text.isascii() else _plain_signs(text))


def _folded(text: str) -> str:
    """A text whose words are parted by one blank each. What is printed has no other blanks than that sign."""
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return " ".join(text.split())


def _decode(text: str) -> str:
    if "&" in text:
        text = html.unescape(_LONG_REFERENCE.sub("", _NESTED_AMPERSAND.sub("&", text)))
    if "%" in text:
        text = unquote(_NESTED_PERCENT.sub("%", text), errors="replace")
    if "\\" in text:
        text = _ESCAPED_SIGN.sub(r"\1", _BACKSLASH_ESCAPE.sub(_escaped, text))
    return text


def _escaped(match: re.Match[str]) -> str:
    code = int(match[1] or match[2] or match[3], 16)
    return chr(code) if not 0xD800 <= code <= 0xDFFF else ""


def _plain_signs(text: str) -> str:
    """A text in compatibility form and folded, without signs that nobody sees. Each sign is judged once."""
    plain = {sign: _plain_sign(sign) for sign in _BEYOND_ASCII.findall(text)}
    if None in plain.values():
        # Marks go first: sorting a long run of them is quadratic in the normalisation itself.
        return _visible(unicodedata.normalize("NFKD", _visible(text))).translate(_FOLD)
    if len(plain) > _FEW:
        return text.translate({ord(sign): spelled for sign, spelled in plain.items()})
    for sign, spelled in plain.items():
        # What is spelled out by one sign is never spelled in another way by the next.
        text = text.replace(sign, spelled or "")
    return text


@lru_cache(_REMEMBERED)
def _plain_sign(sign: str) -> str | None:
    """How one sign is spelled, wherever it stands; None if that depends on the marks around it."""
    spelled = _visible(unicodedata.normalize("NFKD", _visible(sign)))
    return None if any(map(unicodedata.combining, spelled)) else spelled.translate(_FOLD)


def _visible(text: str) -> str:
    return text.translate({ord(sign): None for sign in set(text) if not _is_visible(sign)})


def _is_visible(sign: str) -> bool:
    return sign.isascii() or sign in _TAG_SIGNS or unicodedata.category(sign) not in _INVISIBLE


_TAG_SIGNS = frozenset(map(chr, _TAGS))


def _spoken(text: str) -> str:
    if "<" in text or "*" in text:
        text = _MARKUP.sub("", text)
    if _BRACKETED.search(text) is not None:
        text = _BRACKETED_SIGN.sub(lambda match: _SIGN_NAMES.get(match[1].lower(), match[1]), text)
    lower = _caseless(text)
    if "dot" in lower or "d0t" in lower or "punkt" in lower or "punto" in lower:
        text = _SPOKEN_DOT.sub(".", text)
    if "slash" in lower:
        text = _SPOKEN_SLASH.sub("/", text)
    return _SPOKEN_COLON.sub(":", text) if "colon" in lower else text


def _caseless(text: str) -> str:
    """Lower case as patterns see it that ignore case: to them the long s, which has no capital of its own, is an s."""
    return text.lower() if text.isascii() else text.lower().replace("\u017f", "s")


def _joined(text: str) -> str:
    """A text in which single signs that stand in a row are one word."""
    if _THREE_SINGLE not in text.encode("utf-8", "surrogatepass").translate(_SINGLE_KINDS, _CONTINUATIONS):
        return text
    return _SINGLE_SIGNS.sub(lambda match: match[0].replace(" ", ""), text)
