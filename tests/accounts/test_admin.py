"""The operations pages: for administrators with a second factor, about people, and never about a public row."""

import pytest
from django.contrib.admin.sites import all_sites
from django.test import Client
from django.urls import reverse

from kb.accounts.admin import operations
from kb.accounts.models import Representation, Token, User
from kb.accounts.tokens import make_token
from tests.accounts.people import make_person, sign_in

pytestmark = pytest.mark.django_db
START = "/desk/admin/"


def test_no_public_row_and_nothing_but_accounts_is_shown_on_any_operations_page() -> None:
    shown = {model for site in all_sites for model in site._registry}
    assert shown == {User, Representation, Token}
    assert {model._meta.app_label for model in operations._registry} == {"accounts"}


def test_an_administrator_sees_people_and_gives_a_role(client: Client) -> None:
    person = make_person(email="somebody@example.org")
    sign_in(client, make_person("admin"))
    assert client.get(START).status_code == 200
    assert "somebody@example.org" in client.get(reverse("admin:accounts_user_changelist")).content.decode()
    client.post(
        reverse("admin:accounts_user_change", args=[person.pk]), {"role": "reviewer", "is_active": "on", "email": "x@x.org"}
    )
    person.refresh_from_db()
    assert (person.role, person.email) == ("reviewer", "somebody@example.org")


@pytest.mark.parametrize("change", [{"role": "editor", "is_active": "on"}, {"role": "admin"}])
def test_the_last_administrator_stays_one(client: Client, change: dict[str, str]) -> None:
    admin = make_person("admin")
    answer = sign_in(client, admin).post(reverse("admin:accounts_user_change", args=[admin.pk]), change)
    assert answer.status_code == 409
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == ("admin", True)


@pytest.mark.parametrize("role", ["reader", "contributor", "reviewer", "editor"])
@pytest.mark.parametrize("path", ["", "accounts/user/", "accounts/token/", "jsi18n/", "nowhere/"])
def test_for_others_the_operations_pages_do_not_exist(client: Client, role: str, path: str) -> None:
    assert sign_in(client, make_person(role)).get(START + path).status_code == 404


def test_the_anonymous_reader_is_led_to_sign_in_where_everybody_does(client: Client) -> None:
    assert client.get(START).headers["Location"] == f"{reverse('account_login')}?next={START}"
    assert client.get(f"{START}login/").headers["Location"] == reverse("account_login")


def test_an_administrator_without_a_second_factor_is_led_to_set_it_up(client: Client) -> None:
    sign_in(client, make_person("admin", mfa=False))
    assert client.get(START).headers["Location"].startswith(reverse("mfa_activate_totp"))


@pytest.mark.parametrize("name", ["user", "representation", "token"])
def test_nothing_is_added_or_deleted_there(client: Client, name: str) -> None:
    admin = make_person("admin")
    token = make_token(admin, "importer", ["proposals:write"], 30)[0]
    sign_in(client, admin)
    assert client.get(f"{START}accounts/{name}/add/").status_code == 403
    assert client.post(f"{START}accounts/token/{token.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Token.objects.exists()


def test_tokens_show_no_secret_not_even_its_digest(client: Client) -> None:
    admin = make_person("admin")
    token, text = make_token(admin, "importer", ["proposals:write"], 30)
    html = sign_in(client, admin).get(f"{START}accounts/token/{token.pk}/change/").content.decode()
    assert "importer" in html
    assert token.digest not in html
    assert text.rpartition("_")[2] not in html
    assert "password" not in client.get(f"{START}accounts/user/{admin.pk}/change/").content.decode().lower().partition("<main")[2]
