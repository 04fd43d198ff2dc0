"""Every account page is ours: our templates, one main heading, no inline code, and closed to others."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from kb.accounts.admin import operations
from kb.pages import account_urls
from tests import build
from tests.accounts.people import PASSWORD, make_person, sign_in
from tests.pages.test_every_page import outline

pytestmark = pytest.mark.django_db
PASSED = {"account_confirm_login_code", "mfa_download_recovery_codes"}
ENTRANCE = ["account_login", "account_signup", "account_reset_password", "account_reset_password_done",
            "account_reset_password_from_key_done", "account_inactive", "account_email_verification_sent"]  # fmt: skip
OWN = ["account", "account_sessions", "account_tokens", "account_parties", "account_close", "account_email",
       "account_change_password", "account_reauthenticate", "account_logout", "mfa_index", "mfa_reauthenticate",
       "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp"]  # fmt: skip
WITHOUT_FACTOR = ["mfa_activate_totp", "mfa_index", "account"]
DESK = ["desk_representatives"]
ACTS = ["account_session_end", "account_token_revoke", "desk_representative_decide", "desk_representative_end"]


def _names(patterns: Any) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and pattern.app_name != "admin":
            yield from _names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name


def _check(answer: Any, name: str) -> None:
    assert answer.status_code == 200, (name, answer.headers.get("Location"))
    found = outline(answer.content.decode())
    assert found.headings.count("h1") == 1, name
    assert (found.faults, found.open) == ([], []), name
    assert len(found.ids) == len(set(found.ids)), name
    assert set(found.targets) <= set(found.ids), name
    ours = str(settings.BASE_DIR / "templates")
    outside = [one.origin.name for one in answer.templates if one.origin and not str(one.origin.name).startswith(ours)]
    assert not [one for one in outside if "/django/forms/" not in one], name


def _trusted(person: Any) -> Client:
    client = sign_in(Client(), person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


@pytest.mark.parametrize("name", ENTRANCE)
def test_a_page_for_everybody_is_ours(client: Client, name: str) -> None:
    _check(client.get(reverse(name)), name)


def test_a_page_for_the_person_is_ours() -> None:
    person = make_person("admin", password=PASSWORD)
    client = _trusted(person)
    client.post(reverse("mfa_generate_recovery_codes"))
    for name in OWN + DESK:
        _check(client.get(reverse(name)), name)


def test_a_page_for_who_has_no_second_factor_is_ours() -> None:
    client = _trusted(make_person(mfa=False, password=PASSWORD))
    for name in WITHOUT_FACTOR:
        _check(client.get(reverse(name)), name)


def test_a_page_that_needs_a_key_or_a_step_before_it_is_ours(client: Client) -> None:
    person = make_person(password=PASSWORD)
    _check(client.get("/account/confirm-email/nothing/"), "account_confirm_email")
    _check(client.get("/account/password/reset/key/1-nothing/"), "account_reset_password_from_key")
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    _check(client.get(reverse("mfa_authenticate")), "mfa_authenticate")
    unset = make_person(mfa=False)
    _check(sign_in(Client(), unset).get(reverse("account_set_password")), "account_set_password")


def test_a_form_that_was_filled_in_wrong_says_so_beside_the_field(client: Client) -> None:
    answer = client.post(reverse("account_signup"), {"email": "nobody", "password1": "short"})
    _check(answer, "account_signup")
    html = answer.content.decode()
    assert 'aria-invalid="true"' in html
    assert 'id="id_email_error"' in html


def test_pages_with_rows_are_well_formed() -> None:
    party, person = build.party("The Maker"), make_person("admin", password=PASSWORD)
    client = sign_in(Client(), person)
    client.post(reverse("account_parties"), {"party": party.slug, "work_email": "a@maker.example", "reason": "I am of it."})
    client.post(reverse("account_tokens"), {"name": "importer", "scopes": ["proposals:read"], "days": 3})
    sign_in(Client(), person)
    for name in ("account_parties", "account_tokens", "account_sessions", "desk_representatives"):
        _check(client.get(reverse(name)), name)


def test_every_address_of_accounts_is_visited_here() -> None:
    keyed = {"account_confirm_email", "account_reset_password_from_key", "mfa_authenticate", "account_set_password"}
    names = set(_names(account_urls.urlpatterns))
    assert names == {*ENTRANCE, *OWN, *WITHOUT_FACTOR, *DESK, *ACTS, *keyed, *PASSED}
    assert operations.urls[1] == "admin"


@pytest.mark.parametrize("name", [*OWN, *DESK])
def test_a_page_of_a_person_sends_others_to_sign_in(client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 302, name
    assert answer.headers["Location"].startswith((reverse("account_login"), "/account/login/")), name


@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_not_done_by_following_a_link(client: Client, name: str) -> None:
    sign_in(client, make_person("admin"))
    numbered = name not in {"account_session_end"}
    assert client.get(reverse(name, args=[1] if numbered else [])).status_code == 405


def test_too_many_attempts_get_a_page_of_ours() -> None:
    assert str(get_template("429.html").origin.name).startswith(str(settings.BASE_DIR / "templates"))
