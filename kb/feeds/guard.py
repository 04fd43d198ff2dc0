"""The guard over what a feed says (SAFETY 6 and 7): which rule keeps a text or an address from being stored. Pure.

What is refused is left out and counted by whoever stores; nothing here is told what becomes of the rest.
"""

from functools import lru_cache
from urllib.parse import urlsplit

from kb.core.behind_host import pieces_behind_host
from kb.core.errors import InvalidInput
from kb.core.safety import find_rule
from kb.core.web import check_address

# For a host that is none of the public web, where no rule has a name of its own for it.
_NO_PUBLIC_HOST = "web_address"


def refused(text: str) -> str:
    """Return the rule that a text breaks, or nothing."""
    return find_rule(text) or ""


def refused_address(url: str) -> str:
    """Return the rule that an address of http or https breaks by its host or by what stands behind it, or nothing."""
    if not url:
        return ""
    whole = urlsplit(url)
    return _refused_place(f"{whole.scheme}://{whole.netloc}") or refused("\n".join(pieces_behind_host(url)))


@lru_cache(maxsize=4_096)
def _refused_place(place: str) -> str:
    """The rule that a scheme with a host breaks; the same few hosts are asked for again and again."""
    try:
        check_address(place)
    except InvalidInput:
        return refused(urlsplit(place).hostname or "") or _NO_PUBLIC_HOST
    return ""
