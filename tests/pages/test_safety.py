"""Where to report unlawful material, and what a person sees whose text was refused."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kb.core.safety import REPORTING_ADVICE, REPORTING_CONTACTS, REPORTING_PAGES, Refused, UnsafeText
from tests import build
from tests.pages.reading import text_of
from tests.pages.test_every_page import outline

pytestmark = pytest.mark.django_db

RULE, LABEL = "web_address", "a web address"


def refusing(request: HttpRequest) -> HttpResponse:
    raise Refused(UnsafeText(RULE, LABEL))


class Refusing(APIView):
    def post(self, request: Request) -> Response:
        raise Refused(UnsafeText(RULE, LABEL))


# The addresses of the site, with two more that refuse whatever is sent.
urlpatterns = [path("refuse/", refusing), path("api/refuse/", Refusing.as_view()), path("", include("kb.urls"))]


def test_the_page_names_every_hotline_and_links_to_its_own_page(client: Client) -> None:
    html = client.get("/report-material/").content.decode()
    for name, region in REPORTING_CONTACTS:
        assert f'href="{REPORTING_PAGES[name]}"' in html
        assert f"{name}</a>: {region}" in html.replace("&#x27;", "'")
    assert REPORTING_ADVICE in html


def test_the_page_says_what_is_taken_and_what_is_not(client: Client) -> None:
    text = text_of(client, "/report-material/")
    assert "shows none and leads to none" in text
    assert "What Upstream takes" in text
    assert "never takes" in text


@pytest.mark.parametrize("where", ["/report-material/", "/refuse/"])
@pytest.mark.urls("tests.pages.test_safety")
def test_both_pages_are_well_formed(client: Client, where: str) -> None:
    found = outline(client.get(where).content.decode())
    assert (found.headings.count("h1"), found.faults, found.open) == (1, [], [])


def test_a_hazard_issue_and_every_footer_lead_to_the_page(client: Client) -> None:
    hazard = build.issue("Unlawful links in an index", code="D01", frames=["child_safety"], reviewers=2)
    other = build.issue("Bias")
    link = 'href="/report-material/"'
    assert client.get(hazard.path).content.decode().count(link) == 2
    assert client.get(other.path).content.decode().count(link) == 1


@pytest.mark.urls("tests.pages.test_safety")
def test_a_refused_text_is_answered_with_its_rule_the_hotlines_and_nothing_of_the_text(client: Client) -> None:
    answer = client.post("/refuse/", {"text": "see quaggamark"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert LABEL in html
    assert all(page in html for page in REPORTING_PAGES.values())
    assert "quaggamark" not in html


@pytest.mark.urls("tests.pages.test_safety")
def test_the_way_back_leads_to_this_site_alone(client: Client) -> None:
    back = client.post("/refuse/", headers={"Referer": "http://testserver/file/"}).content.decode()
    assert 'href="http://testserver/file/"' in back
    for foreign in ("https://elsewhere.example/file/", "javascript:alert(1)"):
        assert foreign not in client.post("/refuse/", headers={"Referer": foreign}).content.decode()


@pytest.mark.urls("tests.pages.test_safety")
def test_the_api_answers_with_a_problem_that_names_rule_and_hotlines(client: Client) -> None:
    answer = client.post("/api/refuse/", {"text": "see quaggamark"}, content_type="application/json")
    problem = answer.json()
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert (problem["type"], problem["status"], problem["rule"]) == ("about:blank", 422, RULE)
    assert [one["url"] for one in problem["report_to"]] == list(REPORTING_PAGES.values())
    assert "quaggamark" not in answer.content.decode()


def test_an_issue_says_where_to_report_also_where_one_that_it_speaks_for_is_about_unlawful_material(client: Client) -> None:
    mild, strict = build.issue("Voices are repeated"), build.issue("Unlawful images were found", code="D01")
    assert "It shows no imagery and leads to none." not in text_of(client, mild.path)
    assert "It shows no imagery and leads to none." in text_of(client, strict.path)
    build.merge(strict, mild)
    assert "It shows no imagery and leads to none." in text_of(client, mild.path)
