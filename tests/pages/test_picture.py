"""The picture on the lineage page and its files: the same steps as in the tables, nothing that accuses."""

import csv
import io
import re
import struct
from html import unescape
from itertools import groupby
from pathlib import Path
from urllib.parse import urldefrag, urljoin
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from kb.exchange.exporters.lineage_picture import scene_of
from kb.lineage.ask import Question, ask, root_record
from tests import build
from tests.pages.reading import text_of

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


def picture_of(html: str) -> str:
    return html[html.index('<svg class="lineage-picture"') : html.index("</svg>")]


@pytest.mark.parametrize(
    "query", ["", "?leads=1", "?kind=product&trace=invokeai", "?direction=upstream", "?min_status=confirmed"]
)
@pytest.mark.parametrize("slug", ["laion-5b", "common-crawl", "stable-diffusion-v1-4", "midjourney"])
def test_every_number_in_the_picture_leads_to_a_row_of_evidence(client: Client, slug: str, query: str) -> None:
    page = f"/lineage/{slug}/{query}"
    html = client.get(page).content.decode()
    addresses = re.findall(r'<a class="n" href="([^"]+)"', picture_of(html)) if "<svg class=" in html else []
    assert addresses or "There is nothing to draw." in html
    for address, found in groupby(sorted(unescape(one) for one in addresses), key=lambda one: urldefrag(one)[0]):
        rows = client.get(urljoin(page, address)).content.decode() if address else html
        assert all(f'<tr id="{urldefrag(one).fragment}"' in rows for one in found)


def test_a_small_answer_has_its_steps_on_the_page_and_a_number_is_named_by_its_row(client: Client) -> None:
    html = client.get("/lineage/stable-diffusion-v1-4/").content.decode()
    numbers = re.findall(r'href="#(e\d+)"[^>]*aria-labelledby="(e\d+)"', picture_of(html))
    assert numbers
    assert all(row == name for row, name in numbers)
    assert "steps/" not in html


def test_a_large_answer_counts_its_steps_and_leads_to_the_pages_of_their_rows(client: Client) -> None:
    answer = client.get("/api/v1/lineage/laion-5b/downstream/").json()
    documented, leads = len(answer["edges"]), len(answer["leads"]["edges"])
    html = client.get("/lineage/laion-5b/").content.decode()
    assert f'<a href="steps/">All {documented + leads} steps stand in a table</a>' in html
    assert f"{documented} documented and {leads} that only leads use" in html
    assert '<table class="stackable nodes">' in html


ROW = r'<tr id="e(\d+)"><td>(\d+)</td><td><a href="/statements/(\d+)/">'


@pytest.mark.parametrize("query", ["", "?kind=product&depth=4", "?direction=upstream"])
@pytest.mark.parametrize("slug", ["laion-5b", "common-crawl", "invokeai"])
def test_the_rows_of_all_pages_of_steps_are_the_edges_of_csv_and_api(client: Client, slug: str, query: str) -> None:
    first = client.get(f"/lineage/{slug}/steps/{query}").content.decode()
    pages = int((re.findall(r"Page 1 of (\d+)", first) or ["1"])[0])
    more = (f"/lineage/{slug}/steps/{query}{'&' if query else '?'}page={page}" for page in range(2, pages + 1))
    rows = [row for html in (first, *(client.get(path).content.decode() for path in more)) for row in re.findall(ROW, html)]
    way = "upstream" if slug == "invokeai" or "upstream" in query else "downstream"
    path = f"/api/v1/lineage/{slug}/{way}/{query.replace('?direction=upstream', '')}"
    answer = client.get(path).json()
    edges = {edge["number"]: edge["id"] for edge in (*answer["edges"], *answer["leads"]["edges"])}
    assert {int(number): int(statement) for number, _, statement in rows} == edges
    assert [int(anchor) for anchor, _, _ in rows] == [int(number) for _, number, _ in rows] == sorted(edges)
    table = client.get(f"{path}{'&' if '?' in path else '?'}format=csv").content.decode("utf-8-sig")
    assert sorted(int(row["number"]) for row in csv.DictReader(io.StringIO(table))) == sorted(edges)


def test_the_pages_of_steps_are_numbered_and_there_are_no_others(client: Client) -> None:
    assert client.get("/lineage/laion-5b/steps/?page=2").status_code == 200
    for page in ("0", "x", "-1", "99", "9" * 5000):
        assert client.get(f"/lineage/laion-5b/steps/?page={page}").status_code == 404
    assert client.get("/lineage/laion-5b/steps/?trace=invokeai").status_code == 400


def test_a_traced_product_stands_out_and_an_unknown_one_is_an_error(client: Client) -> None:
    assert '<path class="e confirmed traced" ' in client.get("/lineage/laion-5b/?trace=diffusionbee").content.decode()
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


def test_a_number_in_a_file_leads_to_the_row_of_the_question_that_was_asked(client: Client) -> None:
    path = "/lineage/stable-diffusion-v1-4/picture.svg?kind=product&min_status=reported&trace=invokeai"
    links = {link.get("href", "") for link in ElementTree.fromstring(client.get(path).content).iter(f"{SVG}a")}
    assert f"{settings.SITE_ADDRESS}/lineage/stable-diffusion-v1-4/?kind=product&min_status=reported#e1" in links


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


def test_a_table_of_one_step_is_not_called_all_of_them(client: Client) -> None:
    build.state(build.model("Made of one"), "trained_on", build.dataset("The one"))
    text = text_of(client, "/lineage/the-one/")
    assert "table of the one step" in text
    assert "all 1 steps" not in text


def test_in_print_the_buttons_for_the_size_are_hidden() -> None:
    sheet = (Path(__file__).parents[2] / "kb/pages/static/kb/css/lineage.css").read_text(encoding="utf-8")
    shown, hidden = sheet.index(".lineage-tools {\n  display: flex"), sheet.rindex(".lineage-tools {\n    display: none")
    assert shown < hidden
    assert "@media print" in sheet[shown:hidden]
