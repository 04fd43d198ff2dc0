"""Reading stays without cookies: no public page or answer depends on who reads it, so caches may keep them."""

import pytest
from django.test import Client

from kb.accounts.models import Session
from tests import build
from tests.accounts.people import make_person, sign_in

pytestmark = pytest.mark.django_db
PATHS = [
    "/", "/search/?q=pairs", "/datasets/", "/r/pairs/", "/lineage/pairs/", "/editions/", "/sources/", "/methods/", "/styleguide/",
    "/what-changed/", "/compare/", "/embed/lineage/pairs/", "/nowhere/", "/r/nowhere/", "/datasets/?colour=red",
    "/api/v1/", "/api/v1/datasets/", "/api/v1/datasets/pairs/", "/api/v1/lineage/pairs/downstream/", "/api/schema/", "/api/docs/",
    "/api/v1/nowhere/",
]  # fmt: skip


@pytest.fixture(autouse=True)
def pairs() -> None:
    build.dataset("Pairs")


@pytest.mark.parametrize("path", PATHS)
def test_reading_opens_no_session_and_sets_no_cookie(client: Client, path: str) -> None:
    answer = client.get(path)
    assert not answer.cookies
    assert "cookie" not in answer.headers.get("Vary", "").lower()
    assert not Session.objects.exists()


@pytest.mark.parametrize("path", PATHS)
def test_who_is_signed_in_reads_the_same_bytes_with_the_same_headers(client: Client, path: str) -> None:
    nobody, somebody = client.get(path), sign_in(Client(), make_person("editor")).get(path)
    assert somebody.content == nobody.content
    assert somebody.headers == nobody.headers
    assert not somebody.cookies


def test_the_reader_who_looks_at_the_sign_in_page_has_no_session_yet(client: Client) -> None:
    assert client.get("/account/login/").status_code == 200
    assert "sessionid" not in client.cookies
    assert not Session.objects.exists()


@pytest.mark.parametrize("path", ["account/", "account/tokens/", "account/login/", "account/email/", "desk/representatives/"])
def test_pages_about_a_person_are_kept_by_no_cache(client: Client, path: str) -> None:
    answer = sign_in(client, make_person("admin")).get(f"/{path}")
    assert "no-store" in answer.headers.get("Cache-Control", ""), path
    assert "Cookie" in answer.headers["Vary"]
