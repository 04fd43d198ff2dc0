"""A traced path is told in words beside the picture; where nothing stands out, a sentence says why."""

import re

import pytest
from django.test import Client

from kb.lineage.ask import Question, ask, root_record
from kb.records.models import Record
from tests.pages.reading import folded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("founding_world")]


def told(client: Client, path: str) -> str:
    found = re.search(r'<div id="traced">.*?</div>', client.get(path).content.decode(), re.DOTALL)
    return folded(found[0]) if found else ""


@pytest.mark.parametrize("base", ["/lineage/", "/embed/lineage/"])
def test_the_traced_chain_is_told_from_the_dataset_to_the_product_each_step_with_its_status(client: Client, base: str) -> None:
    answer = ask(Question(root_record("laion-5b"), "downstream"))
    product = Record.objects.get(slug="diffusionbee")
    node = next(one for one in answer.outline.nodes if one.record == product.id)
    said = told(client, f"{base}laion-5b/?trace=diffusionbee")
    assert said.startswith("Traced: DiffusionBee · The trace with its sources Dataset LAION-5B Dataset ")
    steps = [
        f"{answer.record(edge.child).name} {answer.reads(edge)} {answer.record(edge.parent).name} {edge.status.capitalize()}"
        for edge in answer.path(node)
    ]
    assert steps
    places = [said.index(step) for step in steps]
    assert places == sorted(places)
    assert said.endswith(steps[-1])


def test_the_chain_of_a_product_page_begins_with_what_came_first(client: Client) -> None:
    down, up = told(client, "/lineage/laion-5b/?trace=diffusionbee"), told(client, "/lineage/diffusionbee/?trace=laion-5b")
    strips = [one.partition("The trace with its sources ")[2] for one in (down, up)]
    assert strips[0] == strips[1]
    assert strips[0].startswith("Dataset LAION-5B ")


def test_the_link_leads_to_the_trace_page(client: Client) -> None:
    html = client.get("/lineage/laion-5b/?trace=diffusionbee").content.decode()
    assert 'href="trace/diffusionbee/"' in html[html.index('id="traced"') :]
    framed = client.get("/embed/lineage/laion-5b/?trace=diffusionbee").content.decode()
    assert '<a href="/lineage/laion-5b/trace/diffusionbee/" target="_top">' in framed


def test_the_cards_of_the_traced_path_are_marked_with_a_word(client: Client) -> None:
    html = client.get("/lineage/laion-5b/?trace=diffusionbee").content.decode()
    svg = html[html.index("<svg") : html.index("</svg>")]
    steps = len(re.findall("Confirmed|Reported", told(client, "/lineage/laion-5b/?trace=diffusionbee")))
    assert svg.count(">traced</text>") == steps + 1
    assert ">traced</text>" not in client.get("/lineage/laion-5b/").content.decode()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/lineage/laion-5b/?trace=laion-5b", "It is the record asked about: there is no path to trace."),
        ("/lineage/laion-5b/?trace=common-crawl", "No known path down from LAION-5B leads to it, so nothing stands out."),
        ("/lineage/laion-5b/?trace=invokeai&kind=model", "It is not among what the filters leave (only models); without them"),
        ("/lineage/laion-5b/?trace=lensa-magic-avatars", "It is a lead to check, not a finding. The picture leaves leads out"),
    ],
)
def test_where_nothing_stands_out_a_sentence_says_why(client: Client, path: str, words: str) -> None:
    assert words in told(client, path)
