"""What stands behind the host of an address, read by the guard: digests, files and other addresses hide there.

Which hosts may stand is left to `kb.review.sources`, what an address is to `kb.core.web`.
"""

import re
from urllib.parse import unquote, urlsplit

from kb.core.safety import check_texts

_BETWEEN = re.compile(r"[/?&=#;,]+")
_BLANKS = re.compile(r"[/?&=#;,+~!*|]+")


def check_behind_host(url: str) -> None:
    """Raise UnsafeText where the path, query or fragment of an address breaks a rule (SAFETY 1, 5).

    Each piece is read strictly. What the pieces come to together ("/shard/12", an address in a query) is read by the rules for
    any text alone: to the strict ones, which are made for sentences, "file/1234" of a court would be the number of an item.
    """
    check_texts(pieces_behind_host(url), hazard=True)
    # A question mark would make every query a web address.
    behind = " ".join(_parts(url))
    check_texts((behind, _BLANKS.sub(" ", behind)))


def pieces_behind_host(url: str) -> list[str]:
    """Return the pieces of path, query and fragment, with no escapes left."""
    return [piece for part in _parts(url) for piece in _BETWEEN.split(part) if piece]


def _parts(url: str) -> list[str]:
    whole = urlsplit(url)
    return [unquote(part) for part in (whole.path, whole.query, whole.fragment)]
