"""Signing in: one answer for a wrong password and an unknown address, throttled, with the second factor where there is one."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.apps import apps
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from kb.accounts.adapter import network_digest
from kb.accounts.models import CacheRow, User
from tests.accounts.codes import code_of, code_of_secret
from tests.accounts.people import PASSWORD, make_person, sign_in
from tests.pages.reading import folded

pytestmark = pytest.mark.django_db
WHERE = "203.0.113.77"


def _try(client: Client, email: str, password: str, where: str = WHERE) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password}, REMOTE_ADDR=where)


def _said(answer: Any) -> str:
    text = folded(answer.content.decode())
    return text[text.index("Sign in") :]


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client) -> None:
    person = make_person(password=PASSWORD)
    wrong, unknown = _try(client, person.email, "no such password"), _try(client, "nobody@example.org", "no such password")
    assert "The e-mail address or the password is wrong." in _said(wrong)
    assert (wrong.status_code, _said(wrong)) == (unknown.status_code, _said(unknown))


def test_guessing_one_address_is_stopped_from_wherever_it_comes() -> None:
    person = make_person(password=PASSWORD, mfa=False)
    for number in range(5):
        _try(Client(), person.email, f"guess number {number}", where=f"198.51.100.{number}")
    refused = _try(Client(), person.email, PASSWORD, where="198.51.100.99")
    assert refused.status_code == 200
    assert "too many attempts" in _said(refused)


def test_guessing_from_one_network_is_stopped_whatever_the_address() -> None:
    answers = [_try(Client(), f"nobody-{number}@example.org", "guess") for number in range(11)]
    assert "too many attempts" in _said(answers[-1])
    assert "too many attempts" not in _said(answers[0])


def test_a_client_of_ipv6_does_not_escape_by_taking_another_address_of_its_network() -> None:
    answers = [_try(Client(), f"nobody-{n}@example.org", "guess", where=f"2001:db8:1:2::{n}") for n in range(11)]
    assert "too many attempts" in _said(answers[-1])


def test_the_count_is_shared_by_all_workers_and_says_nothing_of_the_address(settings: Any) -> None:
    assert settings.CACHES["default"]["BACKEND"] == "kb.core.counts.Counts"
    _try(Client(), "nobody@example.org", "guess")
    assert CacheRow.objects.filter(cache_key__contains="login_failed").exists()
    assert cache.get("unknown") is None
    for model in apps.get_models():
        for row in model._base_manager.all().values():
            assert WHERE not in str(row), model
            assert "nobody@example.org" not in str(row), model


def test_the_digest_of_a_network_hangs_on_the_secret_key(rf: Any, settings: Any) -> None:
    request = rf.get("/", REMOTE_ADDR=WHERE)
    before = network_digest(request)
    settings.SECRET_KEY = "another"
    assert network_digest(request) != before


def test_an_address_is_taken_from_a_proxy_only_where_one_is_trusted(rf: Any, settings: Any) -> None:
    claimed = rf.get("/", REMOTE_ADDR=WHERE, headers={"x-forwarded-for": "192.0.2.1"})
    direct = rf.get("/", REMOTE_ADDR=WHERE)
    assert network_digest(claimed) == network_digest(direct)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert network_digest(claimed) == network_digest(rf.get("/", REMOTE_ADDR="192.0.2.1"))


def test_who_has_an_authenticator_is_in_only_after_its_code(client: Client) -> None:
    person = make_person("editor", password=PASSWORD)
    assert _try(client, person.email, PASSWORD).headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("account")).status_code == 302
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert client.get(reverse("account")).status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": code_of(person)})
    assert client.get(reverse("account")).status_code == 200


def test_a_code_works_once() -> None:
    person = make_person("editor", password=PASSWORD)
    code, ends = code_of(person), []
    for _ in range(2):
        client = Client()
        _try(client, person.email, PASSWORD)
        client.post(reverse("mfa_authenticate"), {"code": code})
        ends.append(client.get(reverse("account")).status_code)
    assert ends == [200, 302]


def test_a_recovery_code_stands_in_for_the_authenticator_once() -> None:
    person = make_person("editor", password=PASSWORD)
    code, ends = RecoveryCodes.activate(person).get_unused_codes()[0], []
    for _ in range(2):
        client = Client()
        _try(client, person.email, PASSWORD)
        client.post(reverse("mfa_authenticate"), {"code": code})
        ends.append(client.get(reverse("account")).status_code)
    assert ends == [200, 302]


@pytest.mark.django_db(transaction=True)
def test_setting_an_authenticator_up_counts_as_showing_it(client: Client, mailoutbox: list[EmailMessage]) -> None:
    person = make_person("admin", mfa=False, password=PASSWORD)
    sign_in(client, person)
    client.get(reverse("desk_representatives"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    shown = client.get(reverse("mfa_activate_totp"))
    code = code_of_secret(shown.context["form"].secret)
    codes = client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)
    assert f'href="{reverse("desk_representatives")}"' in codes.content.decode()
    assert client.get(reverse("desk_representatives")).status_code == 200
    assert mailoutbox[-1].subject == "A second factor was set up"


def test_the_secrets_of_authenticators_are_not_readable_in_the_database() -> None:
    person = make_person("editor")
    RecoveryCodes.activate(person)
    shown = Authenticator.objects.get(user=person, type="totp").wrap()
    codes = RecoveryCodes(Authenticator.objects.get(user=person, type="recovery_codes")).get_unused_codes()
    assert shown.validate_code(code_of(person))
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert "gAAAA" in stored
    assert not [code for code in codes if code in stored]


def test_a_closed_account_does_not_sign_in(client: Client) -> None:
    person = make_person(password=PASSWORD, mfa=False)
    User.objects.filter(pk=person.pk).update(is_active=False)
    _try(client, person.email, PASSWORD)
    assert client.get(reverse("account")).status_code == 302


def test_one_is_led_back_to_where_one_came_from_but_never_to_another_site(client: Client) -> None:
    person = make_person(password=PASSWORD, mfa=False)
    login = reverse("account_login")
    there = client.post(
        f"{login}?next=/account/tokens/", {"login": person.email, "password": PASSWORD, "next": "/account/tokens/"}
    )
    assert there.headers["Location"] == "/account/tokens/"
    client.post(reverse("account_logout"))
    away = client.post(login, {"login": person.email, "password": PASSWORD, "next": "https://evil.example/"})
    assert away.headers["Location"] == reverse("account")


def test_signing_out_takes_a_deliberate_act(client: Client) -> None:
    sign_in(client, make_person())
    client.get(reverse("account_logout"))
    assert client.get(reverse("account")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("account")).status_code == 302


def test_a_form_from_another_site_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    person = make_person(password=PASSWORD, mfa=False)
    assert _try(strict, person.email, PASSWORD).status_code == 403
