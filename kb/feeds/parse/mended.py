"""Mending the faults that feeds are most often not well-formed for: stray ampersands, entities of HTML, control characters, bytes
of another encoding than is declared. What is mended is read as any document; what is not is left to feedparser.
"""

import re
from html.entities import html5

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,30}))?(;?)")
_DECLARED = re.compile(rb"^[^<]{0,3}<\?xml[^>]{0,200}?encoding=[\"']([A-Za-z0-9._-]{1,40})[\"']", re.I)
_DECLARATION = re.compile(r"^[^<]{0,3}<\?xml[^>]{0,200}\?>")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_WHOLE = re.compile(r"<!\[CDATA\[.*?\]\]>", re.S)


def mended(body: bytes) -> bytes | None:
    """Return a document without its usual faults, as UTF-8, or None where it declares entities of its own."""
    if b"<!ENTITY" in body:
        return None
    text = _CONTROLS.sub("", _DECLARATION.sub("", _decoded(body).lstrip("\ufeff"), count=1))
    if "<!ENTITY" in text:
        return None
    pieces, last = [], 0
    for whole in _WHOLE.finditer(text):  # within CDATA an ampersand is one
        pieces += [_AMPERSAND.sub(_reference, text[last : whole.start()]), whole.group()]
        last = whole.end()
    return "".join([*pieces, _AMPERSAND.sub(_reference, text[last:])]).encode("utf-8", "replace")


def _decoded(body: bytes) -> str:
    declared = _DECLARED.search(body[:300])
    for encoding in (declared.group(1).decode("ascii") if declared else "utf-8", "utf-8", "cp1252"):
        try:
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
