"""The second factor: its secrets are stored encrypted, and setting one up counts as having shown it.

The secrets hang on the installation's secret key: a new key needs the old one among Django's fallback keys, or people
set their authenticators up anew.
"""

import base64
import hashlib
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import force_bytes

from kb.accounts.models import User

_SALT = b"kb.accounts.second_factor:"


class SecondFactorAdapter(DefaultMFAAdapter):
    """Our choices where the library asks for them."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is wrong or was used already.",
        "unverified_email": "Confirm your e-mail address first; the link is in the mail that we sent you.",
    }

    def encrypt(self, text: str) -> str:
        """Make a secret unreadable to whoever has the database alone."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Undo `encrypt`."""
        return _box().decrypt(encrypted_text.encode()).decode()


def note_set_up(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    """Whoever sets an authenticator up has just shown a code of it: the session counts as confirmed."""
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def _box() -> MultiFernet:
    keys = [force_bytes(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(_SALT + key).digest())) for key in keys])
