"""The page of one statement: what is said, how sure that is and why, every source, and its history."""

import re

import pytest
from django.test import Client

from kb.records import changes as do
from kb.records.models import Evidence, Statement
from tests import build
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def trained() -> Statement:
    """SD was trained on LAION, says a court; a blog says otherwise."""
    laion, sd = build.dataset("LAION"), build.model("SD")
    maker, court, blog = build.party("Maker"), build.report("The ruling"), build.report("The blog")
    build.state(sd, "trainer", maker)
    return build.state(
        sd, "trained_on", laion,
        evidence=[build.says(court, kind="court_record"), build.says(blog, stance="disputes")],
    )  # fmt: skip


def test_it_says_the_statement_its_status_and_how_many_sources_say_what(client: Client, trained: Statement) -> None:
    text = text_of(client, f"/statements/{trained.id}/")
    assert "SD was trained on LAION" in text
    assert "Disputed" in text
    assert "On record: 1 source says so, 1 source says otherwise." in text


def test_every_piece_of_evidence_stands_in_a_row_of_its_own_the_best_first(client: Client, trained: Statement) -> None:
    html = client.get(f"/statements/{trained.id}/").content.decode()
    rows = re.findall(r'<li class="ev-row (\w+)">', html)
    assert rows == ["supports", "disputes"]
    assert html.index("The ruling") < html.index("The blog")
    for row in Evidence.objects.filter(statement=trained):
        assert row.gist in html
        assert f'href="/editions/{row.edition}/">as recorded in edition {row.edition}</a>' in html


def test_its_history_names_each_edition_with_its_reason(client: Client, trained: Statement) -> None:
    build.publishing(do.RetractStatement(statement=trained.id))
    text = text_of(client, f"/statements/{trained.id}/")
    assert "Taken back by an editor with a public reason." in text
    assert text.count(build.REASON) >= 2


def test_what_has_no_source_says_so(client: Client) -> None:
    bare = build.state(build.model("SD"), "trained_on", build.dataset("LAION"), evidence=[])
    assert "Needs a source: no evidence is on record." in text_of(client, f"/statements/{bare.id}/")


def test_a_value_is_told_with_its_qualifier_and_unit(client: Client) -> None:
    size = build.state(build.dataset("LAION"), "figure", 585, qualifier="links")
    assert "585" in text_of(client, f"/statements/{size.id}/").partition("Status")[0]


def test_it_leads_to_both_ends_and_to_the_same_as_json(client: Client, trained: Statement) -> None:
    html = client.get(f"/statements/{trained.id}/").content.decode()
    for address in ("/r/sd/", "/r/laion/", "/lineage/laion/trace/sd/", f"/api/v1/statements/{trained.id}/"):
        assert f'href="{address}"' in html
        assert client.get(address).status_code == 200


def test_the_page_of_a_record_leads_to_the_page_of_each_of_its_statements(client: Client, trained: Statement) -> None:
    for path in ("/r/sd/", "/r/laion/"):
        assert f'href="/statements/{trained.id}/"' in client.get(path).content.decode()
