"""A record with very many descendants: a bounded page that says what it leaves out, and where all of it is."""

import pytest
from django.test import Client

from kb.lineage import ask, step_rows
from kb.pages import lineage_page
from tests import build

pytestmark = pytest.mark.django_db


def test_a_long_list_is_cut_counts_everything_and_leads_to_all_of_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (step_rows, lineage_page):
        monkeypatch.setattr(module, "ROWS", 3)
    hub = build.dataset("Hub")
    for number in range(5):
        build.state(build.model(f"Model {number}"), "trained_on", hub)
    named = "&".join(f"record=model-{number}" for number in range(5))
    html = client.get(f"/lineage/hub/?{named}").content.decode()
    assert 'Models <span class="mut">(5)</span>' in html
    listed = html.partition('id="h-model"')[2].partition("</section>")[0]
    assert listed.count('<a class="rl model" href="/r/model-') == 3
    assert html.count("2 more are not shown here.") == 2
    assert 'id="e3"' in html
    assert 'id="e4"' not in html
    assert "#e4" not in html
    picture = html[html.index('<svg class="lineage-picture"') : html.index("</svg>")]
    beyond = ask.ask(ask.Question(hub, "downstream")).outline.edges[3:]
    assert all(f'href="/statements/{edge.statement}/"' in picture for edge in beyond)
    rows = client.get("/api/v1/lineage/hub/downstream/?format=csv").content.decode().splitlines()
    assert len(rows) == 6


def test_a_large_answer_without_products_shows_its_nearest_steps_and_where_all_are(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_rows, "ON_PAGE", 4)
    monkeypatch.setattr(step_rows, "A_PAGE", 2)
    monkeypatch.setattr(lineage_page, "_NEAREST", 1)
    hub = build.dataset("Hub")
    for number in range(5):
        build.state(build.model(f"Model {number}"), "trained_on", hub)
    html = client.get("/lineage/hub/?min_status=reported").content.decode()
    assert '<a href="steps/?min_status=reported">All 5 steps stand in a table</a>' in html
    assert html.count("<tr id=") == 1
    assert 'href="steps/?min_status=reported&amp;page=3#e5"' in html
