"""A record with very many descendants: a bounded page that says what it leaves out, and where all of it is."""

import pytest
from django.test import Client

from kb.lineage import ask
from kb.pages import lineage_page
from tests import build

pytestmark = pytest.mark.django_db


def test_a_long_list_is_cut_counts_everything_and_leads_to_all_of_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (ask, lineage_page):
        monkeypatch.setattr(module, "ROWS", 3)
    hub = build.dataset("Hub")
    for number in range(5):
        build.state(build.model(f"Model {number}"), "trained_on", hub)
    html = client.get("/lineage/hub/").content.decode()
    assert 'Models <span class="mut">(5)</span>' in html
    listed = html.partition('id="h-model"')[2].partition("</section>")[0]
    assert listed.count('<a href="/r/model-') == 3
    assert html.count("2 more are not shown here.") == 2
    assert 'id="e3"' in html
    assert 'id="e4"' not in html
    assert "#e4" not in html
    picture = html[html.index('<svg class="lineage-picture"') : html.index("</svg>")]
    beyond = ask.ask(ask.Question(hub, "downstream")).outline.edges[3:]
    assert all(f'href="/statements/{edge.statement}/"' in picture for edge in beyond)
    rows = client.get("/api/v1/lineage/hub/downstream/?format=csv").content.decode().splitlines()
    assert len(rows) == 6
