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


class UnsafeText(ValueError):  # noqa: N818 - named for what it says of the text
    """A text broke a rule. It carries the rule and never the text, so that it may be logged, counted and shown."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(f"This text was discarded and not stored: it holds {rule.label}.")
        self.rule = rule.code
        self.label = rule.label


def check_text(text: str, *, hazard: bool = False, quotation: bool = False) -> None:
    """Raise UnsafeText if a text breaks a rule of SAFETY 1, 5, 11 or 12.

    `hazard` adds the strict rules for texts of a hazard issue. `quotation` says that the whole text is verbatim, where
    rule 12 lets a source's own words stand.
    """
    broken = _broken(text, hazard, quotation)
    if broken is not None:
        raise UnsafeText(broken)


def check_texts(texts: Iterable[str], *, hazard: bool = False) -> None:
    """Raise UnsafeText for the first of several texts that breaks a rule."""
    for text in texts:
        check_text(text, hazard=hazard)


def check_characters(text: str) -> None:
    """Raise UnsafeText for characters that no text needs: see CHARACTER_RULES."""
    broken = _broken_character(text)
    if broken is not None:
        raise UnsafeText(broken)


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
    read = (seen.raw, seen.plain, seen.spoken, seen.joined) if rule.deep else (seen.raw, seen.plain)
    return any(rule.broken_by(view) for view in dict.fromkeys(read))


def _broken_character(text: str) -> Rule | None:
    return next((rule for rule in CHARACTER_RULES if rule.broken_by(text)), None)


def _oversized(text: str) -> bool:
    return len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES


def _finds(*alternatives: str, flags: int = re.IGNORECASE) -> Check:
    """A check by pattern. Each alternative is linear: it starts at a rare sign or word, and what it repeats is bounded."""
    search = re.compile("|".join(alternatives), flags).search
    return lambda text: search(text) is not None


# --- Addresses ---------------------------------------------------------------------------------------------------

# Domains that nobody mistakes for a word: matched through spaces, and whatever their capitals.
_DOMAINS = r"com|org|net|info|biz|xyz|onion|i2p|ru|cn|jp|uk|eu|io|example|test|invalid"
_NOT_DOMAINS = frozenset({
    "js", "jsx", "ts", "tsx", "json", "yaml", "yml", "toml", "ini", "cfg", "html", "htm", "php", "txt", "pdf", "css",
    "doc", "docx", "xls", "xlsx", "cpp", "hpp", "ipynb", "and",
})  # fmt: skip
_AFTER_DOMAIN = re.compile(
    r"(?<=[^\W_])\.(xn--[a-z0-9-]{2,59}|[a-z]{2,24}|\u0440\u0444|p\u0444|\u4e2d\u56fd|\u4e2d\u570b|\u516c\u53f8|\u7f51\u7edc)"
    r"\.?(?::\d{2,5}(?!\d)|[/\\]|\?[\w%-]{1,40}=|#\w)",
    re.IGNORECASE,
)
_STRONG_DOMAIN = re.compile(rf"(?:{_DOMAINS})", re.IGNORECASE)
_DOI_SO_FAR = re.compile(r"(?<![\w.])10\.\d{4,9}/[\w.()/:;-]*")
_ARXIV_CLASS = re.compile(r"(?:^|[^\w.-])(?:cs|stat|eess|math|econ|physics|q-bio|q-fin)")
_MICROSOFT_NET = re.compile(r"(?:^|[^\w.-])(?:ASP|VB|ADO|ML)")


def _holds_path(text: str) -> bool:
    return any(not _is_no_domain(match) for match in _AFTER_DOMAIN.finditer(text))


def _is_no_domain(match: re.Match[str]) -> bool:
    suffix, before = match[1], match.string[max(0, match.start() - 80) : match.start()]
    if suffix == "NET" and _MICROSOFT_NET.search(before, len(before) - 4 if len(before) > 4 else 0):
        return True
    if _STRONG_DOMAIN.fullmatch(suffix):
        return False
    if suffix.lower() in _NOT_DOMAINS or (suffix.istitle() and suffix.isascii()):
        return True  # a file of code, or the first word of a sentence whose blank is missing
    if suffix.isupper() and len(suffix) == 2 and _ARXIV_CLASS.search(before, max(0, len(before) - 8)):
        return True
    return _in_doi(before)


def _in_doi(before: str) -> bool:
    start = before.rfind("10.")
    return start >= 0 and _DOI_SO_FAR.fullmatch(before, start) is not None


_WEB_ADDRESS = _finds(
    r": ?/ ?/",
    r"https?(?:;?//|:(?=[\w/\\\[]))",
    r"\bwww\d?\.[\w-]{1,63}\.\w",
    r"(?<![\w/:])//[\w-]{1,63}\.\w",
    r"\b(?:mailto|javascript|view-source|blob|ed2k|thunder|acestream|ipfs|ipns|gopher|sip|callto):(?=\w)",
    r"\btel:\+?\d",
    r"\bdata:[a-z]{1,20}/[a-z0-9.+-]{1,60}[;,]",
    r"\?[\w-]{1,30}=[\w%-]{6}",
)
_SPELLED_OUT_ADDRESS = _finds(
    r"(?<![^\W_])h(?:xx|xt|tx|[*_#@.-]{2}|t[*#]|[*#]t)ps?(?![^\W_])",
    r"(?<![^\W_])h[\W_]{1,3}t[\W_]{1,3}t[\W_]{1,3}p(?:[\W_]|s\b)",
    r"//:s?ptth",
    r"[^\W_] ?[\[({<]{1,2} ?(?:\.|dot|d0t|punkt|punto) ?[\])}>]{1,2} ?[^\W_]",
    r"[\[({](?:://|//|:/|:|/|colon|slash)[\])}] ?[/\w\[({]",
    r"\bhttps? (?:colon|slash)|\bcolon (?:forward )?slash|\bslash slash\b|\bwww (?:dot\b|\.)",
    r"(?<![\w-])(?!(?:the|an?|early|late|first|old|former|new|big|of|in|this|that|every|polka|\d{4}s?) )"
    rf"[\w-]{{2,63}} (?:dot|d0t|punkt|punto) (?:{_DOMAINS})\b"
    r"(?![ -](?:bubble|boom|era|bust|crash|compan|start|mania|year|stock|econ))",
    rf"(?<!\bpre)(?<!\bpost)(?<!\bthe)(?<=[^\W_])[-_]dot[-_](?:{_DOMAINS})\b",
    r"(?<=[a-z0-9]{2})(?:dot|d0t)(?:com|org|net|info|onion)\b",
    rf"[^\W_](?: \. ?|\. |,)(?-i:{_DOMAINS}) ?/ ?\w",
)
_ONION_ADDRESS = _finds(
    r"(?<=[^\W_])(?: \. |\.)(?:onion|i2p)(?![^\W_])",
    r"(?<![^\W_])(?=[a-z]{0,55}[2-7])[a-z2-7]{56}(?![^\W_])",
    r"\b(?:onion|tor|hidden service)\W{1,3}(?:\w{1,20}\W{1,3}){0,4}(?=[a-z]{0,15}[2-7])[a-z2-7]{16}(?![^\W_])",
)
_DOTTED_QUAD = re.compile(r"(?<![\d.])\d{1,3}(?:(?: \. |\.)\d{1,3}){3}(?!\.?\d)")
_NUMBERED_PART = re.compile(r"(?:\bv|version|sections?|sec\.|§|chapter|clause|annex|table|figure|release) ?$", re.IGNORECASE)
_COLONS = re.compile(r"(?<![0-9a-z:])[0-9a-f:]{6,60}(?![0-9a-z])", re.IGNORECASE)


def _holds_ip_address(text: str) -> bool:
    return any(_is_ipv4(match) for match in _DOTTED_QUAD.finditer(text)) or (
        text.count(":") >= 2 and any(_is_ipv6(match[0].rstrip(":")) for match in _COLONS.finditer(text))
    )


def _is_ipv4(match: re.Match[str]) -> bool:
    parts = [int(part) for part in match[0].split(".")]
    if max(parts) > 255:
        return False
    numbered = _NUMBERED_PART.search(match.string, max(0, match.start() - 12), match.start())
    return not numbered or max(parts) > 40


def _is_ipv6(candidate: str) -> bool:
    try:
        IPv6Address(candidate)
    except AddressValueError:
        return False
    return True


_CONTENT_ID = _finds(
    r"magnet: ?\?",
    r"urn:btih|\bbtih:|\binfo-?hash\b ?[:=]|/ip[fn]s/|\bk51qzi5uqu5",
    r"(?-i:Qm[1-9A-HJ-NP-Za-km-z]{44})",
    r"(?<![^\W_])ba(?:f[ky]|g[aiu])[a-z2-7]{20}",
    r"(?-i:(?<![0-9A-Za-z])(?=[A-Z]{0,31}[2-7])(?=[2-7]{0,31}[A-Z])[A-Z2-7]{32}(?![0-9A-Za-z]))",
)

# --- Digests -----------------------------------------------------------------------------------------------------

_HEX_RUN = re.compile(r"[0-9a-f]{32,}", re.IGNORECASE)
_HEX_GROUPS = re.compile(r"(?<![0-9a-z])[0-9a-f]{1,31}(?:[ :._,-]{1,2}[0-9a-f]{1,31}){3,}", re.IGNORECASE)
_HEX_LENGTHS = frozenset({32, 40, 56, 64, 96, 128})
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/_-]{22,}={0,2}")
# Digits without padding of MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512.
_BASE64_LENGTHS = frozenset({22, 27, 38, 43, 64, 86})
_BASE64_OF_ADDRESS = ("aHR0c", "SFRUU", "d3d3Lg", "bWFnbmV0")


def _holds_hex_digest(text: str) -> bool:
    return any(len(run) in _HEX_LENGTHS or _mixes(run, 1) for run in _HEX_RUN.findall(text)) or any(
        _mixes(re.sub(r"[^0-9A-Fa-f]", "", groups), 5) for groups in _HEX_GROUPS.findall(text)
    )


def _mixes(digits: str, least: int) -> bool:
    letters = sum(map(str.isalpha, digits))
    return len(digits) >= 32 and letters >= least and len(digits) - letters >= least


def _holds_base64(text: str) -> bool:
    return any(_is_base64(run) for run in _BASE64_RUN.findall(text))


def _is_base64(run: str) -> bool:
    body = run.rstrip("=")
    if body.startswith(_BASE64_OF_ADDRESS):
        return True
    kinds = [_kind(sign) for sign in body]
    turns = sum(left != right for left, right in pairwise(kinds)) / len(kinds)
    padded = len(run) > len(body) and len(run) % 4 == 0
    if padded:
        return turns > 0.3 and {"upper", "lower"} <= set(kinds)
    return (len(body) in _BASE64_LENGTHS or len(body) > 86) and turns > 0.45 and {"upper", "lower", "digit"} <= set(kinds)


def _kind(sign: str) -> str:
    return "upper" if sign.isupper() else "lower" if sign.islower() else "digit" if sign.isdigit() else "sign"


_MIXED_HEX = r"(?=[0-9]{0,15}[a-f])(?=[a-f]{0,15}[0-9])[0-9a-f]"
_PERCEPTUAL_HASH = _finds(
    rf"(?<![0-9a-z]){_MIXED_HEX}{{16}}(?![0-9a-z])",
    r"(?:[adpw]-?hash|pdq|photodna|neural-?hash|perceptual hash|block-?hash|md5|\bsha-?\d{0,3}|\bhash)"
    rf"(?:\W{{1,4}}(?:of|is|was|value|code|prefix|starts|begins|with)){{0,3}}\W{{1,4}}{_MIXED_HEX}{{8}}",
    r"(?<![\d,])(?<!, )(?:\d{1,3}, ?){100}",
)

# --- Files, rows, captions, words ----------------------------------------------------------------------------------

_MEDIA = (
    r"jpe?g|jfif|jp2|jxl|png|gif|webp|bmp|tiff?|heic|heif|avif|svg|ico|psd|raw|cr2|nef|dng"
    r"|mp4|m4v|mov|avi|mkv|webm|wmv|flv|mpe?g|3gp|ogv|mp3|m4a|wav|flac|ogg|opus|aac"
)
_ARCHIVES = r"zip|rar|7z|tar|gz|tgz|bz2|xz|zst|lz4|iso|cab|torrent|warc|wat"
_TABLES = r"parquet|arrow|feather|tfrecords?|lmdb|npy|npz|sqlite3?|duckdb"
_CHECKPOINTS = r"h5|hdf5|pkl|pickle|ckpt|safetensors|gguf|ggml|onnx|pth|bin"
_FILE_NAME = _finds(
    rf"(?<=[\w)\]}}'\"%~-])(?<![\s(]\.tar)(?: \. |\.)(?:{_MEDIA}|{_ARCHIVES}|{_TABLES}|{_CHECKPOINTS})(?![^\W_])",
    r"(?:[\d_-]|model|weights|best|last|epoch|checkpoint)\.pt(?![^\W_])",
    r"(?<![^\W_])(?:img|dsc[nf]?|pxl|mvi|vid|gopr|dji|screenshot)(?:[_-]\d{4}|\d{5})",
)
_LIST_FILE = _finds(
    r"(?<![\s(]robots)(?<!\brobots)(?<!\bai)(?<!\bllms)(?<!\blicense)(?<!\breadme)(?<=[^\W_])"
    r"\.(?:csv|tsv|jsonl|ndjson|xlsx?|txt|sql|db)(?![^\W_])"
)

_NO_YEAR = r"(?!(?:19|20)\d\d(?![\d,.]))"
_LARGE = rf"{_NO_YEAR}(?:\d{{1,3}}(?:[,.' ]\d{{3}})+|\d{{3}})"
_LINK = r"[ :=#(\[\"'_-]{0,4}"
_ID_WORD = r"[ _-]{0,2}(?:ids?|idx|index|indices|key)"
_NUMBER_WORD = r"[ _-]{0,2}(?:no\.?|nos\.?|nr\.?|numbers?|num)"
_RANGE = r" ?(?:-|to|through|and|,|\.\.) ?\d"
_ITEM = r"(?:row|shard|sample|image|img|photo|picture|video|pair|url|link|caption|data ?point|vector|embedding)"
_ROW_ID = _finds(
    rf"(?<![^\W_])(?:shard{_LINK}\d|shards {_LINK}\d+{_RANGE})",
    rf"(?<![^\W_])row{_LINK}{_LARGE}",
    rf"(?<![^\W_])rows{_LINK}{_LARGE}[\d,]{{0,12}}{_RANGE}",
    rf"(?<![^\W_]){_ITEM}s?{_ID_WORD}{_LINK}{_NO_YEAR}\d",
    rf"(?<![^\W_])(?:row|shard)s?{_NUMBER_WORD}{_LINK}\d",
    rf"(?<![^\W_]){_ITEM}s?{_NUMBER_WORD}{_LINK}{_LARGE}",
    r"(?<![^\W_])(?:index|indices|sample|position|offset|chunk|partition|bucket)"
    rf"(?: (?:no\.?|number|position|value))?{_LINK}{_NO_YEAR}\d{{4}}",
    rf"(?<![^\W_])(?:idx{_LINK}\d|uid{_LINK}\d{{4}}|key{_LINK}\d{{6}})",
    r"(?<!\d)\d{3,6}-of-\d{3,6}|(?<![^\W_])part[-_]\d{4}",
    rf"(?<=\w)\[{_NO_YEAR}\d{{3,12}}\]",
    r"(?<![\d,])\d{1,3}(?:,?\d{3}){1,3}(?:st|nd|rd|th) (?:row|shard|sample|entry|record|image|item|link|pair|url)\b",
)
_ITEM_NUMBER = _finds(
    rf"(?<![^\W_])(?:rows?|lines?){_LINK}\d",
    rf"(?<![^\W_])(?:{_ITEM}|record|entry|item|file|example|instance)(?:{_NUMBER_WORD})?[ #]{{1,2}}{_NO_YEAR}\d{{3}}",
)

_OPEN = r"[\"'`]"
_CAPTION = r"(?<![^\W_])(?:alt[ _-]?texts?|captions?|captioned|prompts?|prompted)"
_SAYS = r"(?:(?:that )?(?:reads?|said|says)|was|is|were|are|saying|reading|like|such as|as|included?|including|with the words)"
_QUOTED_CAPTION = _finds(
    rf"{_CAPTION}[\"']?(?: ?[:=] ?| {_SAYS}:? | ){_OPEN}[^\s\"',.)]",
    rf"(?<![^\W_])prompt(?:ed|s)? with (?:the words? |the phrase )?{_OPEN}",
    r"[\"'] (?:as|was|were|is) (?:an?|the|its|their|one) (?:[a-z]{1,20} )?(?:alt[ -]?text|caption|prompt)\b",
)
_UNQUOTED_CAPTION = _finds(rf"{_CAPTION}(?: {_SAYS})? ?[:=] ?\w")

_QUOTED_SPAN = re.compile(r"\"[^\"]{0,2000}\"|(?<![^\W_])'[^']{0,400}'")
_FORBIDDEN = re.compile(r"(?<![^\W_])(?:child(?:ren)?(?:'?s)?|kiddie|kiddy|kid|infant)[ _-]{0,2}porn", re.IGNORECASE)


def _holds_forbidden_term(text: str) -> bool:
    return _FORBIDDEN.search(text) is not None and _FORBIDDEN.search(_QUOTED_SPAN.sub(" ", unmask(text))) is not None


# --- Hazard texts only ---------------------------------------------------------------------------------------------

_UNDER_13 = r"(?:1[0-2]|0?\d|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_TEEN = r"(?:1[3-7]|thirteen|fourteen|fifteen|sixteen|seventeen)"
_MINOR = rf"(?:{_UNDER_13}|{_TEEN})"
_ABOUT = r"(?:about |around |only |just |between |from |as young as |approximately |of ){0,2}"
_THINGS = r"(?:compan|dataset|data set|model|firm|start|law|case|report|stud|bill|project|organi|paper|tool|rule|act\b)"
_VICTIM_AGE = _finds(
    rf"\bage[ds]?:? {_ABOUT}{_UNDER_13}\b(?![,.]\d)",
    rf"(?<!under the )(?<!below the )(?<!over the )(?<!reach the )\bage[ds]?:? {_ABOUT}{_TEEN}\b(?![,.]\d)",
    rf"\b{_MINOR}[ -]?(?:(?:to|or|and|-)[ -]?{_MINOR}[ -]?)?(?:years?|yrs?|months?|mos?|y)[ -]?/?olds?\b(?![ -]{_THINGS})",
    rf"\b{_MINOR} ?(?:y/?o|yrs?)\b|\b{_MINOR} (?:years?|months?) of age",
    r"\b(?:toddlers?|infants?|newborns?|pre-?teens?|pre-?pubescent|pubescent|pre-?schoolers?|kindergart)",
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|\dth|1st|2nd|3rd)[ -]graders?\b",
)
_PERSON = r"\b(?:victim|survivor|child|girl|boy|minor)"
_VICTIM_IDENTITY = _finds(
    rf"{_PERSON}(?:,? (?:is|was|who is|who was))? (?:nicknamed|named (?!in\b|as\b)|known as|identified as (?-i:[A-Z\"]))",
    rf"(?:{_PERSON}'s|\bher|\bhis) (?:real |full |first |last )?name (?:is|was)\b",
    rf"{_OPEN}[\w .-]{{1,40}}[\"'] (?:series|set)\b",
)
_MEASURE = r"(?:similarit(?:y|ies)|cosine|p_?unsafe|(?:clip|nsfw|unsafe|safety|classifier)[ -]scores?|thresholds?|cut-?offs?)"
_THRESHOLD = _finds(
    rf"\b{_MEASURE}[^.;\n]{{0,50}}?(?<![\d.])(?:[01]?[.,]\d|\d{{1,3}}(?:\.\d+)? ?(?:%|percent|per cent|bits?\b))",
    rf"(?<![\d.])0?[.,]\d{{1,6}}[^.;\n]{{0,40}}\b{_MEASURE}",
    r"\b(?:hamming|hash|l2|euclidean) distance[^.;\n]{0,30}\d",
)
_ASKED = r"\b(?:search(?:ed|es|ing)?|quer(?:y|ied|ies|ying)|googl(?:ed?|ing)|look(?:ed|ing)? up|typ(?:ed?|ing)|enter(?:ed|ing)?)"
_TERM = r"\b(?:(?:search|key|code|query)[ -]?(?:terms?|words?|phrases?)|hashtags?|quer(?:y|ies))"
_SEARCH_TERM = _finds(
    rf"{_ASKED} (?:[\w-]{{1,20}} ){{0,3}}{_OPEN}\w",
    rf"{_TERM}[\"']? ?(?:(?:was|were|is|are|used) )?{_OPEN}\w",
    rf"{_TERM}[\"']?(?: ?[:=]| such as| like| including| included?) ?[\w#\"']",
    r"\bhashtags? #\w",
)
_SITE = r"\b(?:sites?|websites?|web sites?|forums?|(?:image)?boards?|channels?|subreddits?|servers?|marketplaces?|domains?)"
_SITE_NAME = _finds(
    rf"{_SITE} (?:(?:is|was|are|were) )?(?:called|named|known as|such as|like) [\w\"']",
    r"(?<![\w/])r/[a-z0-9_]{3,21}",
)
_SITE_DOMAIN = re.compile(
    r"\b(?:sites?|websites?|forums?|boards?|hosted|hosts?|posted|uploaded|found|linked|links?|images?|photos?|videos?|files?|material"
    r"|from|downloaded|scraped|domains?):? (?:[\w'-]{1,20} ){0,3}((?:[\w-]{1,63}\.){1,4}[a-z]{2,24})(?![\w.]*\w)",
    re.IGNORECASE,
)
# Publishers that hazard texts name all the time; everything else that hosts something is a site name.
_KNOWN_HOSTS = re.compile(
    r"(?:.*\.)?(?:gov|edu|int|europa\.eu|gov\.uk|missingkids\.org|ncmec\.org|iwf\.org\.uk|cybertip\.ca|protectchildren\.ca|inhope\.org"
    r"|stopncii\.org|thorn\.org|laion\.ai|stability\.ai|character\.ai|huggingface\.co|github\.com|arxiv\.org|commoncrawl\.org)",
    re.IGNORECASE,
)


def _names_site(text: str) -> bool:
    return _SITE_NAME(text) or any(_is_site(match[1]) for match in _SITE_DOMAIN.finditer(text))


def _is_site(domain: str) -> bool:
    return domain.rpartition(".")[2].lower() not in _NOT_DOMAINS and _KNOWN_HOSTS.fullmatch(domain) is None


_CONTACT = _finds(
    r"(?<=[\w+])@[\w-]{1,63}(?:\.[\w-]{1,63}){1,3}",
    r"\b(?:telegram|discord|signal|session|wickr|kik|snapchat|whatsapp|threema|matrix|jabber|xmpp|tox|skype|simplex)"
    r"(?: (?:id|handle|user|username|account|contact|channel|group|chat|invite|code)){0,2}[ :=]{1,3}(?:@\w|\+?\d{6})",
    r"\b(?:t\.me|discord\.gg)\b",
)
_STUFF = r"\b(?:materials?|images?|photos?|videos?|files?|links?|urls?|csam|content|items?|samples?)"
_RETRIEVAL_HINT = _finds(
    r"\b(?:anti-?join|set[ -]difference|diff(?:ed|ing)?|subtract(?:ed|ing)?)\b[^.\n]{0,80}"
    r"\b(?:re-?laion|laion|(?:re-?)?releases?|metadata|versions?)\b",
    rf"{_STUFF} (?:[\w-]{{1,20}} ){{0,3}}(?:can|could|may) (?:still |easily ){{0,2}}be "
    r"(?:found|retrieved|recovered|downloaded|accessed|reached|obtained|viewed) (?:at|via|using|under)\b",
)
_SINGLE_ITEM = _finds(
    r"\b(?:this|one|another|an?|the) (?:[\w-]{1,20} ){0,2}(?:image|photo|photograph|picture|video|clip)"
    r" (?:shows?|showed|depicts?|depicted|portrays?|portrayed)\b"
)

# --- The registry --------------------------------------------------------------------------------------------------


def _never(text: str) -> bool:
    return False


OVERSIZED = Rule("oversized", "more than 100 kB of text", _never)
NESTED_ENCODING = Rule("nested_encoding", "text that is encoded many times over", _never)
FORBIDDEN_TERM = Rule(
    "forbidden_term", "a term that calls abuse pornography (write CSAM, or quote the source)", _holds_forbidden_term
)
CHARACTER_RULES = (
    Rule("nul_character", "a NUL character", lambda text: "\0" in text),
    Rule("lone_surrogate", "half of a surrogate pair, which is no character", _finds("[\ud800-\udfff]")),
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
