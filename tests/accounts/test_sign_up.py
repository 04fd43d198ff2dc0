"""Opening an account: an address is confirmed before it opens anything, and nobody learns who has one."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from kb.accounts.models import User
from tests.accounts.people import PASSWORD, make_person
from tests.pages.reading import folded

pytestmark = pytest.mark.django_db
ADDRESS = "ada@example.org"
SIGN_UP = {"email": ADDRESS, "password1": PASSWORD}


def _link(mail: EmailMessage) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/account/\S+)", mail.body)
    assert found
    return found[1]


def test_an_account_opens_once_its_address_is_confirmed(client: Client, mailoutbox: list[EmailMessage]) -> None:
    answer = client.post(reverse("account_signup"), SIGN_UP)
    assert answer.headers["Location"] == reverse("account_email_verification_sent")
    assert client.get(reverse("account")).status_code == 302
    client.post(_link(mailoutbox[0]))
    assert EmailAddress.objects.get(email=ADDRESS).verified
    client.post(reverse("account_login"), {"login": ADDRESS, "password": PASSWORD})
    assert client.get(reverse("account")).status_code == 200


def test_a_new_person_is_a_reader_whatever_the_form_says(client: Client) -> None:
    client.post(reverse("account_signup"), SIGN_UP | {"role": "admin", "is_active": "1", "credit_name": "x", "username": "root"})
    person = User.objects.get(email=ADDRESS)
    assert (person.role, person.credit_name) == ("reader", "")
    assert re.fullmatch(r"p-[0-9a-f]{16}", person.username)


def test_an_unconfirmed_address_does_not_sign_in(client: Client) -> None:
    client.post(reverse("account_signup"), SIGN_UP)
    fresh = Client()
    answer = fresh.post(reverse("account_login"), {"login": ADDRESS, "password": PASSWORD})
    assert answer.headers["Location"] == reverse("account_email_verification_sent")
    assert fresh.get(reverse("account")).status_code == 302


def test_an_address_that_has_an_account_gets_the_same_answer_and_its_owner_a_mail(mailoutbox: list[EmailMessage]) -> None:
    make_person(email=ADDRESS)
    known, unknown = (Client().post(reverse("account_signup"), SIGN_UP | {"email": one}) for one in (ADDRESS, "new@example.org"))
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert User.objects.filter(email=ADDRESS).count() == 1
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        ([ADDRESS], "You have an account already"),
        (["new@example.org"], "Confirm your e-mail address"),
    ]


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short one", "at least 12 characters"),
        ("1qaz2wsx3edc", "too common"),
        ("ada@example.org1", "too similar to the e-mail address"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(client: Client, password: str, words: str) -> None:
    answer = client.post(reverse("account_signup"), SIGN_UP | {"password1": password})
    assert answer.status_code == 200
    assert words in folded(answer.content.decode())
    assert not User.objects.exists()


def test_a_link_works_once(client: Client, mailoutbox: list[EmailMessage]) -> None:
    client.post(reverse("account_signup"), SIGN_UP)
    link = _link(mailoutbox[0])
    client.post(link)
    assert "no longer good" in client.get(link).content.decode()


def test_mails_say_who_writes_and_hold_no_network_address(client: Client, mailoutbox: list[EmailMessage]) -> None:
    client.post(reverse("account_signup"), SIGN_UP, REMOTE_ADDR="203.0.113.9", headers={"user-agent": "Marker/1.0"})
    assert "Upstream" in mailoutbox[0].body
    assert "203.0.113" not in str(mailoutbox[0].message())
    assert "Marker" not in str(mailoutbox[0].message())
