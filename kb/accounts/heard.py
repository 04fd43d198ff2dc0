"""What happens when the accounts library says that something happened."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils import timezone

from kb.accounts.models import CacheRow, User
from kb.accounts.second_factor import note_set_up
from kb.accounts.sessions import end_other_sessions, note_opening


def signed_in(sender: type[User], request: HttpRequest, user: User, **more: Any) -> None:
    """A session was opened: a good moment to sweep out counts of attempts that have run out."""
    note_opening(request)
    CacheRow.objects.filter(expires__lt=timezone.now()).delete()


def authenticator_added(
    sender: type[Authenticator], request: HttpRequest, user: User, authenticator: Authenticator, **more: Any
) -> None:
    """An authenticator was set up."""
    note_set_up(request, user, authenticator)


def password_changed(sender: type[User], request: HttpRequest, user: User, **more: Any) -> None:
    """A password was set anew: whoever else is signed in with the old one is so no more."""
    end_other_sessions(user, request.session.session_key)
