"""What Upstream wants otherwise than the accounts library does: its own address in mails, no network address kept.

The library counts attempts by the client's address and would write it into notices. Here it gets a keyed digest of the
address's network, which serves to count and says nothing, and notices go without it.
"""

import ipaddress
from typing import Any
from urllib.parse import urljoin

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac

from kb.accounts.models import User
from kb.accounts.models.user import opaque_name

_SALT = "kb.accounts.network"
# An IPv6 client has a whole /64 to choose addresses from.
_IPV6_NETWORK = 64


class AccountAdapter(DefaultAccountAdapter):
    """Our choices where the library asks for them."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The e-mail address or the password is wrong.",
        "too_many_login_attempts": "There were too many attempts. Please try again in some minutes.",
        "rate_limited": "There were too many attempts. Please try again in some minutes.",
        "incorrect_code": "This code is wrong or was used already.",
        "incorrect_password": "This password is wrong.",
        "enter_current_password": "This is not your current password.",
        "duplicate_email": "This is your e-mail address already.",
        "invalid_password_reset": "This link to set a password is no longer good.",
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return what stands for the client's address."""
        return network_digest(request)

    def get_http_user_agent(self, request: HttpRequest) -> str:
        """Keep what the browser calls itself out of mails."""
        return ""

    def generate_unique_username(self, txts: list[str | None], regex: str | None = None) -> str:
        """Return a name that does not come from the e-mail address."""
        return opaque_name()

    def is_ajax(self, request: HttpRequest) -> bool:
        """Answer every client with pages; the API is elsewhere."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of a mail, at the address that the site is known by."""
        uidb36, _, rest = key.partition("-")
        return at_site(reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": rest}))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Return the link of a mail, at the address that the site is known by."""
        return at_site(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go back to the account."""
        return reverse("account")

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell a person what changed in their account, without where from."""
        to = email or EmailAddress.objects.get_primary_email(user)
        if to:
            self.send_mail(template_prefix, to, context or {})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a mail, with the site's name and address at hand."""
        more = {"site_name": settings.SITE_NAME, "site_address": settings.SITE_ADDRESS, "account": at_site(reverse("account"))}
        super().send_mail(template_prefix, email, context | more)

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of an address that somebody tried to sign up with it again."""
        self.send_mail(
            "account/email/account_already_exists", email, {"password_reset_url": at_site(reverse("account_reset_password"))}
        )

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> User:
        """Make the person; the address is kept in small letters."""
        person: User = super().save_user(request, user, form, commit=False)
        person.email = person.email.lower()
        if commit:
            person.save()
        return person


def at_site(path: str) -> str:
    """Return the whole address of a page, as it stands in mails."""
    return urljoin(f"{settings.SITE_ADDRESS}/", path)


def network_digest(request: HttpRequest) -> str:
    """Return a digest of the network that a request comes from, made with the secret key: good for counting alone."""
    return salted_hmac(_SALT, _network(get_client_ip(request) or ""), algorithm="sha256").hexdigest()[:32]


def _network(address: str) -> str:
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{address}/{_IPV6_NETWORK}", strict=False)) if version == 6 else address
