"""The picture on the lineage page and its files: the same steps as in the tables, nothing that accuses."""

import csv
import gzip
import io
import re
import struct
from xml.etree import ElementTree

import pytest
from django.test import Client

from kb.exchange.exporters.lineage_picture import scene_of
from kb.lineage.ask import Question, ask, root_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("founding_world")]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("slug", ["laion-5b", "common-crawl", "stable-diffusion", "clip-vit-l-14"])
@pytest.mark.parametrize("leads", [False, True])
def test_the_picture_has_the_steps_of_the_table(slug: str, leads: bool) -> None:
    answer = ask(Question(root_record(slug), "downstream"))
    scene = scene_of(answer, leads=leads)
    edges = [*answer.outline.edges, *(answer.outline.lead_edges if leads else ())]
    assert sorted(step.number for step in scene.steps) == sorted(answer.number_of[edge.index] for edge in edges)
    assert {(step.child, step.parent) for step in scene.steps} == {(edge.child, edge.parent) for edge in edges}


def test_every_number_in_the_picture_leads_to_a_row_of_evidence(client: Client) -> None:
    html = client.get("/lineage/laion-5b/").content.decode()
    picture = html[html.index('<svg class="lineage-picture"') :]
    picture = picture[: picture.index("</svg>")]
    numbers = set(re.findall(r'href="#(e\d+)"', picture))
    assert numbers
    assert all(f'<tr id="{number}"' in html for number in numbers)
    assert set(re.findall(r'aria-labelledby="(e\d+)"', picture)) <= numbers


def test_every_row_leads_to_the_page_of_its_statement_and_rows_are_those_of_csv_and_api(client: Client) -> None:
    html = client.get("/lineage/laion-5b/").content.decode()
    rows = re.findall(r'<tr id="e(\d+)"><td>(\d+)</td><td><a href="/statements/(\d+)/">', html)
    answer = client.get("/api/v1/lineage/laion-5b/downstream/").json()
    edges = {edge["number"]: edge["id"] for edge in (*answer["edges"], *answer["leads"]["edges"])}
    assert {int(number): int(statement) for number, _, statement in rows} == edges
    assert all(anchor == number for anchor, number, _ in rows)
    table = csv.DictReader(io.StringIO(client.get("/api/v1/lineage/laion-5b/downstream/?format=csv").content.decode("utf-8-sig")))
    assert sorted(int(row["number"]) for row in table) == sorted(edges)


def test_the_page_without_its_picture_is_small(client: Client) -> None:
    html = client.get("/lineage/laion-5b/").content.decode()
    picture = html[html.index('<svg class="lineage-picture"') : html.index("</svg>")]
    assert len(html.encode()) - len(picture.encode()) <= 62 * 1024
    assert len(picture.encode()) <= 36 * 1024
    assert len(gzip.compress(html.encode())) <= 20 * 1024


def test_a_traced_product_stands_out_and_an_unknown_one_is_an_error(client: Client) -> None:
    assert '<g class="e confirmed traced">' in client.get("/lineage/laion-5b/?trace=diffusionbee").content.decode()
    assert client.get("/lineage/laion-5b/?trace=nobody").status_code == 404
    assert client.get("/lineage/laion-5b/?leads=maybe").status_code == 400


def test_cards_count_issues_present_in_the_record_and_never_inherited_ones() -> None:
    answer = ask(Question(root_record("laion-5b"), "downstream"))
    by_title = {answer.record(artifact.record).name: artifact for artifact in scene_of(answer).artifacts}
    assert by_title["LAION-5B"].present_issues > 0
    assert by_title["Stable Diffusion 1.5"].present_issues == 0
    assert by_title["InvokeAI"].present_issues == 0


def test_the_svg_file_stands_alone(client: Client) -> None:
    response = client.get("/lineage/laion-5b/picture.svg?kind=product")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("image/svg+xml")
    root = ElementTree.fromstring(response.content)
    assert root.find(f"{SVG}style") is not None
    assert all(link.get("href", "").startswith("http") for link in root.iter(f"{SVG}a"))
    assert "edition" in "".join(root.itertext())
    assert "var(" not in response.content.decode()


def test_the_png_file_is_a_picture_of_twice_the_size(client: Client) -> None:
    drawn = ElementTree.fromstring(client.get("/lineage/midjourney/picture.svg").content)
    png = client.get("/lineage/midjourney/picture.png").content
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    assert abs(width - 2 * float(drawn.get("width", "0"))) <= 2
    assert abs(height - 2 * float(drawn.get("height", "0"))) <= 2


def test_an_answer_with_nothing_but_leads_draws_them() -> None:
    answer = ask(Question(root_record("lensa-magic-avatars"), "upstream", min_status="inferred"))
    assert scene_of(answer, leads=True).steps
