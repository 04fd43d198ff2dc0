"""Sessions: kept as digests, seen and ended by their owner alone, without any network address."""

import hashlib
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kb.accounts.models import Session
from kb.accounts.sessions import browser_words, end_other_sessions, end_session, open_sessions
from tests.accounts.people import make_person, sign_in

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"


def _key(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_what_the_database_holds_of_a_session_does_not_open_it(client: Client) -> None:
    sign_in(client, make_person())
    row = Session.objects.get()
    assert row.session_key == hashlib.sha256(_key(client).encode()).hexdigest()
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = row.session_key
    assert thief.get(reverse("account")).status_code == 302
    assert client.get(reverse("account")).status_code == 200


def test_a_person_sees_their_own_sessions_and_which_one_is_this() -> None:
    here, there, person = Client(), Client(), make_person()
    sign_in(here, person)
    sign_in(there, person)
    sign_in(Client(), make_person())
    found = open_sessions(person, _key(here))
    assert len(found) == 2
    assert [one.handle for one in found if one.is_this] == [hashlib.sha256(_key(here).encode()).hexdigest()]


def test_an_ended_session_opens_nothing() -> None:
    here, there, person = Client(), Client(), make_person()
    sign_in(here, person)
    sign_in(there, person)
    handle = next(one.handle for one in open_sessions(person, _key(here)) if not one.is_this)
    here.post(reverse("account_session_end"), {"session": handle})
    assert here.get(reverse("account")).status_code == 200
    assert there.get(reverse("account")).status_code == 302


def test_all_other_sessions_end_at_once() -> None:
    here, person = Client(), make_person()
    sign_in(here, person)
    others = [sign_in(Client(), person) for _ in range(2)]
    assert end_other_sessions(person, _key(here)) == 2
    assert [one.get(reverse("account")).status_code for one in (here, *others)] == [200, 302, 302]


def test_nobody_ends_the_session_of_another(client: Client) -> None:
    sign_in(client, make_person())
    assert not end_session(make_person(), Session.objects.get().session_key)
    assert Session.objects.count() == 1


@pytest.mark.parametrize("handle", ["\0", "é" * 64, "x" * 10_000, "' or 1=1"])
def test_a_handle_that_is_none_ends_nothing(client: Client, handle: str) -> None:
    sign_in(client, make_person())
    assert client.post(reverse("account_session_end"), {"session": handle}).status_code == 302
    assert Session.objects.count() == 1


def test_sessions_that_ran_out_are_swept_when_somebody_signs_in(client: Client) -> None:
    Session.objects.create(session_key="0" * 64, session_data="", expire_date=timezone.now() - timedelta(days=1))
    sign_in(client, make_person())
    assert not Session.objects.filter(session_key="0" * 64).exists()


@pytest.mark.parametrize(
    ("agent", "words"),
    [(FIREFOX, "Firefox on Linux"), (EDGE, "Edge on Windows"), ("curl/8.0", "A browser"), ("", "A browser")],
)
def test_a_browser_is_named_in_a_few_words(agent: str, words: str) -> None:
    assert browser_words(agent) == words
