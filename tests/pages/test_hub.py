"""A hub on the lineage page: as many queries for a thousand children as for a hundred, and counts of all of them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.pages.hubs import make_hub

pytestmark = pytest.mark.django_db


def _hub(name: str, children: int) -> str:
    """The address of the lineage of a dataset with so many models; every tenth has a product."""
    return f"/lineage/{make_hub(name, children, a_product_for_each=10)}/"


def test_the_page_of_a_hub_needs_no_more_queries_the_more_children_it_has(client: Client, nothing_kept: None) -> None:
    counts = []
    for name, children in (("Small", 60), ("Large", 250)):
        path = _hub(name, children)
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 2


def test_what_is_not_listed_is_counted(client: Client) -> None:
    html = client.get(_hub("Hub", 320)).content.decode()
    assert 'Models <span class="mut">(320)</span>' in html
    assert 'Products <span class="mut">(32)</span>' in html
    assert '<strong>260 more are not shown here.</strong> <a href="?kind=model">A longer list</a>.' in html
    models = client.get("/lineage/hub/?kind=model").content.decode()
    assert "<strong>20 more are not shown here.</strong> All of them are in the <a" in models
    assert '<a href="steps/">All 352 steps stand in a table</a>' in html
