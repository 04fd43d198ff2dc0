"""The codes that an authenticator app would show."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from kb.accounts.models import User
from kb.accounts.second_factor import SecondFactorAdapter


def code_of(person: User) -> str:
    """Return the code of a person's authenticator now."""
    data = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP).data
    return code_of_secret(SecondFactorAdapter().decrypt(data["secret"]))


def code_of_secret(secret: str) -> str:
    """Return the code of a secret now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
