"""Makes people for tests, and signs them in as the site would find them: with a session, and a second factor shown."""

from itertools import count

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.http import HttpRequest
from django.test import Client

from kb.accounts.models import User
from kb.accounts.roles import READER

PASSWORD = "nine green lanterns sail"
_NUMBERS = count(1)


def make_person(role: str = READER, mfa: bool = True, email: str = "", password: str | None = None, name: str = "") -> User:
    """Make a person with a confirmed address; with `mfa` also with an authenticator."""
    email = email or f"{role}-{next(_NUMBERS)}@example.org"
    person = User.objects.create_user(email, password, role=role, credit_name=name)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    if mfa:
        TOTP.activate(person, generate_totp_secret())
    return person


def sign_in(client: Client, person: User) -> Client:
    """Sign a person in; where they have an authenticator, its code counts as shown."""
    client.force_login(person)
    authenticator = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    if authenticator is not None:
        request = HttpRequest()
        request.session = client.session
        record_authentication(request, person, "mfa", id=authenticator.pk, type=authenticator.type)
        request.session.save()
    return client
