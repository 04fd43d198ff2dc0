"""Programs that act for people: the token opens what its scope says, and a bad one is said to be bad."""

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.test import Client
from django.urls import path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from kb.accounts.models import CacheRow, Token
from kb.accounts.tokens import make_token
from kb.api.authentication import TokenAuthentication, requires_scope
from kb.api.throttles import WRITES, AnonymousWrites, TokenWrites
from kb.core import clock
from tests.accounts.people import make_person, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
SCOPE = "proposals:write"


class _Open(APIView):
    authentication_classes: ClassVar[list[Any]] = [TokenAuthentication]
    permission_classes: ClassVar[list[Any]] = [requires_scope(SCOPE, anonymous=True)]
    throttle_classes: ClassVar[list[type[BaseThrottle]]] = WRITES

    def get(self, request: Request) -> Response:
        return Response({"who": getattr(request.user, "email", "nobody")})

    def post(self, request: Request) -> Response:
        return Response({}, status=202)


class _Closed(_Open):
    permission_classes: ClassVar[list[Any]] = [requires_scope(SCOPE)]


urlpatterns = [path("api/open/", _Open.as_view()), path("api/closed/", _Closed.as_view())]


def _token(scope: str = SCOPE) -> tuple[Token, str]:
    return make_token(make_person("contributor"), "importer", [scope], 30)


def _get(client: Client, text: str, address: str = "/api/closed/") -> Any:
    return client.get(address, headers={"authorization": text} if text else {})


def test_a_token_opens_what_its_scope_says_in_the_name_of_its_person(client: Client) -> None:
    token, text = _token()
    assert _get(client, f"Bearer {text}").json() == {"who": token.user.email}
    assert _get(client, f"bearer {text}").status_code == 200
    assert Token.objects.get().last_used == clock.today()


def test_a_token_of_another_scope_is_refused_with_the_scope_that_it_lacks(client: Client) -> None:
    answer = _get(client, f"Bearer {_token('proposals:read')[1]}")
    assert (answer.status_code, answer.json()["detail"]) == (403, "This token lacks the scope proposals:write.")


@pytest.mark.parametrize("address", ["/api/open/", "/api/closed/"])
@pytest.mark.parametrize("text", ["Bearer up_0_x", "Bearer", "Bearer a b c", "Basic eDp4", "Token x", "Bearer \xff"])
def test_a_token_that_is_none_is_refused_even_where_none_is_needed(client: Client, text: str, address: str) -> None:
    answer = _get(client, text, address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Upstream API", error="invalid_token"'
    assert answer.json()["detail"] == "This token is unknown, ran out or was revoked."


def test_a_token_that_ran_out_is_refused_like_one_that_never_was(client: Client) -> None:
    token, text = _token()
    Token.objects.filter(pk=token.pk).update(expires=timezone.now() - timedelta(seconds=1))
    late, unknown = _get(client, f"Bearer {text}"), _get(client, "Bearer up_000000000000_x")
    assert (late.status_code, late.content) == (unknown.status_code, unknown.content)


def test_without_a_token_a_closed_address_says_what_it_needs(client: Client) -> None:
    answer = _get(client, "")
    assert (answer.status_code, answer.json()["detail"]) == (401, "This address needs a token.")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Upstream API"'
    assert _get(client, "", "/api/open/").json() == {"who": "nobody"}


def test_a_session_opens_nothing_here(client: Client) -> None:
    sign_in(client, make_person("admin"))
    assert _get(client, "").status_code == 401


def test_writing_is_bounded_for_each_token_and_reading_is_not(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TokenWrites, "rate", "2/hour")
    mine, other = (f"Bearer {_token()[1]}" for _ in range(2))
    answers = [client.post("/api/closed/", headers={"authorization": mine}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert client.post("/api/closed/", headers={"authorization": other}).status_code == 202
    assert _get(client, mine).status_code == 200


def test_writing_without_a_token_is_bounded_for_each_network_which_is_not_stored(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AnonymousWrites, "rate", "1/hour")
    here = [client.post("/api/open/", REMOTE_ADDR="203.0.113.5").status_code for _ in range(2)]
    there = client.post("/api/open/", REMOTE_ADDR="203.0.113.6").status_code
    assert (here, there) == ([202, 429], 202)
    keys = list(CacheRow.objects.values_list("cache_key", flat=True))
    assert len(keys) == 2
    assert not [key for key in keys if "203.0.113" in key]


def test_a_scope_that_nobody_declared_is_a_mistake_of_the_code() -> None:
    with pytest.raises(KeyError):
        requires_scope("everything")
