"""Making the first administrator, giving roles, and closing accounts."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from kb.accounts.adapter import at_site
from kb.accounts.models import Representation, RepresentationRequest, Session, Token, User
from kb.accounts.roles import ADMIN, ROLES
from kb.core.errors import Conflict, InvalidInput, NotFound


def person_of(email: str) -> User:
    """Return the person who confirmed an address. Raises NotFound."""
    found = EmailAddress.objects.filter(email=email.strip().lower(), verified=True).select_related("user").first()
    if found is None:
        raise NotFound(f"Nobody has confirmed the address {email}.")
    person: User = found.user
    return person


@transaction.atomic
def make_first_admin(email: str) -> User:
    """Make the first administrator, without a password. Raises Conflict where there is one, InvalidInput for no address."""
    if administrators().exists():
        raise Conflict("There is an administrator already; give further roles with set_role.")
    email = _address(email)
    if EmailAddress.objects.filter(email=email, verified=True).exists():
        raise Conflict(f"{email} has an account already; give it the role with set_role.")
    person = User.objects.create_user(email, role=ADMIN)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def password_link(person: User) -> str:
    """Return a link to set a password: it works once, and for an hour."""
    key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return at_site(reverse("account_reset_password_from_key", kwargs=key))


@transaction.atomic
def set_role(person: User, role: str) -> None:
    """Give a person a role. Raises InvalidInput for a word that is none, Conflict where nobody would be left to give roles."""
    if role not in ROLES:
        raise InvalidInput(f"“{role}” is not a role. Roles are: {', '.join(ROLES)}.")
    if role != ADMIN:
        keep_an_administrator(person)
    person.role = role
    person.save(update_fields=["role"])


@transaction.atomic
def close_account(person: User) -> None:
    """Empty an account. What was submitted stays, under a name that says nothing; the row stays so that it keeps its author.

    Raises Conflict for the last administrator.
    """
    keep_an_administrator(person)
    now = timezone.now()
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    Token.objects.filter(user=person).delete()
    RepresentationRequest.objects.filter(user=person).delete()
    Representation.objects.filter(user=person, until=None).update(until=now)
    person.email = person.credit_name = ""
    person.role, person.is_active, person.closed = ROLES["reader"].code, False, now
    person.set_unusable_password()
    person.save()
    Session.objects.filter(user=person).delete()


def administrators() -> QuerySet[User]:
    """Return those who may sign in as administrators."""
    return User.objects.filter(role=ADMIN, is_active=True)


def keep_an_administrator(person: User) -> None:
    """Raise Conflict where a person is the last administrator. Call it in a transaction: it locks the others."""
    others = administrators().exclude(pk=person.pk).select_for_update()
    if person.role == ADMIN and not list(others):
        raise Conflict("This is the last administrator. Make another one first.")


def _address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidInput(f"“{email}” is not an e-mail address.") from None
    return email
