"""Digests that name a file: hexadecimal, base64, perceptual."""

import re
from itertools import pairwise

from kb.core.safety_rules.rule import finds, word_of

_HEX_RUN = re.compile(r"[0-9a-f][0-9a-f]{31,}")
_HEX_GROUPS = re.compile(r"[0-9a-f](?<![0-9a-z].)[0-9a-f]{0,30}(?:[ :._,-]{1,2}[0-9a-f]{1,31}){3,}")
_HEX_LENGTHS = frozenset({32, 40, 56, 64, 96, 128})
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/_-][A-Za-z0-9+/_-]{21,}={0,2}")
# Characters without padding of MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512.
_BASE64_LENGTHS = frozenset({22, 27, 38, 43, 64, 86})
_BASE64_OF_ADDRESS = finds(r"aHR0c(?:Dov|HM6)", r"SFRUU(?:Dov|FM6)", "d3d3L[g-j]", "bWFnbmV0", cased=True)


def holds_hex_digest(text: str) -> bool:
    text = text.lower()
    return any(len(run) in _HEX_LENGTHS or _is_mixed(run, 1) for run in _HEX_RUN.findall(text)) or any(
        _is_mixed(re.sub(r"[^0-9a-f]", "", groups), 5) for groups in _HEX_GROUPS.findall(text)
    )


def _is_mixed(digits: str, least: int) -> bool:
    letters = sum(map(digits.count, "abcdef"))
    return len(digits) >= 32 and letters >= least and len(digits) - letters >= least


def holds_base64(text: str) -> bool:
    return _BASE64_OF_ADDRESS(text) or any(_is_base64(run) for run in _BASE64_RUN.findall(text))


def _is_base64(run: str) -> bool:
    body = run.rstrip("=")
    if len(run) > len(body):
        return _turns(body) > (0.3 if len(run) % 4 == 0 else 0.45)
    return (len(body) in _BASE64_LENGTHS or len(body) > 86) and _turns(body) > 0.45 and any(map(str.isdigit, body))


_KINDS = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-", "A" * 26 + "a" * 26 + "0" * 10 + "-" * 4
)


def _turns(body: str) -> float:
    """How often capitals, small letters and digits alternate: 0.6 in base64, under 0.35 in names of many words."""
    return sum(left != right and "-" not in (left, right) for left, right in pairwise(body.translate(_KINDS))) / len(body)


_MIXED_HEX = r"(?=[0-9]{0,15}[a-f])(?=[a-f]{0,15}[0-9])[0-9a-f]"
_HASH_NAME = word_of(
    "a-?hash, d-?hash, p-?hash, w-?hash, pdq, photodna, neural-?hash, perceptual hash, block-?hash, md5, "
    r"sha-?\d{0,3}, hash"
)  # fmt: skip
PERCEPTUAL_HASH = finds(
    r"[0-9a-f](?<![0-9a-z].)(?<!\d(?=\d{15}))(?<![a-f](?=[a-f]{15}))[0-9a-f]{15,31}(?![0-9a-z])",
    r"0x[0-9a-f]{16}",
    rf"{_HASH_NAME}(?:\W{{1,4}}(?:of|is|was|value|code|prefix|starts|begins|with)){{0,3}}\W{{1,4}}{_MIXED_HEX}{{8}}",
    r"\d(?<![\d,].)(?<!, .)\d{0,2}, ?(?:\d{1,3}, ?){99}",
)
