"""What only a browser shows of the desk's feeds: contrast and roles by axe, width, and adding one without scripts."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from kb.core.clock import now
from kb.feeds.models import Entry, Feed, FeedEvent, Poll
from tests.accounts.people import make_person, sign_in
from tests.feeds.site import PAGE, Site, rss, serving
from tests.pages.desk.test_in_browser import LOOKS, NARROWEST, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
_OPEN_ALL = "document.querySelectorAll('main details').forEach(one => { one.open = true })"
_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    with serving(settings) as one:
        one.put("/", PAGE)
        one.put("/feed.xml", rss(12), "application/rss+xml")
        yield one


@pytest.fixture
def feed(transactional_db: None) -> Feed:
    """A feed with a long address on which everything has happened, and one that is held."""
    url = "https://news.example.org/a/rather/long/path/that/goes/on/" + "x" * 80 + ".xml"
    feed = Feed.objects.create(url=url, title="News", folder="Press", active=True, failures=2, problem="The server failed (500).")
    FeedEvent.objects.create(feed=feed, kind="moved", before="https://old.example.org/feed", after=url)
    Poll.objects.create(feed=feed, outcome="failed", status=500, sentence="The server failed (500).")
    Entry.objects.create(feed=feed, uid_key="a", digest="d", text_digest="t", title="Painter", published=now())
    Feed.objects.create(url="https://held.example.org/", title="Held", active=True, held="It holds 4 entries, where it held 50.")
    return feed


def test_the_pages_have_no_axe_violations_and_do_not_scroll_sideways(
    browser: Browser, live_server: LiveServer, feed: Feed
) -> None:
    client = sign_in(Client(), make_person("editor"))
    faults = []
    for scheme, width in LOOKS:
        context = signed_in(browser, live_server.url, client, viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        for path in ("", "?order=sick", "add/", "opml/", f"{feed.pk}/"):
            page.goto(f"{live_server.url}/desk/feeds/{path}")
            page.evaluate(_OPEN_ALL)
            faults += [f"{scheme} {width} {path} {one['id']}" for one in Axe().run(page).response["violations"]]
            for narrow in (width, NARROWEST):
                page.set_viewport_size({"width": narrow, "height": 900})
                faults += [f"{path} scrolls sideways at {narrow}"] if page.evaluate(_TOO_WIDE) else []
            page.set_viewport_size({"width": width, "height": 900})
        context.close()
    assert not faults, "\n".join(faults)


def test_a_feed_is_added_by_the_address_of_its_site_without_scripts(
    browser: Browser, live_server: LiveServer, site: Site
) -> None:
    client = sign_in(Client(), make_person("editor"))
    context = signed_in(browser, live_server.url, client, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/feeds/")
    page.get_by_role("link", name="Add a feed").click()
    page.get_by_label("Address of a site or a feed").fill(site.url)
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("Look at it.*Stories")).click()
    page.get_by_text("Story 11", exact=True).wait_for()
    page.get_by_label("Folder").fill("Press")
    page.get_by_role("button", name="Add this feed").click()
    page.get_by_role("status").get_by_text("Added.").wait_for()
    assert Feed.objects.get().title == "Example News"
    context.close()
