"""The guard: refuses text that could lead a reader to unlawful material, before a word of it is stored.

Every entry point and publish() call it. Which records are a hazard, where a report's address may stand, the kinds of
a count, embargoes and purges are left to the layers above; how disguises are undone is left to kb.core.unmask.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address
from itertools import pairwise

from kb.core.unmask import Views, unmask, views

# Raised whenever a rule grows stronger, so that what was stored under an older guard is scanned again.
GUARD_VERSION = 1
MAX_BYTES = 100_000

REPORTING_CONTACTS = (
    ("NCMEC CyberTipline", "United States"),
    ("Internet Watch Foundation (IWF)", "United Kingdom"),
    ("Cybertip.ca, Canadian Centre for Child Protection (C3P)", "Canada"),
    ("INHOPE, which names the hotline of each country", "elsewhere"),
)
REPORTING_ADVICE = "Report the material to a hotline. Do not download, copy or share it."

Check = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a text may not hold: its code, the words for a reader, and the test of one view of the text.

    A `deep` rule also reads the views with spelled-out signs and joined letters; a `hazard_only` rule is too strict
    for a text that does not belong to a hazard issue.
    """

    code: str
    label: str
    broken_by: Check
    deep: bool = False
    hazard_only: bool = False


class UnsafeText(ValueError):
    """A text broke a rule. It carries the rule and never the text, so that it may be logged, counted and shown."""

    def __init__(self, rule: str, label: str) -> None:
        super().__init__(rule, label)
        self.rule = rule
        self.label = label

    def __str__(self) -> str:
        return f"This text was discarded and not stored: it holds {self.label}."


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
    rules = (rule for rule in RULES if (hazard or not rule.hazard_only) and not (quotation and rule is FORBIDDEN_TERM))
    return next((rule for rule in rules if _breaks(seen, rule)), None)


def _breaks(seen: Views, rule: Rule) -> bool:
    read = (seen.folded, seen.plain, seen.spoken, seen.joined) if rule.deep else (seen.folded, seen.plain)
    return any(rule.broken_by(view) for view in dict.fromkeys(read))


def _broken_character(text: str) -> Rule | None:
    return next((rule for rule in CHARACTER_RULES if rule.broken_by(text)), None)


def _oversized(text: str) -> bool:
    return len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES


def _finds(*patterns: str, cased: bool = False) -> Check:
    """A check by patterns, which read lower case unless `cased`.

    Each begins with a literal or a set, which the engine skips to, and repeats only what is bounded: that keeps the
    guard linear and fast. So a look-behind stands after the first character and counts it, not before it.
    """
    searches = [re.compile(pattern).search for pattern in patterns]

    def check(text: str) -> bool:
        read = text if cased else text.lower()
        return any(search(read) for search in searches)

    return check


def _word(words: str) -> str:
    """A pattern for one of several words, parted by ", ", where a word begins; after its first sign each may be a pattern."""
    return "(?:" + "|".join(rf"{word[0]}(?<![^\W_].){word[1:]}" for word in words.split(", ")) + ")"


def _any(*checks: Check) -> Check:
    return lambda text: any(check(text) for check in checks)


_END = r"(?![^\W_])"

# --- Addresses ---------------------------------------------------------------------------------------------------

# Domains that nobody takes for a word: matched through blanks, and whatever their capitals.
_DOMAINS = r"(?:com|org|net|info|biz|xyz|onion|i2p|ru|cn|jp|uk|eu|io|example|test|invalid)"
_NOT_DOMAINS = frozenset({
    "js", "jsx", "ts", "tsx", "json", "yaml", "yml", "toml", "ini", "cfg", "html", "htm", "php", "txt", "pdf", "css",
    "doc", "docx", "xls", "xlsx", "cpp", "hpp", "ipynb", "and",
})  # fmt: skip
_NO_FIRST_WORDS = frozenset({
    "online", "site", "shop", "store", "club", "link", "click", "live", "top", "vip", "app", "dev", "cloud", "pics", "photos",
    "gallery", "video", "xxx", "porn", "sex", "sexy", "adult", "tube", "cam", "chat", "pw", "cc", "tv", "ws", "co", "ai", "ly",
    "gg", "nl", "de", "fr", "ch", "su", "ua", "pl", "cz", "br", "ca", "au", "kr", "tw", "hk", "vn", "ir", "ms", "la", "st", "sh",
})  # fmt: skip
_AFTER_DOMAIN = re.compile(
    r"\.(?<=[^\W_]\.)((?i:xn--[a-z0-9-]{2,59}|c0m|0rg|n3t|[a-z]{2,24})|\u0440\u0444|p\u0444|\u4e2d\u56fd|\u4e2d\u570b|\u516c\u53f8|\u7f51\u7edc)"
    r"\.?(?::\d{2,5}(?!\d)|[/\\]|\?[\w%-]{1,40}=|#\w)"
)
_STRONG_DOMAIN = re.compile(_DOMAINS, re.IGNORECASE)
_DOI_SO_FAR = re.compile(r"10\.\d{4,9}/[\w.()/:;-]*")
_ARXIV_CLASS = re.compile(r"(?:^|[^\w.-])(?:cs|stat|eess|math|econ|physics|q-bio|q-fin)$")
_MICROSOFT_NET = re.compile(r"(?:^|[^\w.-])(?:ASP|VB|ADO|ML)$")


def _holds_path(text: str) -> bool:
    return any(not _is_no_domain(match) for match in _AFTER_DOMAIN.finditer(text))


def _is_no_domain(match: re.Match[str]) -> bool:
    suffix, before = match[1], match.string[max(0, match.start() - 60) : match.start()]
    if suffix == "NET" and _MICROSOFT_NET.search(before[-5:]):
        return True
    if _STRONG_DOMAIN.fullmatch(suffix):
        return False
    if ":" in match[0] and not match.string.startswith("/", match.end()):
        return True  # a year or an article after a colon
    if suffix.lower() in _NOT_DOMAINS or (suffix.istitle() and suffix.lower() not in _NO_FIRST_WORDS):
        return True  # a file of code, or the first word of a sentence that lacks its blank
    if suffix.isupper() and _ARXIV_CLASS.search(before[-9:]):
        return True
    return _in_doi(before)


def _in_doi(before: str) -> bool:
    start = before.rfind("10.")
    return start >= 0 and _DOI_SO_FAR.fullmatch(before, start) is not None


_WEB_ADDRESS = _finds(
    r": ?/ ?/",
    r"https?(?:[_;.,-]?//|:(?=[\w/\\\[]))",
    r"www\d?\.[\w-]{1,63}\.\w",
    r"//(?<![\w/:]..)[\w-]{1,63}\.\w",
    _word("mailto, javascript, view-source, blob, ed2k, thunder, acestream, ipfs, ipns, gopher, sip") + r":(?=\w)",
    r"t(?<![^\W_].)el:\+?\d",
    r"d(?<![^\W_].)ata:[a-z]{1,20}/[a-z0-9.+-]{1,60}[;,]",
    r"\?[\w-]{1,30}=[\w%-]{6}",
)
_DOT_COM_ERA = r"(?![ -](?:bubble|boom|era|bust|crash|compan|start|mania|year|stock|econ))"
_NO_NAME = ("the", "a", "an", "early", "late", "first", "old", "former", "new", "big", "of", "in", "this", "that", "every")
_NAME_BEFORE = r"(?<=[^\W_] d)" + "".join(rf"(?<!\b{word} d)" for word in _NO_NAME)
_SPELLED_OUT_ADDRESS = _any(
    _finds(
        rf"h(?<![^\W_].)(?:xx|xt|tx|[*_#@.-]{{2}}|t[*#]|[*#]t)ps?{_END}",
        r"h(?<![^\W_].)[\W_]{1,3}t[\W_]{1,3}t[\W_]{1,3}p(?:[\W_]|s\b)",
        r"//:s?ptth",
        r"[\[({<](?:(?<=[^\W_].)|(?<=[^\W_] .)|(?<=[\[({<].)) ?(?:\.|dot|d0t|punkt|punto) ?[\])}>]{1,2} ?[^\W_]",
        r"[\[({](?:://|//|:/|:|/|colon|slash)[\])}] ?[/\w\[({]",
        r"https? (?:colon|slash)",
        _word(r"colon (?:forward )?slash, slash slash\b, www (?:dot\b|\.)"),
        rf"d{_NAME_BEFORE}[o0]t (?!test){_DOMAINS}{_END}{_DOT_COM_ERA}",
        rf"p(?<=[^\W_] p)un(?:kt|to) {_DOMAINS}{_END}",
        rf"[-_]d(?<=[^\W_].d)(?<!\bpre.d)(?<!\bpost.d)(?<!\bthe.d)[o0]t[-_]{_DOMAINS}{_END}",
        rf"d(?<=[a-z0-9][a-z0-9]d)[o0]t(?:com|org|net|info|onion){_END}",
    ),
    # A sentence may end and the next begin with "Net/gross", so these read capitals too.
    _finds(
        rf" \.(?<=[^\W_] \.) ?{_DOMAINS} ?/ ?\w",
        rf"\. (?<=[^\W_]\. ){_DOMAINS} ?/ ?\w",
        rf"[,;](?<=[^\W_].){_DOMAINS}/\w",
        r"c(?<=[^\W_] c)om/\w",
        cased=True,
    ),
)
_ONION_ADDRESS = _finds(
    rf"\.(?<=[^\W_]\.)(?:onion|i2p){_END}",
    rf" \. (?<=[^\W_] \. )(?:onion|i2p){_END}",
    rf"[a-z2-7](?<![^\W_].)(?<![a-z](?=[a-z]{{55}}))[a-z2-7]{{55}}{_END}",
    _word("onion, tor, hidden service") + rf"\W{{1,3}}(?:\w{{1,20}}\W{{1,3}}){{0,4}}(?=[a-z]{{0,15}}[2-7])[a-z2-7]{{16}}{_END}",
)
_DOTTED_QUAD = re.compile(r"\d(?<![\d.].)\d{0,2}(?:(?: \. |\.)\d{1,3}){3}(?!\.?\d)")
_NUMBERED_PART = re.compile(
    r"(?:\bv|(?:version|release|section|step|chapter|clause|annex|table|figure)(?:s|\(s\))?|sec\.|\u00a7)[ `'\"v]{0,3}$",
    re.IGNORECASE,
)
_COLONS = re.compile(r"[0-9a-f:](?<![0-9a-z:].)[0-9a-f:]{5,59}(?![0-9a-z])")


def _holds_ip_address(text: str) -> bool:
    return any(_is_ipv4(match) for match in _DOTTED_QUAD.finditer(text)) or any(
        _is_ipv6(match[0].rstrip(":")) for match in _COLONS.finditer(text.lower())
    )


def _is_ipv4(match: re.Match[str]) -> bool:
    parts = [int(part) for part in match[0].split(".")]
    if max(parts) > 255:
        return False
    numbered = _NUMBERED_PART.search(match.string[max(0, match.start() - 16) : match.start()])
    return not numbered or max(parts) > 99


def _is_ipv6(candidate: str) -> bool:
    if candidate.count(":") < 2:
        return False
    try:
        IPv6Address(candidate)
    except AddressValueError:
        return False
    return True


_CONTENT_ID = _any(
    _finds(
        r"magnet: ?\?",
        r"urn:btih",
        _word("btih:, info-?hash ?[:=]"),
        r"/ip[fn]s/",
        r"k51qzi5uqu5",
        r"b(?<![^\W_].)a(?:f[ky]|g[aiu])[a-z2-7]{20}",
    ),
    _finds(
        r"Qm[1-9A-HJ-NP-Za-km-z]{44}",
        rf"[A-Z2-7](?<![^\W_].)(?<![A-Z](?=[A-Z]{{31}}))(?<![2-7](?=[2-7]{{31}}))[A-Z2-7]{{31}}{_END}",
        cased=True,
    ),
)

# --- Digests -----------------------------------------------------------------------------------------------------

_HEX_RUN = re.compile(r"[0-9a-f][0-9a-f]{31,}")
_HEX_GROUPS = re.compile(r"[0-9a-f](?<![0-9a-z].)[0-9a-f]{0,30}(?:[ :._,-]{1,2}[0-9a-f]{1,31}){3,}")
_HEX_LENGTHS = frozenset({32, 40, 56, 64, 96, 128})
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/_-][A-Za-z0-9+/_-]{21,}={0,2}")
# Characters without padding of MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512.
_BASE64_LENGTHS = frozenset({22, 27, 38, 43, 64, 86})
_BASE64_OF_ADDRESS = _finds(r"aHR0c(?:Dov|HM6)", r"SFRUU(?:Dov|FM6)", "d3d3L[g-j]", "bWFnbmV0", cased=True)


def _holds_hex_digest(text: str) -> bool:
    text = text.lower()
    return any(len(run) in _HEX_LENGTHS or _is_mixed(run, 1) for run in _HEX_RUN.findall(text)) or any(
        _is_mixed(re.sub(r"[^0-9a-f]", "", groups), 5) for groups in _HEX_GROUPS.findall(text)
    )


def _is_mixed(digits: str, least: int) -> bool:
    letters = sum(map(digits.count, "abcdef"))
    return len(digits) >= 32 and letters >= least and len(digits) - letters >= least


def _holds_base64(text: str) -> bool:
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
_HASH_NAME = _word(
    "a-?hash, d-?hash, p-?hash, w-?hash, pdq, photodna, neural-?hash, perceptual hash, block-?hash, md5, "
    r"sha-?\d{0,3}, hash"
)  # fmt: skip
_PERCEPTUAL_HASH = _finds(
    r"[0-9a-f](?<![0-9a-z].)(?<!\d(?=\d{15}))(?<![a-f](?=[a-f]{15}))[0-9a-f]{15,31}(?![0-9a-z])",
    r"0x[0-9a-f]{16}",
    rf"{_HASH_NAME}(?:\W{{1,4}}(?:of|is|was|value|code|prefix|starts|begins|with)){{0,3}}\W{{1,4}}{_MIXED_HEX}{{8}}",
    r"\d(?<![\d,].)(?<!, .)\d{0,2}, ?(?:\d{1,3}, ?){99}",
)

# --- Files, rows, captions, words ----------------------------------------------------------------------------------

_FILE_TYPE = (
    r"(?:jpe?g|jfif|jp2|jxl|png|gif|webp|bmp|tiff?|heic|heif|avif|svg|ico|psd|raw(?!_)|cr2|nef|dng"
    r"|mp4|m4v|mov|avi|mkv|webm|wmv|flv|mpe?g|3gp|ogv|mp3|m4a|wav|flac|ogg|opus|aac"
    r"|zip|rar|7z|tar|gz|tgz|bz2|xz|zst|lz4|iso|cab|torrent|warc|wat"
    r"|parquet|arrow|feather|tfrecords?|lmdb|npy|npz|sqlite3?|duckdb"
    r"|h5|hdf5|pkl|pickle|ckpt|safetensors|gguf|ggml|onnx|pth|bin)"
)
_FILE_NAME = _finds(
    rf"\.(?<=[\w)\]}}'\"%~-]\.)(?<!\btar\.){_FILE_TYPE}{_END}",
    rf" \. (?<=\w \. ){_FILE_TYPE}{_END}",
    # ".pt" is a country too: only where what stands before it is no name of a house.
    rf"\.(?:(?<=[\d_-].)|(?<=\d\w.)|(?<=model.)|(?<=weights.)|(?<=best.)|(?<=last.)|(?<=epoch.)|(?<=checkpoint.))pt{_END}",
    _word("img, dsc[nf]?, pxl, mvi, vid, gopr, dji, screenshot") + r"(?:[_-]\d{4}|\d{5})",
    _word("image, photo, pic, frame") + r"[_-](?!(?:19|20)\d\d(?!\d))\d{4}",
)
_LIST_FILE = _finds(
    r"\.(?<=[^\W_].)(?<!robots.)(?<!\bai.)(?<!\bllms.)(?<!license.)(?<!readme.)(?<!requirements.)"
    rf"(?:csv|tsv|jsonl|ndjson|xlsx?|txt|sql|db){_END}"
)

# "Transparency Index 2023" is a name: four digits that are a year are no id.
_NO_YEAR = r"(?!(?:19|20)\d\d(?!\d|[,.]\d))"
_LARGE = rf"{_NO_YEAR}(?:\d{{1,3}}(?:[,.' ]\d{{3}})+|\d{{3}})"
_LINK = r"[ :=#(\[\"'_-]{0,4}"
_ID_WORD = r"[ _-]{0,2}(?:ids?|idx|index|indices|key)"
_NUMBER_WORD = r"[ _-]{0,2}(?:no\.?|nos\.?|nr\.?|numbers?|num)"
_RANGE = r"(?: ?(?:-|to|through|and|\.\.) ?|, )\d"
_ITEM = _word("row, shard, sample, image, img, photo, picture, video, pair, url, link, caption, data ?point, vector, embedding")
_PLACE = _word("index, indices, position, offset, chunk, partition, bucket")
_ROW_ID = _finds(
    rf"s(?<![^\W_].)hard{_LINK}\d",
    rf"s(?<![^\W_].)hards {_LINK}\d{{1,12}}{_RANGE}",
    rf"r(?<![^\W_].)ow{_LINK}{_LARGE}",
    rf"r(?<![^\W_].)ows{_LINK}{_LARGE}[\d,]{{0,12}}{_RANGE}",
    rf"{_ITEM}s?{_ID_WORD}{_LINK}{_NO_YEAR}\d",
    rf"{_word('row, shard')}{_NUMBER_WORD}{_LINK}\d",
    rf"{_ITEM}{_NUMBER_WORD}{_LINK}{_LARGE}",
    rf"{_PLACE}(?: (?:no\.?|number|position|value))?{_LINK}{_NO_YEAR}\d{{4}}",
    _word(
        rf"sample[ #:=_-]{{1,3}}{_NO_YEAR}\d{{4}}, idx{_LINK}\d, uid{_LINK}\d{{4}}, key{_LINK}\d{{6}}, part(?:[-_]\d| 0)\d{{3}}"
    ),
    r"\d(?<!\d.)\d{2,5}-of-\d{3,6}",
    rf"\[(?<=\w\[){_NO_YEAR}\d{{4,12}}\]",
    r"\d(?<![\d,].)\d{0,2}(?:,?\d{3}){1,3}(?:st|nd|rd|th) (?:row|shard|sample|entry|record|image|item|link|pair|url)\b",
)
_ITEM_NUMBER = _finds(
    rf"{_word('rows?, lines?, sample, pair')}[ #:=_-]{{1,3}}\d",
    _word(rf"index{_LINK}{_NO_YEAR}\d\d, id{_LINK}{_NO_YEAR}\d{{4}}"),
    _word("image, photo, picture, video, url, link, record, entry, item, file")
    + rf"(?:{_NUMBER_WORD})?[ #]{{1,2}}{_NO_YEAR}\d{{3}}",
)

_OPEN = r"[\"'`]"
_CAPTION = _word("alt[ _-]?texts?, captions?, captioned, prompts?, prompted")
_SAYS = r"(?:(?:that )?(?:reads?|said|says)|was|is|were|are|saying|reading|like|such as|as|included?|including|with the words)"
_QUOTED_CAPTION = _finds(
    rf"{_CAPTION}[\"']?(?: ?(?:[:=]|--?>?) ?| {_SAYS}:? | ){_OPEN}[^\s\"',.)]",
    rf"a(?<![^\W_].)lt ?= ?{_OPEN}[^\s\"']|[\"']text[\"'] ?: ?{_OPEN}[^\s\"']",
    rf"p(?<![^\W_].)rompt(?:ed|s)? with (?:the words? |the phrase )?{_OPEN}",
    r"[\"'] (?:as|was|were|is) (?:an?|the|its|their|one) (?:[a-z]{1,20} )?(?:alt[ -]?text|caption|prompt)\b",
)
_UNQUOTED_CAPTION = _finds(rf"{_CAPTION}(?:(?: {_SAYS})? ?[:=] ?\w|[,;] {_OPEN}\w)")

_QUOTED_SPAN = re.compile(r"\"[^\"]{0,2000}\"|'(?<![^\W_].)[^']{0,400}'")
_FORBIDDEN = re.compile(_word("child(?:ren)?(?:'?s)?, kiddie, kiddy, kid, infant") + r"[ _-]{0,2}porn")


def _holds_forbidden_term(text: str) -> bool:
    if _FORBIDDEN.search(text.lower()) is None:
        return False
    return _FORBIDDEN.search(_QUOTED_SPAN.sub(" ", unmask(text).lower())) is not None


# --- Hazard texts only ---------------------------------------------------------------------------------------------

# Numbers as digits and as words; a lawful limit ("under the age of 16") is no victim's age, nor is the age of a dataset.
_TO_TWELVE = "one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve"
_TEENS = "thirteen, fourteen, fifteen, sixteen, seventeen"
_UNDER_13 = r"(?:1[0-2]|0?\d|" + _TO_TWELVE.replace(", ", "|") + ")"
_TEEN = r"(?:1[3-7]|" + _TEENS.replace(", ", "|") + ")"
_MINOR_WORD = _word(", ".join((*map(str, range(18)), _TO_TWELVE, _TEENS)))
_ABOUT = r"(?:about |around |only |just |between |from |as young as |approximately |of ){0,2}"
_LAWFUL_LIMIT = "".join(rf"(?<!{word} the a)" for word in ("under", "below", "over", "above", "reach"))
_GRADES = "first, second, third, fourth, fifth, sixth, 1st, 2nd, 3rd, 4th, 5th, 6th, 7th, 8th"
_THINGS = (
    r"(?:compan|firm|start|organi|dataset|data set|model|crawl|snapshot|version|release|tool"
    r"|law|case|bill|rule|act\b|report|paper|stud|finding|project)"
)
_VICTIM_AGE = _finds(
    rf"a(?<![^\W_].)ge[ds]?:? {_ABOUT}{_UNDER_13}\b(?![,.]\d)",
    rf"a(?<![^\W_].){_LAWFUL_LIMIT}ge[ds]?:? {_ABOUT}{_TEEN}\b(?![,.]\d)",
    rf"{_MINOR_WORD}[ -]?(?:(?:to|or|and|-)[ -]?[\w]{{1,9}}[ -]?)?(?:years?|yrs?|months?|mos?|y)[ -]?/?olds?\b(?![ -]{_THINGS})",
    rf"{_MINOR_WORD}(?: ?y/?o\b| (?:years?|months?) of age)",
    _word(r"toddler, infants?\b, newborn, pre-?teens?, pre-?pubescent, pubescent, pre-?schooler, kindergart"),
    _word(_GRADES) + r"[ -]graders?\b",
)
_PERSON = _word("victim, survivor, child, girl, boy, minor")
_VICTIM_IDENTITY = _any(
    _finds(
        rf"{_PERSON}(?:,? (?:is|was|who is|who was))? (?:nicknamed|named (?!in\b|as\b)|known as|identified as \")",
        rf"{_PERSON}'s (?:real |full |first |last )?name (?:is|was)\b",
        r"h(?<![^\W_].)(?:er|is) (?:real |full |first |last )?name (?:is|was)\b",
        r"[\"'] series\b",
    ),
    _finds(rf"{_PERSON}(?: is| was)? identified as [A-Z]", cased=True),
)
_MEASURE = _word(
    "similarit(?:y|ies), cosine, p_?unsafe, clip[ -]scores?, nsfw[ -]scores?, unsafe[ -]scores?, "
    "safety[ -]scores?, classifier[ -]scores?, thresholds?, cut-?offs?"
)  # fmt: skip
_THRESHOLD = _finds(
    rf"{_MEASURE}[^.;]{{0,50}}?(?<![\d.])(?:0?\.\d|1\.0|0,\d|\d{{1,3}}(?:\.\d{{1,4}})? ?(?:%|percent|per cent|bits?\b))",
    rf"[.,](?<![1-9].)\d{{1,6}} (?:[\w-]{{1,20}} ){{0,3}}{_MEASURE}",
    _word("hamming, hash, l2, euclidean") + r" distance[^.;]{0,30}\d",
)
_ASKED = _word("search(?:ed|es|ing)?, quer(?:y|ied|ies|ying), googl(?:ed?|ing), look(?:ed|ing)? up, typ(?:ed?|ing) in")
_TERM = _word(
    "search[ -]?(?:terms?|words?|phrases?), key[ -]?(?:terms?|words?|phrases?), code[ -]?words?, hashtags?, quer(?:y|ies)"
)
_SEARCH_TERM = _finds(
    rf"{_ASKED} (?:[\w-]{{1,20}} ){{0,3}}{_OPEN}\w",
    rf"{_TERM}[\"']? ?(?:(?:was|were|is|are|used) )?{_OPEN}\w",
    rf"{_TERM}[\"']?(?: ?[:=]| such as| like| including| included?) ?[\w#\"']",
    r"h(?<![^\W_].)ashtags? #\w",
)
_SITE_NAME = _finds(
    _word("sites?, web ?sites?, imageboards?, subreddits?, marketplaces?")
    + r" (?:(?:is|was|are|were) )?(?:called|named|known as|such as|like) (?!hugging ?face|github|common crawl)[\w\"']",
    _word("forums?, boards?, channels?, servers?, chat ?rooms?") + r" (?:(?:is|was|are|were) )?(?:called|named|known as) [\w\"']",
    r"r(?<![\w/].)/[a-z0-9_]{3,21}",
)
_SITE_DOMAIN = re.compile(
    _word(
    "sites?, web ?sites?, forums?, boards?, host(?:ed|s)?, posted, uploaded, found, linked, links?, images?, "
    "photos?, videos?, files?, material, from, downloaded, scraped, domains?"
)
    + r":? (?:[\w'-]{1,20} ){0,3}((?:[\w-]{1,63}\.){1,4}[a-z]{2,24})(?![\w.]{0,63}\w)"
)  # fmt: skip
# Houses that hazard texts name all the time; any other domain that hosts something is a site name.
_KNOWN_HOSTS = re.compile(
    r"(?:[\w.-]{1,100}\.)?(?:gov|edu|int|europa\.eu|gov\.uk|missingkids\.org|ncmec\.org|iwf\.org\.uk|cybertip\.ca|inhope\.org|thorn\.org"
    r"|protectchildren\.ca|stopncii\.org|laion\.ai|stability\.ai|character\.ai|huggingface\.co|github\.com|arxiv\.org|commoncrawl\.org)"
)


def _names_site(text: str) -> bool:
    return _SITE_NAME(text) or any(_is_site(match[1]) for match in _SITE_DOMAIN.finditer(text.lower()))


def _is_site(domain: str) -> bool:
    return domain.rpartition(".")[2] not in _NOT_DOMAINS and _KNOWN_HOSTS.fullmatch(domain) is None


_MESSENGER = _word(
    "telegram, discord, signal, session, wickr, kik, snapchat, whatsapp, threema, matrix, jabber, xmpp, tox, "
    "skype, simplex"
)  # fmt: skip
_CONTACT = _finds(
    r"@(?<=[\w+]@)[\w-]{1,63}(?:\.[\w-]{1,63}){1,3}",
    rf"{_MESSENGER}(?: (?:id|handle|user|username|account|contact|channel|group|chat|invite|code)){{0,2}}"
    r"[ :=]{1,3}(?:@\w|\+?\d{6})",
    _word(r"t\.me\b, discord\.gg\b"),
)
_STUFF = _word("materials?, images?, photos?, videos?, files?, links?, urls?, csam, content, items?, samples?")
_RETRIEVAL_HINT = _finds(
    _word("anti-?join, set[ -]difference, diff(?:ed|ing)?, subtract(?:ed|ing)?")
    + r"\b[^.]{0,80}\b(?:(?:re-?)?laion|(?:re-?)?releases?|metadata|versions?)\b",
    rf"{_STUFF} (?:[\w-]{{1,20}} ){{0,3}}(?:can|could|may) (?:still |easily ){{0,2}}be "
    r"(?:found|retrieved|recovered|downloaded|accessed|reached|obtained|viewed) (?:at|via|using|under)\b",
)
_SINGLE_ITEM = _finds(
    _word("this, one, another, an?, the") + r" (?:[\w-]{1,20} ){0,2}(?:image|photo|photograph|picture|video|clip)"
    r" (?:shows?|showed|depicts?|depicted|portrays?|portrayed)\b"
)

# --- The registry --------------------------------------------------------------------------------------------------


def _never(text: str) -> bool:
    return False


OVERSIZED = Rule("oversized", "more than 100 kB of text", _never)
NESTED_ENCODING = Rule("nested_encoding", "text that is encoded many times over or unfolds to far more", _never)
FORBIDDEN_TERM = Rule(
    "forbidden_term", "a term that calls abuse pornography (write CSAM, or quote the source)", _holds_forbidden_term
)
CHARACTER_RULES = (
    Rule("nul_character", "a NUL character", lambda text: "\0" in text),
    Rule("lone_surrogate", "half of a surrogate pair, which is no character", _finds(r"[\ud800-\udfff]")),
    Rule("bidi_control", "an invisible character that reverses the direction of reading", _finds("[\u202a-\u202e\u2066-\u2069]")),
    # Browsers send the line breaks of a form as CR LF: a return that stands before a line feed is one.
    Rule("control_character", "a control character other than tab and line break", _finds(r"[\x01-\x08\v\f\x0e-\x1f]|\r(?!\n)")),
)
RULES = (
    Rule("magnet_or_content_id", "a magnet link or a content id", _CONTENT_ID),
    Rule("onion_address", "an onion address", _ONION_ADDRESS, deep=True),
    Rule("spelled_out_address", "a web address that is disguised or spelled out", _SPELLED_OUT_ADDRESS),
    Rule("web_address", "a web address", _WEB_ADDRESS, deep=True),
    Rule("bare_domain_with_path", "a domain with a path", _holds_path, deep=True),
    Rule("ip_address", "an IP address", _holds_ip_address, deep=True),
    Rule("hex_digest", "a digest in hexadecimal digits", _holds_hex_digest),
    Rule("base64_digest", "a digest or an address in base64", _holds_base64),
    Rule("perceptual_hash", "a perceptual hash or a part of a digest", _PERCEPTUAL_HASH),
    Rule("media_or_archive_file_name", "the name of a media, archive, table or checkpoint file", _FILE_NAME, deep=True),
    Rule("row_or_shard_id", "the number of a row, shard, index or sample", _ROW_ID),
    Rule("quoted_caption_or_prompt", "a quoted caption or prompt", _QUOTED_CAPTION),
    FORBIDDEN_TERM,
    Rule("victim_age", "the age of a child", _VICTIM_AGE, hazard_only=True),
    Rule("victim_identity", "the identity of a victim", _VICTIM_IDENTITY, hazard_only=True),
    Rule("similarity_threshold", "a similarity or safety threshold", _THRESHOLD, hazard_only=True),
    Rule("search_term", "a search term", _SEARCH_TERM, hazard_only=True),
    Rule("site_name", "the name of a site that hosts material", _names_site, hazard_only=True),
    Rule("contact_handle", "an e-mail address or a messenger handle", _CONTACT, hazard_only=True),
    Rule("retrieval_hint", "a hint at how items can be retrieved", _RETRIEVAL_HINT, hazard_only=True),
    Rule("single_item", "a description of a single item (only aggregate counts may stand)", _SINGLE_ITEM, hazard_only=True),
    Rule("item_number", "the number of a single item", _ITEM_NUMBER, hazard_only=True),
    Rule("list_file_name", "the name of a list or table file", _LIST_FILE, hazard_only=True),
    Rule("caption_or_prompt", "a caption or prompt", _UNQUOTED_CAPTION, hazard_only=True),
)

# --- Fields that importers and feeds drop ----------------------------------------------------------------------------

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
