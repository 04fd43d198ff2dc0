"""While an issue is written: public issues like it and records by their names, from public records alone."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from kb.records.models import Record
from tests import build
from tests.review.desk import filed, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_similar_issues_and_known_records_are_offered_while_typing(browser: Browser, live_server: Any) -> None:
    world = make_world()
    known: Record = build.issue("Painter repeats photographs of people")
    hidden = filed(world, title="Painter repeats photographs of secret quaggas")
    page = browser.new_context().new_page()
    page.goto(f"{live_server.url}/file/")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="I have written it down").click()
    page.get_by_label("Title").press_sequentially("Painter repeats photographs")
    offered = page.get_by_role("status").get_by_role("link")
    offered.first.wait_for()
    assert (offered.first.inner_text(), offered.first.get_attribute("href")) == (known.name, known.path)
    assert hidden.title not in page.content()
    page.get_by_role("button", name="Save and go on").click()
    page.locator("input[name='artifacts-0-record']").press_sequentially("Sketch")
    option = page.locator("datalist option").first
    option.wait_for(state="attached")
    assert option.get_attribute("value") == world.app.public_id
