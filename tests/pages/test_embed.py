"""Lineage on other people's pages: one address that may be framed, and the oEmbed endpoint that offers it."""

import re
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("founding_world")]
SITE = settings.SITE_ADDRESS


def offered(client: Client, status: int = 200, **given: object) -> dict[str, object]:
    response = client.get(f"/oembed/?{urlencode(given)}")
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/json"
    return dict(response.json())


def test_any_site_may_frame_the_embedded_answer_and_no_other_page(client: Client) -> None:
    assert "frame-ancestors *" in client.get("/embed/lineage/laion-5b/").headers["Content-Security-Policy"]
    for path in ("/lineage/laion-5b/", "/r/laion-5b/", "/embed/lineage/nowhere/", "/lineage/laion-5b/trace/invokeai/"):
        assert "frame-ancestors 'self'" in client.get(path).headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in client.get("/embed/lineage/laion-5b/").headers


def test_the_embedded_answer_has_no_header_or_footer_and_its_links_leave_the_frame(client: Client) -> None:
    html = client.get("/embed/lineage/laion-5b/").content.decode()
    assert not re.search("<header|<footer|<form|<script", html)
    links = re.findall(r"<a [^>]+>", html)
    assert links
    assert all('target="_top"' in link for link in links)
    assert f'href="{SITE}/lineage/laion-5b/"' in html
    assert "with a documented path known to Upstream" in html


def test_an_offer_is_rich_and_within_bounds(client: Client) -> None:
    answer = offered(client, url=f"{SITE}/lineage/laion-5b/")
    assert (answer["version"], answer["type"], answer["width"], answer["height"]) == ("1.0", "rich", 640, 480)
    assert f'<iframe src="{SITE}/embed/lineage/laion-5b/" width="640" height="480"' in str(answer["html"])
    small = offered(client, url=f"{SITE}/r/laion-5b/", maxwidth=300, maxheight=200)
    assert (small["width"], small["height"]) == (300, 200)
    large = offered(client, url=f"{SITE}/lineage/laion-5b/", maxwidth=99999, maxheight=99999)
    assert (large["width"], large["height"]) == (1200, 900)


def test_the_question_of_the_address_is_kept_and_escaped(client: Client) -> None:
    html = str(offered(client, url=f"{SITE}/lineage/laion-5b/?kind=product&direction=downstream")["html"])
    assert "/embed/lineage/laion-5b/?kind=product&amp;direction=downstream" in html
    assert "utm" not in str(offered(client, url=f"{SITE}/lineage/laion-5b/?utm_source=mail")["html"])


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{SITE}/lineage/nowhere/", 404), (f"{SITE}/nowhere/", 404), (f"{SITE}/editions/", 404), (f"{SITE}/r/laion/", 404),
        ("https://example.org/lineage/laion-5b/", 404), ("//[", 404), ("javascript:alert(1)", 404), ("", 400),
        (f"{SITE}/lineage/laion-5b/?depth=many", 400),
    ],
)  # fmt: skip
def test_what_is_not_ours_or_not_there_is_refused_in_one_sentence(client: Client, address: str, status: int) -> None:
    assert str(offered(client, status, url=address)["error"]).endswith(".")


def test_other_formats_are_not_implemented_and_sizes_are_numbers(client: Client) -> None:
    offered(client, 501, url=f"{SITE}/lineage/laion-5b/", format="xml")
    offered(client, 400, url=f"{SITE}/lineage/laion-5b/", maxwidth=0)
    offered(client, 400, url=f"{SITE}/lineage/laion-5b/", maxwidth="wide")


@pytest.mark.parametrize("path", ["/lineage/laion-5b/", "/r/laion-5b/", "/lineage/midjourney/?direction=upstream"])
def test_pages_with_lineage_tell_where_their_frame_is_offered(client: Client, path: str) -> None:
    html = client.get(path).content.decode()
    link = re.search(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', html)
    assert link
    address = link[1].replace("&amp;", "&")
    assert address.startswith(f"{SITE}/oembed/?url=")
    assert client.get(address.removeprefix(SITE)).status_code == 200


def test_a_page_without_lineage_offers_no_frame(client: Client) -> None:
    assert "oembed" not in client.get("/r/thiel-2023/").content.decode()
