"""Addresses that lead to material: web, disguised, hidden services, IP numbers, content ids."""

import re
from ipaddress import AddressValueError, IPv6Address

from kb.core.safety_rules.rule import END, clue, each, judged, word_of
from kb.core.safety_rules.traits import (
    BASE32_16,
    BASE32_32,
    BASE32_56,
    BASE64_46,
    COLONS,
    DOTTED,
    LONE_T,
)

# Domains that nobody takes for a word: matched through blanks, and whatever their capitals.
_DOMAIN_NAMES = "com, org, net, info, biz, xyz, onion, i2p, ru, cn, jp, uk, eu, io, example, test, invalid"
_DOMAINS = f"(?:{_DOMAIN_NAMES.replace(', ', '|')})"
NOT_DOMAINS = frozenset({
    "js", "jsx", "ts", "tsx", "json", "yaml", "yml", "toml", "ini", "cfg", "html", "htm", "php", "txt", "pdf", "css",
    "doc", "docx", "xls", "xlsx", "cpp", "hpp", "ipynb", "and", "asp", "aspx", "cfm", "cgi", "jsf", "jsp", "xhtml",
})  # fmt: skip
_NO_FIRST_WORDS = frozenset({
    "online", "site", "shop", "store", "club", "link", "click", "live", "top", "vip", "app", "dev", "cloud", "pics", "photos",
    "gallery", "video", "xxx", "porn", "sex", "sexy", "adult", "tube", "cam", "chat", "pw", "cc", "tv", "ws", "co", "ai", "ly",
    "gg", "nl", "de", "fr", "ch", "su", "ua", "pl", "cz", "br", "ca", "au", "kr", "tw", "hk", "vn", "ir", "ms", "la", "st", "sh",
})  # fmt: skip
_AFTER_DOMAIN = (
    r"\.(?<=[^\W_]\.)((?i:xn--[a-z0-9-]{2,59}|c0m|0rg|n3t|[a-z]{2,24})|\u0440\u0444|p\u0444|\u4e2d\u56fd|\u4e2d\u570b|\u516c\u53f8|\u7f51\u7edc)"
    r"\.?(?::\d{2,5}(?!\d)|[/\\]|\?[\w%-]{1,40}=|#\w)"
)
_STRONG_DOMAIN = re.compile(_DOMAINS, re.IGNORECASE)
_DOI_SO_FAR = re.compile(r"10\.\d{4,9}/[\w.()/:;-]*")
_ARXIV_CLASS = re.compile(r"(?:^|[^\w.-])(?:cs|stat|eess|math|econ|physics|q-bio|q-fin)$")
_MICROSOFT_NET = re.compile(r"(?:^|[^\w.-])(?:ASP|VB|ADO|ML)$")


def _is_domain(match: re.Match[str]) -> bool:
    return not _is_no_domain(match)


def _is_no_domain(match: re.Match[str]) -> bool:
    suffix, before = match[1], match.string[max(0, match.start() - 60) : match.start()]
    if suffix == "NET" and _MICROSOFT_NET.search(before[-5:]):
        return True
    if _STRONG_DOMAIN.fullmatch(suffix):
        return False
    if ":" in match[0] and not match.string.startswith("/", match.end()):
        return True  # a year or an article after a colon
    if suffix.lower() in NOT_DOMAINS or (suffix.istitle() and suffix.lower() not in _NO_FIRST_WORDS):
        return True  # a file of code, or the first word of a sentence that lacks its blank
    if suffix.isupper() and _ARXIV_CLASS.search(before[-9:]):
        return True
    return _in_doi(before)


def _in_doi(before: str) -> bool:
    start = before.rfind("10.")
    return start >= 0 and _DOI_SO_FAR.fullmatch(before, start) is not None


PATH = (judged(_AFTER_DOMAIN, _is_domain, ".", r":, /, \, ?, #", cased=True),)

_SCHEMES = "mailto, javascript, view-source, blob, ed2k, thunder, acestream, ipfs, ipns, gopher, sip"
WEB_ADDRESS = (
    clue(r": ?/ ?/", ":/, : /"),
    clue(r"https?(?:[_;.,-]?//|:(?=[\w/\\\[]))", "http", "//, :"),
    clue(r"www\d?\.[\w-]{1,63}\.\w", "www"),
    clue(r"//(?<![\w/:]..)[\w-]{1,63}\.\w", "//"),
    clue(word_of(_SCHEMES) + r":(?=\w)", each(_SCHEMES, ":")),
    clue(r"t(?<![^\W_].)el:\+?\d", "tel:"),
    clue(r"d(?<![^\W_].)ata:[a-z]{1,20}/[a-z0-9.+-]{1,60}[;,]", "data:"),
    clue(r"\?[\w-]{1,30}=[\w%-]{6}", "?", "="),
)
_DOT_COM_ERA = r"(?![ -](?:bubble|boom|era|bust|crash|compan|start|mania|year|stock|econ))"
_NO_NAME = ("the", "a", "an", "early", "late", "first", "old", "former", "new", "big", "of", "in", "this", "that", "every")
_NAME_BEFORE = r"(?<=[^\W_] d)" + "".join(rf"(?<!\b{word} d)" for word in _NO_NAME)
SPELLED_OUT_ADDRESS = (
    clue(
        rf"h(?<![^\W_].)(?:xx|xt|tx|[*_#@.-]{{2}}|t[*#]|[*#]t)ps?{END}",
        f"hxxp, hxtp, htxp, {each('h', '*, _, #, @, ., -', '*, _, #, @, ., -', 'p')}, ht*p, ht#p, h*tp, h#tp",
    ),
    clue(r"h(?<![^\W_].)[\W_]{1,3}t[\W_]{1,3}t[\W_]{1,3}p(?:[\W_]|s\b)", LONE_T),
    clue(r"//:s?ptth", "ptth"),
    clue(word_of("bit ly, goo gl, tinyurl com") + r" (?:slash |/ ?)?\w", "bit ly , goo gl , tinyurl com "),
    clue(
        r"[\[({<](?:(?<=[^\W_].)|(?<=[^\W_] .)|(?<=[\[({<].)) ?(?:\.|dot|d0t|punkt|punto) ?[\])}>]{1,2} ?[^\W_]",
        each("[, (, {, <", "., dot, d0t, punkt, punto") + ", " + each("[, (, {, <", " ., " + each(" ", "dot, d0t, punkt, punto")),
    ),
    clue(r"[\[({](?:://|//|:/|:|/|colon|slash)[\])}] ?[/\w\[({]", each("[, (, {", ":, /, colon, slash")),
    clue(r"https? (?:colon|slash)", "http", "colon, slash"),
    clue(
        word_of(r"colon (?:forward )?slash, slash slash\b, www (?:dot\b|\.)"),
        "colon slash, colon forward slash, slash slash, www dot, www .",
    ),
    clue(rf"d{_NAME_BEFORE}[o0]t (?!test){_DOMAINS}{END}{_DOT_COM_ERA}", each("dot , d0t ", _DOMAIN_NAMES)),
    clue(rf"p(?<=[^\W_] p)un(?:kt|to) {_DOMAINS}{END}", each("punkt , punto ", _DOMAIN_NAMES)),
    clue(
        rf"[-_]d(?<=[^\W_].d)(?<!\bpre.d)(?<!\bpost.d)(?<!\bthe.d)[o0]t[-_]{_DOMAINS}{END}",
        each("-, _", "dot, d0t", "-, _"),
    ),
    clue(rf"d(?<=[a-z0-9][a-z0-9]d)[o0]t(?:com|org|net|info|onion){END}", each("dot, d0t", "com, org, net, info, onion")),
    # A sentence may end and the next begin with "Net/gross", so these read capitals too.
    clue(rf" \.(?<=[^\W_] \.) ?{_DOMAINS} ?/ ?\w", each(" .,  . ", _DOMAIN_NAMES), "/", cased=True),
    clue(rf"\. (?<=[^\W_]\. ){_DOMAINS} ?/ ?\w", each(". ", _DOMAIN_NAMES), "/", cased=True),
    clue(rf"[,;](?<=[^\W_].){_DOMAINS}/\w", each(",, ;", _DOMAIN_NAMES, "/"), cased=True),
    clue(r"c(?<=[^\W_] c)om/\w", "com/", cased=True),
)
_HIDDEN = "onion, tor, hidden service"
ONION_ADDRESS = (
    clue(rf"\.(?<=[^\W_]\.)(?:onion|i2p){END}", ".onion, .i2p"),
    clue(rf" \. (?<=[^\W_] \. )(?:onion|i2p){END}", ". onion, . i2p"),
    clue(rf"[a-z2-7](?<![^\W_].)(?<![a-z](?=[a-z]{{55}}))[a-z2-7]{{55}}{END}", BASE32_56),
    clue(
        word_of(_HIDDEN) + rf"\W{{1,3}}(?:\w{{1,20}}\W{{1,3}}){{0,4}}(?=[a-z]{{0,15}}[2-7])[a-z2-7]{{16}}{END}",
        _HIDDEN,
        BASE32_16,
    ),
)
_DOTTED_QUAD = r"\d(?<![\d.].)\d{0,2}(?:(?: \. |\.)\d{1,3}){3}(?!\.?\d)"
_NUMBERED_PART = re.compile(
    r"(?:\bv|(?:version|release|section|step|chapter|clause|annex|table|figure|build|driver|firmware)(?:s|\(s\))?|sec\.|\u00a7"
    r"|\b(?:cuda|cudnn|tensorrt|rocm|pytorch|tensorflow|ios|android|macos|windows|chrome|chromium|firefox))[ `'\"v]{0,3}$",
    re.IGNORECASE,
)
_COLONS = r"[0-9a-f:](?<![0-9a-z:].)[0-9a-f:]{5,59}(?![0-9a-z])"


def _is_ipv4(match: re.Match[str]) -> bool:
    parts = [int(part) for part in match[0].split(".")]
    if max(parts) > 255:
        return False
    numbered = _NUMBERED_PART.search(match.string[max(0, match.start() - 16) : match.start()])
    return not numbered or max(parts) > 99


def _is_ipv6(match: re.Match[str]) -> bool:
    candidate = match[0].rstrip(":")
    if candidate.count(":") < 2:
        return False
    try:
        IPv6Address(candidate)
    except AddressValueError:
        return False
    return True


IP_ADDRESS = (
    judged(_DOTTED_QUAD, _is_ipv4, DOTTED, cased=True),
    judged(_COLONS, _is_ipv6, COLONS),
    clue(rf"0(?<![^\W_].)x[0-9a-f]{{8}}{END}", "0x"),
)

CONTENT_ID = (
    clue(r"magnet: ?\?", "magnet:"),
    clue(r"urn:btih", "urn:btih"),
    clue(word_of("btih:, info-?hash ?[:=]"), "btih:, infohash, info-hash"),
    clue(r"/ip[fn]s/", "/ipfs/, /ipns/"),
    clue(r"k51qzi5uqu5", "k51qzi5uqu5"),
    clue(r"b(?<![^\W_].)a(?:f[ky]|g[aiu])[a-z2-7]{20}", "bafk, bafy, baga, bagi, bagu"),
    clue(r"Qm[1-9A-HJ-NP-Za-km-z]{44}", "qm", BASE64_46, cased=True),
    clue(rf"[A-Z2-7](?<![^\W_].)(?<![A-Z](?=[A-Z]{{31}}))(?<![2-7](?=[2-7]{{31}}))[A-Z2-7]{{31}}{END}", BASE32_32, cased=True),
)
