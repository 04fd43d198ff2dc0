"""The forms of the accounts library in our words. Those of our own pages are in `kb/pages/forms/account.py`."""

from typing import ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.db import transaction
from django.http import HttpRequest

_LABELS = {
    "login": "E-mail address",
    "email": "E-mail address",
    "password": "Password",
    "password1": "New password",
    "password2": "The new password once more",
    "oldpassword": "Current password",
    "remember": "Keep me signed in on this device for two weeks",
    "code": "Code",
}
_CODE_HELP = "The six digits that your authenticator app shows, or one of your recovery codes."


class Plain(forms.Form):
    """Gives the fields plain labels and takes the placeholders away, which vanish when they are needed."""

    labels: ClassVar[dict[str, str]] = {}
    helps: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name) or _LABELS.get(name, field.label)
            field.help_text = self.helps.get(name, field.help_text)


class Login(Plain, account.LoginForm):
    """Sign in."""


class SignUp(Plain, account.SignupForm):
    """Open an account."""

    labels = {"password1": "Password"}
    helps = {"email": "We send a link to this address. It is never shown to others."}

    @transaction.atomic
    def save(self, request: HttpRequest) -> object:
        """Store the person with the address, or neither: without its row the address could never be confirmed."""
        return super().save(request)


class ChangeEmail(Plain, account.AddEmailForm):
    """Take another address."""

    labels = {"email": "New e-mail address"}


class ChangePassword(Plain, account.ChangePasswordForm):
    """Take another password."""

    helps = {"oldpassword": ""}


class SetPassword(Plain, account.SetPasswordForm):
    """Set a first password."""


class ResetPassword(Plain, account.ResetPasswordForm):
    """Ask for a link to set a new password."""


class ResetPasswordFromKey(Plain, account.ResetPasswordKeyForm):
    """Set a new password by the link of a mail."""


class Reauthenticate(Plain, account.ReauthenticateForm):
    """Show the password again before something sensitive."""


class Authenticate(Plain, mfa.AuthenticateForm):
    """Show the second factor while signing in."""

    helps = {"code": _CODE_HELP}


class ReauthenticateByCode(Plain, mfa.ReauthenticateForm):
    """Show the second factor again."""

    helps = {"code": _CODE_HELP}


class ActivateTotp(Plain, ActivateTOTPForm):
    """Set an authenticator up."""

    helps = {"code": "The six digits that the app shows after it has read the picture or the key."}
