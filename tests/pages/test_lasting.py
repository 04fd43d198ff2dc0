"""Pages of lineage are made once for each edition, and are the same for everybody."""

from types import SimpleNamespace

import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from kb.core.clock import now
from kb.core.kept import asked_for
from kb.pages.views.lasting import lasting
from kb.records.models import SourceRun
from tests import build
from tests.accounts.people import make_person, sign_in

pytestmark = pytest.mark.django_db

LASTING = [
    "/", "/datasets/", "/datasets/?training_data=not_disclosed", "/r/laion/", "/r/laion/statements/", "/statements/1/",
    "/editions/", "/editions/1/", "/what-changed/", "/lineage/laion/", "/lineage/laion/?depth=1",
    "/lineage/laion/steps/", "/lineage/laion/picture.svg", "/lineage/laion/picture.png", "/lineage/laion/trace/sd/",
    "/lineage/laion/trace/sd/?format=html", "/embed/lineage/laion/", "/compare/?a=laion&b=sd",
]  # fmt: skip


@pytest.fixture
def world() -> SimpleNamespace:
    data, model = build.dataset("LAION"), build.model("SD")
    return SimpleNamespace(data=data, model=model, step=build.state(model, "trained_on", data))


@pytest.mark.parametrize("address", LASTING)
def test_a_second_reader_gets_the_same_for_one_query(world: SimpleNamespace, client: Client, address: str) -> None:
    first = client.get(address)
    with CaptureQueriesContext(connection) as queries:
        second = client.get(address)
    assert first.status_code == 200 and len(queries) == 1
    assert (second.content, dict(second.headers)) == (first.content, dict(first.headers))


@pytest.mark.parametrize("address", LASTING)
def test_who_has_a_page_is_told_so_and_nothing_of_what_they_have_is_changed(
    world: SimpleNamespace, client: Client, address: str
) -> None:
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    # A reader takes over what a 304 says: a policy of its own would close a frame that the page may stand in.
    # The length alone is never taken over (RFC 9111, 3.2).
    said = {name: value for name, value in again.headers.items() if name != "Content-Length"}
    assert said.items() <= dict(first.headers).items()


@pytest.mark.parametrize("mark", ["session", "csrf"])
def test_what_was_made_for_one_reader_is_not_kept(world: SimpleNamespace, mark: str) -> None:
    def personal(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(request.session.get("name", "")) if mark == "session" else get_token(request))

    request = RequestFactory().get("/personal/")
    SessionMiddleware(lambda _: HttpResponse())(request)
    assert "ETag" not in lasting(personal)(request).headers


def test_addresses_that_differ_in_their_bytes_are_told_apart() -> None:
    plain, twice = (RequestFactory().get("/compare/", QUERY_STRING=query) for query in ("a=\xe9", "a=%C3%A9"))
    assert asked_for(plain) != asked_for(twice)


def test_the_next_edition_is_shown_at_once(world: SimpleNamespace, client: Client) -> None:
    before = client.get("/lineage/laion/")
    build.retract(world.step)
    after = client.get("/lineage/laion/", headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200 and after["ETag"] != before["ETag"]
    assert "/r/sd/" in before.content.decode() and "/r/sd/" not in after.content.decode()


def test_a_page_is_the_same_whoever_is_signed_in(world: SimpleNamespace, client: Client) -> None:
    anonymous = client.get("/lineage/laion/")
    signed_in = Client()
    sign_in(signed_in, make_person("editor"))
    assert signed_in.get("/lineage/laion/").content == anonymous.content


def test_a_refusal_is_not_kept(world: SimpleNamespace, client: Client) -> None:
    refused = client.get("/lineage/laion/?depth=-1")
    assert refused.status_code == 400 and "ETag" not in refused.headers
    missing = client.get("/lineage/elsewhere/")
    assert missing.status_code == 404 and "ETag" not in missing.headers


def test_a_kept_page_can_only_be_read(world: SimpleNamespace, client: Client) -> None:
    client.get("/lineage/laion/")
    assert client.post("/lineage/laion/").status_code == 405


def test_the_log_of_runs_is_read_anew(client: Client) -> None:
    first = client.get("/sources/").content
    SourceRun.objects.create(source="founding", started_at=now(), outcome="failed", message="The file could not be read.")
    assert b"The file could not be read." in client.get("/sources/").content != first
