"""Addresses on the web: which may stand in the one field that holds them."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from kb.core.errors import InvalidInput


def check_address(url: str) -> None:
    """Raise InvalidInput unless the text is a plain http(s) address of a named, public-looking host."""
    parts = _split(url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or "." not in host or any(char.isspace() or ord(char) < 32 for char in url):
        raise InvalidInput("An address begins with https:// and names a host.")
    if parts.username or parts.password or host.endswith(".onion") or _is_ip(host):
        raise InvalidInput("An address names a public host, without user names, IP numbers or hidden services.")


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise InvalidInput("This is not an address.") from None


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
