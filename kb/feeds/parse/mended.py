"""Mending the faults that feeds are most often not well-formed for: stray ampersands, entities of HTML, control characters, bytes
of another encoding than is declared, or of one that only the header of the answer tells.

What is mended is read as any document; what is not is left to feedparser.
"""

import re
from html.entities import html5

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,30}))?(;?)")
_DECLARED = re.compile(rb"^[^<]{0,3}<\?xml[^>]{0,200}?encoding=[\"']([A-Za-z0-9._-]{1,40})[\"']", re.I)
_TOLD = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.I)
# Encodings of texts that the web has. Python knows others, some of which take time with the square of the length.
_OF_THE_WEB = re.compile(
    r"utf-?(?:8|16|32)(?:-?[lb]e)?|(?:us-)?ascii|latin-?\d{1,2}|iso-?8859-\d{1,2}(?:-[ei])?|(?:windows-|cp)\d{3,4}|koi8-[rtu]|"
    r"shift[-_]?jis|sjis|euc-?(?:jp|kr)|iso-2022-jp|ks_c_5601-1987|gb2312|gbk|gb18030|big5(?:-?hkscs)?|tis-620|mac[-_]?(?:roman|cyrillic)",
    re.I,
)
_DECLARATION = re.compile(r"^[^<]{0,3}<\?xml[^>]{0,200}\?>")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_WHOLE = re.compile(r"<!\[CDATA\[.*?\]\]>", re.S)


def mended(body: bytes, content_type: str = "") -> bytes | None:
    """Return a document without its usual faults, as UTF-8, or None where it declares entities of its own.

    `content_type` is the header of the answer that brought it.
    """
    if b"<!ENTITY" in body:
        return None
    text = _CONTROLS.sub("", _DECLARATION.sub("", _decoded(body, content_type).lstrip("\ufeff"), count=1))
    if "<!ENTITY" in text:
        return None
    pieces, last = [], 0
    for whole in _WHOLE.finditer(text):  # within CDATA an ampersand is one
        pieces += [_AMPERSAND.sub(_reference, text[last : whole.start()]), whole.group()]
        last = whole.end()
    return "".join([*pieces, _AMPERSAND.sub(_reference, text[last:])]).encode("utf-8", "replace")


def _decoded(body: bytes, content_type: str) -> str:
    """Decode a document as it declares, or else as UTF-8, which nothing else is taken for, or else as its header says."""
    declared, told = _DECLARED.search(body[:300]), _TOLD.search(content_type)
    said = declared.group(1).decode("ascii") if declared else ""
    for encoding in (said, "utf-8", told.group(1) if told else "", "cp1252"):
        try:
            if _OF_THE_WEB.fullmatch(encoding):
                return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("latin-1")


def _reference(found: re.Match[str]) -> str:
    number, name, end = found.groups()
    if end and number:
        return found.group() if _is_character(number) else ""
    if end and name in _OF_XML:
        return found.group()
    if end and name and (character := html5.get(f"{name};")):
        return character.replace("&", "&amp;").replace("<", "&lt;")
    return f"&amp;{found.group()[1:]}"


def _is_character(number: str) -> bool:
    """Whether a reference such as #233 or #xE9 names a character that XML may hold."""
    code = int(number[2:], 16) if number[1] in "xX" else int(number[1:])
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
