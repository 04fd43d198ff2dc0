"""How readers come to take part: filing, correcting and following are linked from where everybody starts."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser

from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db
FILING, FOLLOWING, DECISIONS = 'href="/file/"', 'href="/submissions/"', 'href="/decisions/"'


def part(html: str, tag: str) -> str:
    return html[html.index(f"<{tag}") : html.index(f"</{tag}>")]


@pytest.mark.parametrize("path", ["/", "/methods/", "/submissions/", "/nowhere/"])
def test_every_page_leads_to_filing_following_and_decisions(client: Client, path: str) -> None:
    html = client.get(path).content.decode()
    assert FILING in part(html, "header")
    assert all(link in part(html, "footer") for link in (FILING, FOLLOWING, DECISIONS))


def test_the_home_page_says_how_to_file_to_correct_and_to_follow(client: Client) -> None:
    main = part(client.get("/").content.decode(), "main")
    assert all(link in main for link in (FILING, FOLLOWING, DECISIONS))
    text = text_of(client, "/")
    assert "You need no account" in text and "stands “Suggest a correction”" in text


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/", "/methods/"])
def test_the_header_holds_filing_beside_the_account_on_a_phone(browser: Browser, live_server: Any, path: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{live_server.url}{path}")
    header = page.get_by_role("banner")
    boxes = [header.get_by_role("link", name=name).bounding_box() for name in ("File an issue", "Account", "Upstream")]
    filing, account, mark = (box for box in boxes if box)
    assert abs(filing["y"] - account["y"]) < 1
    assert filing["y"] < mark["y"] + mark["height"]
    assert account["x"] + account["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
