"""https before http: an address that is given without encryption is asked for with it first, and kept so where the same comes.

    http://host/feed -> https://host/feed answers with the same document -> that address; else the one that was given

Nothing is stored here; who asks is said in `preview.py` and `found.py`. An address of https is never asked for without it.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from kb.core.fetch import Fetched
from kb.core.fetch_failures import FetchFailed
from kb.feeds.parse.document import read_feed

Get = Callable[[str], Fetched]


def secured(url: str) -> str:
    """Return an address of http with https in its place; nothing for one that has it, or names a port of its own."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.port not in {None, 80}:
        return ""
    return parts._replace(scheme="https", netloc=parts.netloc.removesuffix(":80")).geturl()


def secure_first(url: str, get: Get) -> tuple[str, Fetched]:
    """Fetch an address, and return by which one it is to be had from now on. Raises FetchFailed."""
    safer = secured(url)
    safe = _answer(safer, get) if safer else None
    if safe is None:
        return url, get(url)
    plain = _answer(url, get)
    return (safer, safe) if plain is None or same_document(safe, plain) else (url, plain)


def _answer(url: str, get: Get) -> Fetched | None:
    """What a server has at an address, or None where it has nothing."""
    try:
        answer = get(url)
    except FetchFailed:
        return None
    return answer if 200 <= answer.status < 300 else None


def same_document(one: Fetched, other: Fetched) -> bool:
    """Whether two answers are the same document: the same bytes, or two feeds that share an entry."""
    if one.url == other.url or one.body == other.body:
        return True
    first, second = ({item.digest for item in read_feed(answer.body, url=one.url).items} for answer in (one, other))
    return bool(first & second)
