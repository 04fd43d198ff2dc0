"""Addresses of feeds: how they are stored, and which of them count as one. What may be fetched is said in `kb.core.fetch`."""

import unicodedata
from urllib.parse import SplitResult, urlsplit

from kb.core.errors import InvalidInput
from kb.core.text import without_tracking
from kb.feeds.models.feed import LONGEST_ADDRESS

USUAL_PORTS = {"http": 80, "https": 443}
_TRACKING_PLACES = ("utm_", "xtor=", "ref=")
_NONE = "An address begins with https:// and names a host."


def as_stored(text: str) -> str:
    """Return an address as it is stored: with a scheme, the host in small letters, without fragment and usual port.

    Where no scheme is written, https is meant. Raises InvalidInput for what is no plain address of http or https.
    """
    text = text.strip()
    if len(text) > LONGEST_ADDRESS:
        raise InvalidInput(f"An address has at most {LONGEST_ADDRESS:,} characters.")
    if any(char.isspace() or unicodedata.category(char).startswith("C") for char in text):
        raise InvalidInput("An address holds no spaces and no invisible characters.")
    parts = _split(text if "://" in text else f"https://{text}")
    if parts.scheme not in USUAL_PORTS or not parts.hostname:
        raise InvalidInput(_NONE)
    if "@" in parts.netloc:
        raise InvalidInput("An address names no user: feeds that need a password are not polled.")
    return parts._replace(netloc=_place(parts), path=parts.path or "/", fragment="").geturl()


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # read, since a port that is none raises only then
    except ValueError:
        raise InvalidInput(_NONE) from None
    return parts


def _place(parts: SplitResult) -> str:
    """Host and port as they are compared."""
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in {None, USUAL_PORTS[parts.scheme]} else f"{host}:{parts.port}"


def compared(address: str) -> str:
    """Return what two addresses of the same feed share: scheme, a slash at the end and the case of the host do not count.

    An address that is stored but would not be taken today is compared as it is.
    """
    try:
        stored = as_stored(address)
    except InvalidInput:
        return address
    place, query = stored.partition("://")[2], ""
    if "?" in place:
        place, _, query = place.partition("?")
    return place.rstrip("/") + (f"?{query}" if query else "")


def untracked(url: str) -> str:
    """Return an address without what only says where a reader came from. A place on the page stays: it may tell entries apart."""
    if not url:
        return ""
    place = url.partition("#")[2]
    return without_tracking(url) + (f"#{place}" if place and not place.lower().startswith(_TRACKING_PLACES) else "")
