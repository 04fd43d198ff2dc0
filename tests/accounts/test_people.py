"""The first administrator, roles, and what is left of an account that was closed."""

import re
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from kb.accounts.models import Representation, Session, Token, User
from kb.accounts.people import close_account, set_role
from kb.accounts.representation import ask, parties_of
from kb.accounts.tokens import make_token
from kb.core.errors import Conflict, InvalidInput
from tests.accounts.people import PASSWORD, make_person, sign_in

pytestmark = pytest.mark.django_db
ADDRESS = "first@example.org"


def _bootstrap(email: str = ADDRESS) -> str:
    out = StringIO()
    call_command("bootstrap", "--email", email, stdout=out)
    return out.getvalue()


def test_there_is_nobody_before_the_first_administrator_is_made() -> None:
    assert not User.objects.exists()


def test_the_first_administrator_sets_a_password_by_the_link_that_is_shown_once() -> None:
    link = re.search(r"http://127\.0\.0\.1:8000(\S+)", _bootstrap())
    assert link
    person = User.objects.get()
    assert (person.role, person.email, person.has_usable_password()) == ("admin", ADDRESS, False)
    client = Client()
    form = client.get(link[1], follow=True)
    client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    client.post(reverse("account_login"), {"login": ADDRESS, "password": PASSWORD})
    assert client.get(reverse("account")).status_code == 200


def test_a_second_first_administrator_is_refused_in_one_line() -> None:
    _bootstrap()
    with pytest.raises(CommandError, match=r"^There is an administrator already[^\n]+$"):
        _bootstrap("second@example.org")
    assert User.objects.count() == 1


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a b@example.org"])
def test_the_first_administrator_has_an_address(email: str) -> None:
    with pytest.raises(CommandError, match="not an e-mail address"):
        _bootstrap(email)
    assert not User.objects.exists()


def test_a_role_is_given_by_command() -> None:
    person = make_person()
    call_command("set_role", person.email.upper(), "editor", stdout=StringIO())
    person.refresh_from_db()
    assert person.role == "editor"


def test_a_role_is_given_to_a_confirmed_address_alone() -> None:
    User.objects.create_user("claimed@example.org")
    with pytest.raises(CommandError, match="Nobody has confirmed"):
        call_command("set_role", "claimed@example.org", "admin")


def test_a_word_that_is_no_role_is_refused() -> None:
    with pytest.raises(InvalidInput, match="reader, contributor"):
        set_role(make_person(), "superuser")


def test_somebody_is_always_left_to_give_roles() -> None:
    only = make_person("admin")
    with pytest.raises(Conflict):
        set_role(only, "editor")
    with pytest.raises(Conflict):
        close_account(only)
    make_person("admin")
    set_role(only, "editor")


def test_closing_an_account_leaves_no_word_about_the_person(client: Client) -> None:
    person = make_person("contributor", email="marker@example.org", name="Marker Name", password=PASSWORD)
    sign_in(client, person)
    make_token(person, "marker token", ["proposals:write"], 30)
    ask(person, 7, work_email="marker@work.example", reason="Marker reason.")
    Representation.objects.create(user=person, party_record_id=8, verified_by=make_person("admin"), how_verified="A call.")
    answer = client.post(reverse("account_close"), {"password": PASSWORD})
    assert "Your account is closed" in answer.content.decode()
    for model in apps.get_models():
        for row in model._base_manager.all().values():
            assert "marker" not in str(row).lower(), model
    assert not any(model.objects.filter(user=person).exists() for model in (EmailAddress, Authenticator, Token, Session))
    left = User.objects.get(pk=person.pk)
    assert (left.email, left.credit_name, left.is_active, left.has_usable_password()) == ("", "", False, False)
    assert left.username == person.username
    assert parties_of(left) == frozenset()


def test_closing_takes_the_password(client: Client) -> None:
    person = make_person(password=PASSWORD)
    sign_in(client, person).post(reverse("account_close"), {"password": "another one"})
    assert User.objects.get(pk=person.pk).is_active


def test_an_address_is_free_again_once_its_account_is_closed(client: Client) -> None:
    close_account(make_person(email="again@example.org"))
    client.post(reverse("account_signup"), {"email": "again@example.org", "password1": PASSWORD})
    assert User.objects.filter(email="again@example.org", is_active=True).count() == 1


def test_the_name_for_credit_passes_the_guard(client: Client) -> None:
    person = make_person()
    sign_in(client, person)
    client.post(reverse("account"), {"credit_name": "  Ada Lovelace "})
    assert User.objects.get(pk=person.pk).credit_name == "Ada Lovelace"
    refused = client.post(reverse("account"), {"credit_name": "see https://example.org/list"})
    assert "discarded and not stored" in refused.content.decode()
    assert User.objects.get(pk=person.pk).credit_name == "Ada Lovelace"


def test_the_account_page_takes_nothing_but_the_name(client: Client) -> None:
    person = make_person()
    sign_in(client, person)
    client.post(reverse("account"), {"credit_name": "Ada", "role": "admin", "email": "x@example.org", "is_active": "0"})
    stored = User.objects.get(pk=person.pk)
    assert (stored.role, stored.email, stored.is_active) == ("reader", person.email, True)
