"""Making, reading and revoking the tokens of programs. The secret is shown once; a digest of it is kept."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from kb.accounts.models import Token, User
from kb.accounts.texts import read_text
from kb.core import clock
from kb.core.errors import InvalidInput, NotFound
from kb.core.vocabulary import Term, Vocabulary

SCOPES = Vocabulary(
    "scope",
    Term("proposals:read", "Read your proposals", "Follow the state of what you proposed."),
    Term("proposals:write", "Send proposals", "File issues and suggest corrections in your name."),
)
LONGEST_DAYS = 365
MOST_OPEN = 20
_LONGEST_NAME = 80
_MARK = "up"
_PREFIX = "[0-9a-f]{12}"
_NOBODY = hashlib.sha256(b"").hexdigest()


def make_token(person: User, name: str, scopes: Collection[str], days: int) -> tuple[Token, str]:
    """Make a token; return it with the text that a program sends, which is shown once. Raises InvalidInput."""
    name = read_text(name, "The name of a token", _LONGEST_NAME)
    _check(person, scopes, days)
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32).replace("_", "-")
    token = Token.objects.create(
        user=person, name=name, prefix=prefix, digest=_digest(secret),
        scopes=[scope for scope in SCOPES if scope in scopes], expires=timezone.now() + timedelta(days=days),
    )  # fmt: skip
    return token, f"{_MARK}_{prefix}_{secret}"


def read_token(text: str) -> Token | None:
    """Return the open token that a text is, or None; it takes as long for an unknown one as for a known one."""
    mark, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    shaped = mark == _MARK and re.fullmatch(_PREFIX, prefix)
    token = Token.objects.select_related("user").filter(prefix=prefix).first() if shaped else None
    right = hmac.compare_digest(token.digest if token else _NOBODY, _digest(secret))
    return token if token and right and token.is_open and token.user.is_active else None


def note_use(token: Token) -> None:
    """Remember the day on which a token was last used, which is written once a day."""
    Token.objects.filter(pk=token.pk).exclude(last_used=clock.today()).update(last_used=clock.today())


def revoke_token(person: User, number: int) -> Token:
    """Revoke one of a person's own tokens. Raises NotFound for any other."""
    token = Token.objects.filter(user=person, pk=number).first()
    if token is None:
        raise NotFound("You have no such token.")
    if token.revoked is None:
        token.revoked = timezone.now()
        token.save(update_fields=["revoked"])
    return token


def open_tokens(person: User) -> QuerySet[Token]:
    """Return the tokens that still open something."""
    return Token.objects.filter(user=person, revoked=None, expires__gt=timezone.now())


def _check(person: User, scopes: Collection[str], days: int) -> None:
    if not scopes or not set(scopes) <= set(SCOPES):
        raise InvalidInput(f"Choose what the token may do: {', '.join(SCOPES)}.")
    if not 0 < days <= LONGEST_DAYS:
        raise InvalidInput(f"A token lasts from 1 to {LONGEST_DAYS} days.")
    if open_tokens(person).count() >= MOST_OPEN:
        raise InvalidInput(f"You have {MOST_OPEN} tokens. Revoke one first.")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
