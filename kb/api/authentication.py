"""Who a program acts for: tokens in the Authorization header, and what each may do.

Reading asks nobody who they are; the addresses that take something name `TokenAuthentication` and a scope. Sessions open
nothing here, so no other site can make a browser write.
"""

from typing import Any

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from kb.accounts.models import Token, User
from kb.accounts.tokens import SCOPES, note_use, read_token

SCHEME = "Bearer"
_REALM = f'{SCHEME} realm="Upstream API"'
_PARTS = 2


class TokenAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer up_…`. A token that opens nothing is refused, never taken for no token."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """Return the person and the token, or None where none was sent. Raises AuthenticationFailed (401)."""
        header = get_authorization_header(request).split()
        if not header:
            return None
        ours = len(header) == _PARTS and header[0].lower() == SCHEME.lower().encode()
        token = read_token(header[1].decode("latin-1")) if ours else None
        if token is None:
            raise AuthenticationFailed("This token is unknown, ran out or was revoked.")
        note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 says about how to do it right."""
        return f'{_REALM}, error="invalid_token"' if get_authorization_header(request) else _REALM


class Scoped(BasePermission):
    """A token must have the scope of the address; `anonymous` says whether one may also come without any token."""

    scope = ""
    anonymous = False

    def has_permission(self, request: Request, view: Any) -> bool:
        """Raises NotAuthenticated (401) where a token is needed; says no (403) where the scope is missing."""
        if request.auth is None:
            if self.anonymous:
                return True
            raise NotAuthenticated("This address needs a token.")
        return isinstance(request.auth, Token) and self.scope in request.auth.scopes

    @property
    def message(self) -> str:
        """Return what a 403 says."""
        return f"This token lacks the scope {self.scope}."


def requires_scope(scope: str, *, anonymous: bool = False) -> type[Scoped]:
    """Return the permission class for a scope. Raises KeyError for a word that is none."""
    return type("RequiresScope", (Scoped,), {"scope": SCOPES[scope].code, "anonymous": anonymous})
