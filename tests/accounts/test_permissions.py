"""Who gets through the door of a page, and what the others see."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse

from kb.accounts.permissions import requires_role
from kb.accounts.roles import ROLES
from kb.urls import handler404
from kb.urls import urlpatterns as site
from tests.accounts.people import make_person, sign_in


def _answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("inside")


urlpatterns = [*(path(f"inside/{role}/", requires_role(role)(_answer)) for role in ROLES), *site]
__all__ = ["handler404", "urlpatterns"]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def test_the_anonymous_reader_is_led_to_sign_in_and_back(client: Client) -> None:
    answer = client.get("/inside/editor/?tab=2")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{reverse('account_login')}?next=/inside/editor/%3Ftab%3D2"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("wanted", ROLES)
def test_a_page_opens_to_its_role_and_above_and_does_not_exist_for_those_below(client: Client, role: str, wanted: str) -> None:
    answer = sign_in(client, make_person(role)).get(f"/inside/{wanted}/")
    assert answer.status_code == (200 if list(ROLES).index(role) >= list(ROLES).index(wanted) else 404)


def test_hidden_and_missing_look_the_same(client: Client) -> None:
    sign_in(client, make_person("reader"))
    hidden, missing = client.get("/inside/editor/"), client.get("/inside/nowhere/")
    assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content)


def test_without_a_second_factor_one_is_led_to_set_it_up_and_finds_the_way_back(client: Client) -> None:
    sign_in(client, make_person("editor", mfa=False))
    answer = client.get("/inside/editor/")
    assert answer.headers["Location"].startswith(reverse("mfa_activate_totp"))
    assert client.session["after_second_factor"] == "/inside/editor/"


def test_a_session_that_has_not_shown_the_second_factor_is_asked_for_it(client: Client) -> None:
    client.force_login(make_person("reviewer"))
    answer = client.get("/inside/reviewer/")
    assert answer.headers["Location"] == f"{reverse('mfa_reauthenticate')}?next=/inside/reviewer/"


def test_a_second_factor_that_was_removed_opens_nothing_any_more(client: Client) -> None:
    person = make_person("editor")
    sign_in(client, person)
    Authenticator.objects.filter(user=person).delete()
    assert client.get("/inside/editor/").status_code == 302


def test_roles_below_reviewer_need_no_second_factor(client: Client) -> None:
    assert sign_in(client, make_person("contributor", mfa=False)).get("/inside/contributor/").status_code == 200


def test_an_installation_may_do_without_the_second_factor(client: Client, settings: Any) -> None:
    settings.REQUIRE_MFA = False
    assert sign_in(client, make_person("admin", mfa=False)).get("/inside/admin/").status_code == 200


def test_what_a_closed_door_hides_is_kept_by_no_cache(client: Client) -> None:
    inside = sign_in(client, make_person("editor")).get("/inside/editor/")
    assert "no-store" in inside.headers["Cache-Control"]
    assert "private" in inside.headers["Cache-Control"]


def test_a_role_that_was_taken_away_is_gone_at_once(client: Client) -> None:
    person = make_person("editor")
    sign_in(client, person)
    type(person).objects.filter(pk=person.pk).update(role="reader")
    assert client.get("/inside/editor/").status_code == 404
