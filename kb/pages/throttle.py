"""How often one machine may try something in an hour. Only a keyed digest of its address is kept, for that hour."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from kb.core.errors import UserError

_HOUR = 3600


class TooOften(UserError):
    """More tries than an hour allows."""

    status = 429


def throttled(request: HttpRequest, what: str, most: int) -> None:
    """Count one try. Raises TooOften where there were too many within the hour."""
    key = f"{what}:{salted_hmac('kb.pages.throttle', _address(request), algorithm='sha256').hexdigest()}"
    if cache.add(key, 1, _HOUR):
        return
    try:
        tries = cache.incr(key)
    except ValueError:  # it ended between the two
        return
    if tries > most:
        raise TooOften("That was tried too often from here. Please wait for an hour.")


def _address(request: HttpRequest) -> str:
    """The address that the outermost trusted proxy saw, or that of the connection."""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    return forwarded[-proxies] if proxies and len(forwarded) >= proxies else str(request.META.get("REMOTE_ADDR", ""))
