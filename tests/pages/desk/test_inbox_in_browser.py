"""What only a browser shows of the inbox: its list of keys, and edits that are told apart in every look."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from kb.feeds.models import Entry
from tests import build
from tests.accounts.people import make_person, sign_in
from tests.feeds.written import answer, item, make_feed, polled, rss
from tests.pages.desk.test_in_browser import LOOKS, NARROWEST, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
_OPEN_ALL = "document.querySelectorAll('main details').forEach(one => { one.open = true })"
_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def entry(transactional_db: None) -> Entry:
    """An entry that was edited."""
    build.dataset("LAION-5B")
    feed = make_feed(folder="Press")
    for title in ("Links of LAION-5B resurface", "Links of LAION-5B are gone"):
        polled(feed, answer(rss(item(1, title))))
    return Entry.objects.get()


def test_a_question_mark_opens_the_list_of_keys_and_closes_it_again(
    browser: Browser, live_server: LiveServer, entry: Entry
) -> None:
    page = signed_in(browser, live_server.url, sign_in(Client(), make_person("editor"))).new_page()
    page.goto(f"{live_server.url}/desk/inbox/")
    keys, focus = page.locator("[data-keys] dl"), "document.activeElement.tagName.toLowerCase()"
    assert not keys.is_visible()
    page.keyboard.press("j")
    for closing in ("?", "Escape"):
        page.keyboard.press("?")
        assert keys.is_visible() and page.evaluate(focus) == "summary"
        page.keyboard.press(closing)
        assert not keys.is_visible() and page.evaluate(focus) == "article"
    page.get_by_label("Words").press("?")
    assert not keys.is_visible() and page.get_by_label("Words").input_value() == "?"
    page.context.close()


def test_a_key_under_a_filter_stays_under_it_and_goes_on_at_the_next_entry(
    browser: Browser, live_server: LiveServer, entry: Entry
) -> None:
    for number, (folder, title) in enumerate((("Press", "An audit of LAION-5B"), ("Law", "LAION-5B before a court")), 2):
        polled(make_feed(url=f"https://{number}.example/feed", folder=folder), answer(rss(item(number, title))))
    page = signed_in(browser, live_server.url, sign_in(Client(), make_person("editor"))).new_page()
    page.goto(f"{live_server.url}/desk/inbox/?folder=Press&order=newest")
    first, second = (one.get_attribute("id") for one in page.locator("[data-entry]").all())
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.wait_for_url(f"{live_server.url}/desk/inbox/?folder=Press&order=newest#{second}")
    assert [one.get_attribute("id") for one in page.locator("[data-entry]").all()] == [second]
    assert page.evaluate("document.activeElement.id") == second
    page.keyboard.press("u")
    page.wait_for_function("document.querySelectorAll('[data-entry]').length === 2")
    assert "folder=Press&order=newest" in page.url and first != second
    page.context.close()


def test_the_list_of_keys_opens_without_scripts(browser: Browser, live_server: LiveServer, entry: Entry) -> None:
    client = sign_in(Client(), make_person("editor"))
    page = signed_in(browser, live_server.url, client, java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/desk/inbox/")
    page.get_by_text("Keys, opened and closed by").click()
    assert page.get_by_text("attach as evidence").is_visible()
    page.context.close()


def test_the_inbox_has_no_axe_violations_and_does_not_scroll_sideways(
    browser: Browser, live_server: LiveServer, entry: Entry
) -> None:
    client = sign_in(Client(), make_person("editor"))
    faults = []
    for scheme, width in LOOKS:
        page = signed_in(
            browser, live_server.url, client, viewport={"width": width, "height": 900}, color_scheme=scheme
        ).new_page()
        for path in ("", f"{entry.pk}/"):
            page.goto(f"{live_server.url}/desk/inbox/{path}")
            page.evaluate(_OPEN_ALL)
            faults += [f"{scheme} {width} {path} {one['id']}" for one in Axe().run(page).response["violations"]]
            page.set_viewport_size({"width": NARROWEST, "height": 900})
            faults += [f"{path} scrolls sideways"] if page.evaluate(_TOO_WIDE) else []
            page.set_viewport_size({"width": width, "height": 900})
        page.context.close()
    assert not faults, "\n".join(faults)
