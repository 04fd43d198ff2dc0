"""Digests that name a file: hexadecimal, base64, perceptual."""

import re
from itertools import pairwise

from kb.core.safety_rules.rule import Clue, clue, judged, need, word_of
from kb.core.safety_rules.traits import BASE64_22, DIGITS, HEX_8, HEX_16, HEX_32, HEX_GROUPS_34, HUNDRED_COMMAS

_HEX_RUN = r"[0-9a-f][0-9a-f]{31,}"
_HEX_GROUPS = r"[0-9a-f](?<![0-9a-z].)[0-9a-f]{0,30}(?:[ :._,-]{1,2}[0-9a-f]{1,31}){2,}"
_HEX_LENGTHS = frozenset({32, 40, 56, 64, 96, 128})
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/_-][A-Za-z0-9+/_-]{21,}={0,2}")
# Characters without padding of MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512.
_BASE64_LENGTHS = frozenset({22, 27, 38, 43, 64, 86})


def _is_digest(match: re.Match[str]) -> bool:
    return len(match[0]) in _HEX_LENGTHS or _is_mixed(match[0], 1)


def _is_digest_in_groups(match: re.Match[str]) -> bool:
    return _is_mixed(re.sub(r"[^0-9a-f]", "", match[0]), 5)


def _is_mixed(digits: str, least: int) -> bool:
    letters = sum(map(digits.count, "abcdef"))
    return len(digits) >= 32 and letters >= least and len(digits) - letters >= least


# What is mixed has 32 digits, and three groups have two signs between them.
HEX_DIGEST = (judged(_HEX_RUN, _is_digest, HEX_32), judged(_HEX_GROUPS, _is_digest_in_groups, HEX_GROUPS_34))


def _holds_base64(text: str) -> bool:
    """Whether a run is base64; only long words are read, since no run goes on beyond a blank."""
    return any(map(_is_base64, _BASE64_RUN.finditer(" ".join(word for word in text.split() if len(word) >= BASE64_22.least))))


def _is_base64(match: re.Match[str]) -> bool:
    run, body = match[0], match[0].rstrip("=")
    if len(run) > len(body):
        return _turns(body) > (0.3 if len(run) % 4 == 0 else 0.45)
    return (len(body) in _BASE64_LENGTHS or len(body) > 86) and _turns(body) > 0.45 and any(map(str.isdigit, body))


_KINDS = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-", "A" * 26 + "a" * 26 + "0" * 10 + "-" * 4
)


def _turns(body: str) -> float:
    """How often capitals, small letters and digits alternate: 0.6 in base64, under 0.35 in names of many words."""
    return sum(left != right and "-" not in (left, right) for left, right in pairwise(body.translate(_KINDS))) / len(body)


BASE64 = (
    clue(r"aHR0c(?:Dov|HM6)", "ahr0c", cased=True),
    clue(r"SFRUU(?:Dov|FM6)", "sfruu", cased=True),
    clue(r"d3d3L[g-j]", "d3d3l", cased=True),
    clue(r"bWFnbmV0", "bwfnbmv0", cased=True),
    Clue(_holds_base64, (need(BASE64_22), need(DIGITS, "=")), cased=True, pattern=_BASE64_RUN.pattern),
)

_MIXED_HEX = r"(?=[0-9]{0,15}[a-f])(?=[a-f]{0,15}[0-9])[0-9a-f]"
_HASH_NAME = word_of(
    "a-?hash, d-?hash, p-?hash, w-?hash, pdq, photodna, neural-?hash, perceptual hash, block-?hash, md5, "
    r"sha-?\d{0,3}, hash"
)  # fmt: skip
_OF_IT = r"(?:\W{1,4}(?:of|is|was|value|code|prefix|starts|begins|with)){0,3}\W{1,4}"
PERCEPTUAL_HASH = (
    clue(r"[0-9a-f](?<![0-9a-z].)(?<!\d(?=\d{15}))(?<![a-f](?=[a-f]{15}))[0-9a-f]{15,31}(?![0-9a-z])", HEX_16),
    clue(r"0x[0-9a-f]{16}", "0x", HEX_16),
    clue(
        rf"{_HASH_NAME}{_OF_IT}{_MIXED_HEX}{{8}}",
        "hash, pdq, photodna, md5, sha",
        HEX_8,
    ),
    clue(rf"{_HASH_NAME}{_OF_IT}(?:[0-9a-f]{{2}}[ :,-]){{3}}[0-9a-f]{{2}}(?![0-9a-z])", "hash, pdq, photodna, md5, sha"),
    clue(r"\d(?<![\d,].)(?<!, .)\d{0,2}, ?(?:\d{1,3}, ?){99}", HUNDRED_COMMAS),
)
