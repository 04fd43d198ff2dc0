"""Random keys and receipts: what names a proposal, and what proves that one is its submitter.

Only digests of receipts and tokens are stored. They carry enough chance that a plain digest cannot be guessed back.
"""

import hashlib
import secrets

from django.utils.crypto import salted_hmac

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def new_key() -> str:
    """Return a name without order or meaning: 16 letters, some 79 bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(16))


def new_token() -> str:
    """Return the secret of a link that is sent once."""
    return secrets.token_urlsafe(32)


def receipt_of(key: str) -> str:
    """Return the secret that belongs to a key, to be written down: six groups of four letters, some 119 bits.

    It follows from the key and the installation's own secret, so a sender whose answer was lost gets the same one again.
    """
    drawn = int.from_bytes(salted_hmac("kb.review.receipt", key, algorithm="sha256").digest())
    letters = ""
    for _ in range(24):
        drawn, place = divmod(drawn, len(_LETTERS))
        letters += _LETTERS[place]
    return "-".join(letters[start : start + 4] for start in range(0, 24, 4))


def digest(secret: str) -> str:
    """Return what is stored of a receipt or token."""
    return hashlib.sha256(secret.strip().encode("utf-8", "replace")).hexdigest()
