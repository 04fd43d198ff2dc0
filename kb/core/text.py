"""Words and addresses from outside, made harmless: the only importer of nh3 and bleach.

    HTML of a feed -> nh3 -> plain words for storage; what becomes public as HTML passes bleach with a scheme filter as well

Plain text and escaping are the norm: pages show words, never markup of others. What words may be stored at all is asked of
`safety.py`.
"""

import html
import ipaddress
import re
import unicodedata
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import bleach
import nh3

# What is read of a piece of HTML at most, in characters; the rest is left out before anything is parsed.
LONGEST_HTML = 500_000
LONGEST_URL = 2_000
TAGS = frozenset({
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h2", "h3", "h4", "h5", "h6", "i", "ins", "li",
    "ol", "p", "pre", "q", "s", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
})  # fmt: skip
SCHEMES = frozenset({"http", "https"})
_REL = "nofollow noopener noreferrer ugc"
# Their content is no text either.
_NO_TEXT = frozenset({
    "script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head", "title", "textarea", "select", "audio",
    "video", "canvas", "xmp", "noembed", "noframes", "plaintext",
})  # fmt: skip
_MOST_SIGNS = 4_000
_TAG = re.compile(r"<[^<>]{0,5000}>")
_WORDS = nh3.Cleaner(tags=set(), clean_content_tags=set(_NO_TEXT), attributes={"*": set()}, strip_comments=True)
_BLOCK = re.compile(r"(?=</?(?:p|div|li|ul|ol|h[1-6]|blockquote|tr|td|th|table|dl|dt|dd|pre|section|article|br)\b)", re.I)
# Marks that stack on one letter: three are more than any language needs.
_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_STACKED = re.compile(f"([{_MARKS}]{{3}})[{_MARKS}]+")
# Zero-width joiners stay: scripts and emoji are spelled with them. Fillers and the empty braille cell are letters without ink.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ABSOLUTE = re.compile(r"https?://", re.I)
_TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_hs(?:enc|mi)|mkt_tok)$", re.I)
_IN_URL = re.compile(r"[\x00-\x20\x7f-\xa0<>\"\\^`{}|]")


def clean_html(markup: str, base_url: str = "") -> str:
    """Return HTML of others with a few tags that carry words, and links to http and https alone. No images, no scripts.

    Relative links are resolved against `base_url`. Cleaning what is clean changes nothing.
    """
    if _is_dense(markup):
        return html.escape(plain_text(markup))
    return nh3.clean(
        _characters(markup[:LONGEST_HTML]), tags=set(TAGS), clean_content_tags=set(_NO_TEXT),
        attributes={"a": {"href"}, "*": set()},
        url_schemes=set(SCHEMES), link_rel=_REL, strip_comments=True,
        attribute_filter=lambda tag, name, value: http_url(value, base_url) or None if name == "href" else value,
    )  # fmt: skip


def public_html(markup: str, base_url: str = "") -> str:
    """Return HTML that may become public: cleaned twice, by parsers that do not share their mistakes."""
    once = clean_html(markup, base_url)
    return str(bleach.clean(once, tags=TAGS, attributes=_bleached, protocols=SCHEMES, strip=True, strip_comments=True))


def _bleached(tag: str, name: str, value: str) -> bool:
    if tag != "a":
        return False
    # bleach keeps “javascript:123”, so the scheme is asked again.
    return bool(name == "href" and http_url(value)) or (name == "rel" and value == _REL)


def _is_dense(markup: str) -> bool:
    """Whether a piece of HTML has more tags and entities than words need: parsers take time with the square of their depth."""
    return markup.count("<") + markup.count("&") > _MOST_SIGNS


def plain_text(markup: str) -> str:
    """Return the words of a piece of HTML on one line, entities decoded once, without what nobody sees."""
    if "<" not in markup and "&" not in markup:
        return _line(markup[:LONGEST_HTML])
    if _is_dense(markup):
        return _line(html.unescape(_TAG.sub(" ", _characters(markup[:LONGEST_HTML]))))
    spaced = _BLOCK.sub(" ", _characters(markup[:LONGEST_HTML]))
    return _line(html.unescape(_WORDS.clean(spaced)))


def clean_line(text: str, most: int) -> str:
    """Return plain words on one line of at most `most` characters, cut at a word where they are longer."""
    line = _line(_characters(text[: most * 20]))
    if len(line) <= most:
        return line
    return (line[: most - 1].rpartition(" ")[0] or line[: most - 1]).rstrip() + "…"


def _line(text: str) -> str:
    seen = _characters(text)
    if not seen.isascii():
        seen = _STACKED.sub(r"\1", _INVISIBLE.sub("", seen))
    return " ".join(seen.split())


def _characters(text: str) -> str:
    """A text without characters that no text needs: halves of surrogate pairs, controls other than blanks."""
    return _CONTROLS.sub("", text if text.isascii() else _SURROGATES.sub("\ufffd", text))


def http_url(url: str, base_url: str = "") -> str:
    """Return an address that leads to a web page, made absolute, or an empty text for any other.

    Only http and https, with a host and a port that exist, without a name and password, without blanks and controls.
    """
    url = url.strip()
    if not url or len(url) > LONGEST_URL or _CONTROLS.search(url) or _SURROGATES.search(url):
        return ""
    try:
        whole = urlsplit(url if not base_url or _ABSOLUTE.match(url) else urljoin(base_url, url))
        if whole.scheme.lower() not in SCHEMES or not whole.hostname or whole.username is not None or whole.port == 0:
            return ""
    except ValueError:
        return ""
    absolute = urlunsplit(whole)
    return "" if _IN_URL.search(absolute) or not _is_host(whole.hostname, "[" in whole.netloc) else absolute


def _is_host(host: str, bracketed: bool) -> bool:
    """Whether a host can be one: labels that a name server takes, an address in brackets, or letters of other scripts."""
    if "%" in host:
        return False  # an escaped letter, or a zone that means something on one machine alone
    if bracketed:
        return _is_ipv6(host)
    labels = host.removesuffix(".").split(".")
    return all(label and len(label) <= 63 and not any(unicodedata.category(one)[0] in "CZS" for one in label) for label in labels)


def _is_ipv6(host: str) -> bool:
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return False
    return True


def without_tracking(url: str) -> str:
    """Return an address without the parameters that only say where a reader came from, and without its fragment.

    What is no address comes back as it is.
    """
    try:
        whole = urlsplit(url)
        kept = [(name, value) for name, value in parse_qsl(whole.query, keep_blank_values=True) if not _TRACKING.match(name)]
        return urlunsplit((whole.scheme.lower(), whole.netloc.lower(), whole.path, urlencode(kept), ""))
    except ValueError:
        return url
