"""Passwords: set anew by a link that works once and for an hour, and whoever holds the old one is out."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kb.accounts.models import User
from kb.accounts.people import password_link
from tests.accounts.people import PASSWORD, make_person, sign_in

pytestmark = pytest.mark.django_db
NEW = "seven blue kettles hum"


def _ask(client: Client, email: str) -> Any:
    return client.post(reverse("account_reset_password"), {"email": email})


def _link(mail: EmailMessage) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/account/\S+)", mail.body)
    assert found
    return found[1]


def _follow(client: Client, link: str) -> Any:
    form = client.get(link, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})


def test_a_link_sets_a_new_password_once(client: Client, mailoutbox: list[EmailMessage]) -> None:
    person = make_person(password=PASSWORD)
    _ask(client, person.email)
    link = _link(mailoutbox[0])
    _follow(Client(), link)
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert "no longer good" in Client().get(link).content.decode()


def test_the_answer_does_not_tell_whether_there_is_such_an_account(client: Client) -> None:
    known, unknown = _ask(client, make_person().email), _ask(client, "nobody@example.org")
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])


def test_a_link_runs_out_after_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    person = make_person(password=PASSWORD)
    link = password_link(person).removeprefix("http://127.0.0.1:8000")
    assert Client().get(link).status_code == 302
    late = timezone.now().replace(tzinfo=None) + timedelta(hours=1, minutes=5)
    monkeypatch.setattr(type(default_token_generator), "_now", lambda self: late)
    assert "no longer good" in Client().get(link).content.decode()


def test_a_new_password_ends_every_session_of_the_old_one(mailoutbox: list[EmailMessage]) -> None:
    person, old = make_person(password=PASSWORD), Client()
    sign_in(old, person)
    _ask(Client(), person.email)
    _follow(Client(), _link(mailoutbox[0]))
    assert old.get(reverse("account")).status_code == 302
    assert mailoutbox[-1].subject == "Your password was set anew"


def test_changing_the_password_keeps_this_session_and_ends_the_others() -> None:
    person, here, there = make_person(password=PASSWORD, mfa=False), Client(), Client()
    sign_in(here, person)
    sign_in(there, person)
    change = reverse("account_change_password")
    here.post(change, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert User.objects.get(pk=person.pk).check_password(NEW)
    assert [one.get(reverse("account")).status_code for one in (here, there)] == [200, 302]


def test_the_link_of_a_mail_is_at_the_address_of_the_site_whatever_host_was_asked(mailoutbox: list[EmailMessage]) -> None:
    Client().post(reverse("account_reset_password"), {"email": make_person().email}, headers={"host": "localhost"})
    assert "http://127.0.0.1:8000/account/password/reset/key/" in mailoutbox[0].body
    assert "localhost" not in mailoutbox[0].body


def test_a_new_address_holds_once_it_is_confirmed(client: Client, mailoutbox: list[EmailMessage]) -> None:
    person = make_person(password=PASSWORD, mfa=False, email="old@example.org")
    sign_in(client, person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    assert User.objects.get(pk=person.pk).email == "old@example.org"
    client.post(_link(mailoutbox[0]))
    assert User.objects.get(pk=person.pk).email == "new@example.org"
    assert {tuple(mail.to) for mail in mailoutbox} >= {("old@example.org",), ("new@example.org",)}
