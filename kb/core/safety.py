"""The guard: refuses text that could lead a reader to unlawful material, before a word of it is stored.

Every entry point and publish() call it. Which records are a hazard, where a report's address may stand, the kinds of
a count, embargoes and purges are left to the layers above; how disguises are undone is left to kb.core.unmask.
"""

from collections.abc import Iterable, Mapping

from kb.core.errors import UserError
from kb.core.safety_rules.addresses import CONTENT_ID, IP_ADDRESS, ONION_ADDRESS, PATH, SPELLED_OUT_ADDRESS, WEB_ADDRESS
from kb.core.safety_rules.digests import BASE64, HEX_DIGEST, PERCEPTUAL_HASH
from kb.core.safety_rules.hazards import (
    CONTACT,
    RETRIEVAL_HINT,
    SEARCH_TERM,
    SINGLE_ITEM,
    SITE_NAME,
    THRESHOLD,
    VICTIM_AGE,
    VICTIM_IDENTITY,
)
from kb.core.safety_rules.items import (
    FILE_NAME,
    FORBIDDEN_WORDS,
    ITEM_NUMBER,
    LIST_FILE,
    QUOTED_CAPTION,
    ROW_ID,
    UNQUOTED_CAPTION,
)
from kb.core.safety_rules.rule import Rule, clue
from kb.core.safety_rules.sieve import Sieve
from kb.core.unmask import views

# Raised whenever a rule grows stronger, so that what was stored under an older guard is scanned again.
GUARD_VERSION = 3
MAX_BYTES = 100_000

REPORTING_CONTACTS = (
    ("NCMEC CyberTipline", "United States"),
    ("Internet Watch Foundation (IWF)", "United Kingdom"),
    ("Cybertip.ca, Canadian Centre for Child Protection (C3P)", "Canada"),
    ("INHOPE, which names the hotline of each country", "elsewhere"),
)
# The hotlines' own pages, by the names above.
REPORTING_PAGES = dict(
    zip(
        (name for name, _ in REPORTING_CONTACTS),
        ("https://report.cybertip.org/", "https://www.iwf.org.uk/", "https://www.cybertip.ca/", "https://www.inhope.org/"),
        strict=True,
    )
)
REPORTING_ADVICE = "Report the material to a hotline. Do not download, copy or share it."


OVERSIZED = Rule("oversized", "more than 100 kB of text")
NESTED_ENCODING = Rule("nested_encoding", "text that is encoded many times over or unfolds to far more")
FORBIDDEN_TERM = Rule("forbidden_term", "a term that calls abuse pornography (write CSAM, or quote the source)", FORBIDDEN_WORDS)
CHARACTER_RULES = (
    Rule("nul_character", "a NUL character", (clue(r"\0"),)),
    Rule("lone_surrogate", "half of a surrogate pair, which is no character", (clue(r"[\ud800-\udfff]"),)),
    Rule(
        "bidi_control",
        "an invisible character that reverses the direction of reading",
        (clue("[\u202a-\u202e\u2066-\u2069]"),),
    ),
    # Browsers send the line breaks of a form as CR LF: a return that stands before a line feed is one.
    Rule("control_character", "a control character other than tab and line break", (clue(r"[\x01-\x08\v\f\x0e-\x1f]|\r(?!\n)"),)),
)
RULES = (
    Rule("magnet_or_content_id", "a magnet link or a content id", CONTENT_ID, deep=True),
    Rule("onion_address", "an onion address", ONION_ADDRESS, deep=True),
    Rule("spelled_out_address", "a web address that is disguised or spelled out", SPELLED_OUT_ADDRESS),
    Rule("web_address", "a web address", WEB_ADDRESS, deep=True),
    Rule("bare_domain_with_path", "a domain with a path", PATH, deep=True),
    Rule("ip_address", "an IP address", IP_ADDRESS, deep=True),
    Rule("hex_digest", "a digest in hexadecimal digits", HEX_DIGEST),
    Rule("base64_digest", "a digest or an address in base64", BASE64),
    Rule("perceptual_hash", "a perceptual hash or a part of a digest", PERCEPTUAL_HASH),
    Rule("media_or_archive_file_name", "the name of a media, archive, table or checkpoint file", FILE_NAME, deep=True),
    Rule("row_or_shard_id", "the number of a row, shard, index or sample", ROW_ID),
    Rule("quoted_caption_or_prompt", "a quoted caption or prompt", QUOTED_CAPTION),
    FORBIDDEN_TERM,
    Rule("victim_age", "the age of a child", VICTIM_AGE, hazard_only=True),
    Rule("victim_identity", "the identity of a victim", VICTIM_IDENTITY, hazard_only=True),
    Rule("similarity_threshold", "a similarity or safety threshold", THRESHOLD, hazard_only=True),
    Rule("search_term", "a search term", SEARCH_TERM, hazard_only=True),
    Rule("site_name", "the name of a site that hosts material", SITE_NAME, hazard_only=True),
    Rule("contact_handle", "an e-mail address or a messenger handle", CONTACT, hazard_only=True),
    Rule("retrieval_hint", "a hint at how items can be retrieved", RETRIEVAL_HINT, hazard_only=True),
    Rule("single_item", "a description of a single item (only aggregate counts may stand)", SINGLE_ITEM, hazard_only=True),
    Rule("item_number", "the number of a single item", ITEM_NUMBER, hazard_only=True),
    Rule("list_file_name", "the name of a list or table file", LIST_FILE, hazard_only=True),
    Rule("caption_or_prompt", "a caption or prompt", UNQUOTED_CAPTION, hazard_only=True),
)
SIEVE = Sieve(RULES)


class UnsafeText(ValueError):
    """A text broke a rule. It carries the rule and never the text, so that it may be logged, counted and shown."""

    def __init__(self, rule: str, label: str) -> None:
        super().__init__(rule, label)
        self.rule = rule
        self.label = label

    def __str__(self) -> str:
        return f"This text was discarded and not stored: it holds {self.label}."


class Refused(UserError):
    """A text of a person broke a rule. It carries the rule and never the text; the answer names the hotlines."""

    status = 422

    def __init__(self, refusal: UnsafeText) -> None:
        super().__init__(str(refusal))
        self.rule = refusal.rule


def check_text(text: str, *, hazard: bool = False, quotation: bool = False) -> None:
    """Raise UnsafeText if a text breaks a rule of SAFETY 1, 5, 11 or 12.

    `hazard` adds the strict rules for texts of a hazard issue. `quotation` says that the whole text is verbatim, where
    rule 12 lets a source's own words stand.
    """
    broken = _broken(text, hazard, quotation)
    if broken is not None:
        raise UnsafeText(broken.code, broken.label)


def check_texts(texts: Iterable[str], *, hazard: bool = False) -> None:
    """Raise UnsafeText for the first of several texts that breaks a rule."""
    for text in texts:
        check_text(text, hazard=hazard)


def check_characters(text: str) -> None:
    """Raise UnsafeText for characters that no text needs: see CHARACTER_RULES."""
    broken = _broken_character(text)
    if broken is not None:
        raise UnsafeText(broken.code, broken.label)


def find_rule(text: str, *, hazard: bool = False, quotation: bool = False) -> str | None:
    """Return the code of the first rule that a text breaks, or None."""
    broken = _broken(text, hazard, quotation)
    return broken.code if broken else None


def _broken(text: str, hazard: bool, quotation: bool) -> Rule | None:
    if _oversized(text):
        return OVERSIZED
    if (character := _broken_character(text)) is not None:
        return character
    seen = views(text)
    if not seen.settled:
        return NESTED_ENCODING
    passed = FORBIDDEN_TERM if quotation else None
    return SIEVE.first_broken(seen.everywhere, seen.deeper, hazard=hazard, passed=passed)


def _broken_character(text: str) -> Rule | None:
    # What is printed, the blank, the tab and the line feed break none of these rules; most texts have nothing else.
    if text.replace("\n", "").replace("\t", "").isprintable():
        return None
    return next((rule for rule in CHARACTER_RULES if any(one.test(text) for one in rule.clues)), None)


def _oversized(text: str) -> bool:
    if len(text) * 4 <= MAX_BYTES:
        return False
    return len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES


DROPPED_FIELDS = frozenset({
    "sample", "samples", "url_list", "url_lists", "caption", "captions", "alt", "alt_text", "alt_texts", "text", "texts",
    "prompt", "prompts", "negative_prompt", "similarity", "similarities", "punsafe", "md5", "sha", "phash", "dhash", "ahash",
    "whash", "pdq", "hash", "hashes", "row_id", "row_ids", "parquet", "image", "images", "image_url", "image_urls", "image_path",
    "thumbnail", "thumbnails", "thumbnail_url", "thumb", "thumbs",
})  # fmt: skip
_DROPPED_PREFIXES = ("sha", "parquet")
_DEEPEST = 50


def _folded(name: str) -> str:
    """A name without case, blanks and signs: "alt_text", "altText" and "Alt text" are one field."""
    return "".join(filter(str.isalnum, name.casefold()))


_FOLDED_FIELDS = frozenset(map(_folded, DROPPED_FIELDS))


def drop_fields(mapping: Mapping[str, object]) -> dict[str, object]:
    """Return a copy without the fields of SAFETY 7, at any depth. What nests deeper than 50 levels is dropped whole."""
    return _kept(mapping, 0)


def _kept(mapping: Mapping[str, object], depth: int) -> dict[str, object]:
    return {key: _kept_value(value, depth + 1) for key, value in mapping.items() if not _is_dropped(key)}


def _kept_value(value: object, depth: int) -> object:
    if depth > _DEEPEST and isinstance(value, Mapping | list | tuple):
        return None
    if isinstance(value, Mapping):
        return _kept(value, depth)
    if isinstance(value, list | tuple):
        return [_kept_value(item, depth + 1) for item in value]
    return value


def _is_dropped(key: str) -> bool:
    name = _folded(str(key))
    return name in _FOLDED_FIELDS or name.startswith(_DROPPED_PREFIXES)
