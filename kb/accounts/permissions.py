"""Who may open a page. To those who may not, it does not exist: hidden and missing look the same from outside.

Anonymous readers are led to sign in first. From the role of reviewer on, the session must have confirmed a second factor;
who has none yet is led to set one up. The API has rules of its own, for tokens (`kb/api/authentication.py`).
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.views.decorators.cache import never_cache

from kb.accounts.models import User
from kb.accounts.roles import READER, HasRole, has_role, is_sensitive

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
# Where a session goes on once the second factor has been set up.
AFTER_SET_UP = "after_second_factor"
# Where a view keeps the role that it asks for.
_LEAST_ROLE = "least_role"


def requires_role(role: str) -> Callable[[View[P]], View[P]]:
    """Open a page to people with at least this role. What it answers is kept by no cache."""

    def decorate(view: View[P]) -> View[P]:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            return _first_this(request, role) or view(request, *args, **kwargs)

        setattr(guarded, _LEAST_ROLE, role)
        return cast(View[P], guarded)

    return decorate


signed_in = requires_role(READER)


def opens_to(person: HasRole, view: Callable[..., object]) -> bool:
    """Whether a person has the role that a page asks for; pages that ask for none open to everybody."""
    role: str | None = getattr(view, _LEAST_ROLE, None)
    return role is None or has_role(person, role)


def _first_this(request: HttpRequest, role: str) -> HttpResponseBase | None:
    """Return what must be done first, or None where the page is open. Raises Http404 to those who lack the role."""
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    if not has_role(request.user, role):
        raise Http404
    if is_sensitive(role) and settings.REQUIRE_MFA and not second_factor_confirmed(request):
        return _to_second_factor(request, request.user)
    return None


def second_factor_confirmed(request: HttpRequest) -> bool:
    """Whether this session has shown a second factor that the person still has."""
    if not isinstance(request.user, User):
        return False
    shown = any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))
    return shown and has_second_factor(request.user)


def has_second_factor(person: User) -> bool:
    """Whether a person has set up an authenticator."""
    return bool(is_mfa_enabled(person, [Authenticator.Type.TOTP]))


def _to_second_factor(request: HttpRequest, person: User) -> HttpResponseBase:
    if has_second_factor(person):
        return redirect_to_login(request.get_full_path(), resolve_url("mfa_reauthenticate"))
    request.session[AFTER_SET_UP] = request.get_full_path()
    return redirect_to_login(request.get_full_path(), resolve_url("mfa_activate_totp"))
