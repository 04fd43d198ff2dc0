"""Addresses on the web: which may stand in the one field that holds them."""

import ipaddress
import re
import unicodedata
from urllib.parse import SplitResult, urlsplit

from kb.core.errors import InvalidInput

# Labels joined by single dots; the last one begins with a letter, so that no short form of an IP number is a host.
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?!\d){_LABEL}")
_HIDDEN = (".onion", ".i2p")


def check_address(url: str) -> None:
    """Raise InvalidInput unless the text is a plain http(s) address of a named, public-looking host."""
    parts = _split(url)
    host = unicodedata.normalize("NFKC", parts.hostname or "").removesuffix(".")
    if parts.scheme not in {"http", "https"} or any(char.isspace() or ord(char) < 32 for char in url):
        raise InvalidInput("An address begins with https:// and names a host.")
    if "@" in parts.netloc or host.endswith(_HIDDEN) or _is_ip(host) or not _HOST.fullmatch(host):
        raise InvalidInput("An address names a public host, without user names, IP numbers or hidden services.")


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # read, since a port that is none raises only then
        return parts
    except ValueError:
        raise InvalidInput("This is not an address.") from None


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
