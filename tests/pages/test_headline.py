"""What the headline of a lineage answer says under filters: what it counts, and what there is without them."""

import re

import pytest
from django.test import Client

from kb.ledger.write import current_edition
from kb.records.models import Record
from tests.pages.reading import folded, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("founding_world")]
LAION = "/lineage/laion-5b/"


def headline(client: Client, path: str) -> str:
    """What stands above the first button of a page."""
    html = client.get(path).content.decode()
    return folded(html[html.index("</h1>") : re.search(r'<p class="acts"|<div class="lineage-view"', html).start()])  # type: ignore[union-attr]


@pytest.fixture
def all_products(client: Client) -> str:
    found = re.match(r"(\d+ products) with a documented path known to Upstream", headline(client, LAION))
    assert found
    return found[1]


@pytest.mark.parametrize("base", [LAION, "/embed/lineage/laion-5b/"])
def test_a_kind_that_was_asked_for_is_counted_and_never_as_no_products(client: Client, base: str, all_products: str) -> None:
    said = headline(client, f"{base}?kind=model")
    assert re.match(r"Under this question \(only models\): \d\d models with a documented path:", said)
    assert "0 products" not in said
    assert f"Without filters: all {all_products} with a documented path known to Upstream" in said


def test_named_records_are_not_counted_as_all_that_is_known(client: Client, all_products: str) -> None:
    one, two = Record.objects.get(slug="invokeai"), Record.objects.get(slug="stable-diffusion-v1-5")
    said = headline(client, f"{LAION}?record={one.public_id}&record={two.public_id}")
    assert said.startswith(f"Under this question (only {one.name} and {two.name}): 1 product and 1 model with a documented path")
    assert f"all {all_products}" in said


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("min_status=confirmed", "only steps that are at least confirmed"),
        ("predicate=trained_on", "following only the relation “trained on”"),
        ("depth=2", "at most 2 steps away"),
        ("on=2023-05-01", "on 1 May 2023"),
        ("kind=model&kind=dataset&depth=1", "only datasets and models, at most 1 step away"),
    ],
)
def test_every_filter_is_named_in_words_on_page_frame_picture_and_api(client: Client, query: str, words: str) -> None:
    for base in (LAION, "/embed/lineage/laion-5b/"):
        assert f"({words})" in headline(client, f"{base}?{query}"), base
        assert f"({words})</title>" in client.get(f"{base}?{query}").content.decode(), base
    assert f"What inherits LAION-5B ({words})</title>" in client.get(f"{LAION}picture.svg?{query}").content.decode()
    assert f"({words})" in client.get(f"/api/v1/lineage/laion-5b/downstream/?{query}").json()["statement"]


@pytest.mark.parametrize("query", ["", "?edition={newest}"])
def test_the_whole_question_of_the_newest_edition_has_no_filters(client: Client, query: str) -> None:
    said = headline(client, LAION + query.format(newest=current_edition()))
    assert "Under this question" not in said
    assert "Without filters" not in said


def test_an_answer_on_a_day_says_how_much_rests_on_steps_without_dates(client: Client) -> None:
    said = headline(client, f"{LAION}?on=1950-01-01")
    assert re.search(r"Under this question \(on 1 January 1950\): \d+ products with a documented path", said)
    assert "On 1 January 1950: a step without a date counts as always." in said
    found = re.search(r"Of the (\d+) counted, (\d+) rest on a step whose beginning no source dates; of (\d+) of them", said)
    assert found
    assert found[1] == found[2], "in 1950 nothing else can hold"
    assert "Steps without a date are counted on every day." in text_of(client, f"{LAION}?on=1950-01-01")
    assert "counts as always" in client.get("/api/v1/lineage/laion-5b/downstream/?on=1950-01-01").json()["statement"]


def test_a_day_before_the_record_itself_was_released_says_so(client: Client) -> None:
    assert "LAION-5B itself was released after that day (" in headline(client, f"{LAION}?on=1950-01-01")
    assert "itself was released after" not in headline(client, f"{LAION}?on=2024-01-01")


def test_a_stacked_card_keeps_the_limits_of_the_question(client: Client) -> None:
    html = client.get("/lineage/common-crawl/?on=2024-01-01").content.decode()
    picture = html[html.index("<svg") :].partition("</svg>")[0]
    stacked = re.findall(r'href="(\?[^"]*(?:record|kind)=[^"]*)"', picture)
    assert stacked
    assert all("on=2024-01-01" in one for one in stacked)


def test_no_path_at_an_edition_names_the_edition_and_not_filters(client: Client) -> None:
    late = Record.objects.filter(slug="laion-5b").get()
    said = headline(client, f"{LAION}?edition={late.edition}")
    if "No known path" in said:
        assert f"No known path at edition {late.edition}. That is not evidence that there is none." in said
    assert "under these filters" not in said
    assert "No known path under these filters (only unresolved names)." in headline(
        client, "/lineage/midjourney/?kind=unresolved"
    )
