"""How often something may be sent: by token, or, without one, by a keyed digest of the network it comes from.

The counts lie in the shared cache and run out by themselves; no address is stored.
"""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from kb.accounts.adapter import network_digest
from kb.accounts.models import Token


class _Writes(SimpleRateThrottle):
    """Counts what is sent; reading is free."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Let reading pass uncounted."""
        return request.method in {"GET", "HEAD", "OPTIONS"} or super().allow_request(request, view)


class TokenWrites(_Writes):
    """Writes with one token."""

    scope, rate = "token-writes", "120/hour"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """Return the token's key; others are not counted here."""
        return f"kb:writes:token:{request.auth.pk}" if isinstance(request.auth, Token) else None


class AnonymousWrites(_Writes):
    """Writes without a token from one network."""

    scope, rate = "anonymous-writes", "20/hour"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """Return the network's key; tokens are not counted here."""
        return None if isinstance(request.auth, Token) else f"kb:writes:network:{network_digest(request._request)}"


WRITES = [TokenWrites, AnonymousWrites]
