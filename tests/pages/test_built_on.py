"""Model pages tell both directions: what inherits the model, and in brief what it is built on."""

import re
from html import unescape

import pytest
from django.test import Client

from kb.lineage.ask import Question, ask, root_record
from tests.pages.reading import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("founding_world")]
SD = "/lineage/stable-diffusion-v1-5/"


def part(client: Client, path: str) -> str:
    html = client.get(path).content.decode()
    found = re.search(r'<section aria-labelledby="h-built-on".*?</section>', html, re.DOTALL)
    return found[0] if found else ""


def test_a_model_page_lists_every_documented_parent_by_step_with_its_status(client: Client) -> None:
    answer = ask(Question(root_record("stable-diffusion-v1-5"), "upstream"))
    rows = re.findall(r"<tr><td><a [^>]+>(\d+) steps?</a></td>.*?href=\"([^\"]+)\">([^<]+)</a>.*?conf (\w+)", part(client, SD))
    told = {(int(depth), name, status) for depth, _, name, status in rows}
    assert told == {(node.depth, answer.record(node.record).name, node.status) for node in answer.outline.nodes}
    assert [int(row[0]) for row in rows] == sorted(int(row[0]) for row in rows)


def test_it_leads_to_the_whole_upstream_question_under_the_same_limits_and_to_each_trace(client: Client) -> None:
    html = part(client, f"{SD}?min_status=confirmed&on=2024-01-01")
    address = re.search(r'href="(/lineage/[^"]+)"', html)
    assert address
    assert address[1].replace("&amp;", "&") == f"{SD}?direction=upstream&min_status=confirmed&on=2024-01-01"
    assert "under this question (only steps that are at least confirmed, on 1 January 2024)" in html
    traces = re.findall(r'href="(trace/[^"]+)"', html)
    assert traces
    assert client.get(f"{SD}{unescape(traces[0])}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/lineage/laion-5b/", "/lineage/diffusionbee/", f"{SD}?direction=upstream", f"{SD}?kind=product"]
)
def test_datasets_products_the_other_direction_and_lists_have_no_second_direction(client: Client, path: str) -> None:
    assert part(client, path) == ""


def test_the_headline_of_a_model_leads_to_what_it_is_built_on(client: Client) -> None:
    count = len(ask(Question(root_record("stable-diffusion-v1-5"), "upstream")).outline.nodes)
    assert f"What it is built on: {count} artifacts, below" in text_of(client, SD)
