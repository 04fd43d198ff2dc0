"""From a site's address to a report on record: an editor adds a feed, accepts an entry with two keys, another one publishes."""

import re
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, Page

from kb.accounts.models import User
from kb.core.clock import now
from kb.feeds.due import order_polls
from kb.feeds.match import names
from kb.records.models import Record, Statement
from kb.review.models import Proposal
from tests import build
from tests.accounts.people import make_person, sign_in
from tests.feedserver import needs_feedserver, running
from tests.review.desk import act

pytestmark = [pytest.mark.browser, pytest.mark.shared, pytest.mark.django_db(transaction=True)]


def opened(browser: Browser, site: str, who: User) -> Page:
    """A browser in which somebody is signed in."""
    context = browser.new_context()
    key = sign_in(Client(), who).cookies[site_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": site_settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
    return context.new_page()


@needs_feedserver
def test_a_site_is_added_an_entry_accepted_with_two_keys_and_the_report_stands(
    browser: Browser, live_server: Any, settings: Any
) -> None:
    settings.FETCH_ALLOWED_HOSTS = ["127.0.0.0/8"]
    names._matcher.cache_clear()
    named = [build.party("Stability AI"), build.dataset("LAION-5B"), build.dataset("Common Crawl"), build.party("OpenAI")]
    editor, second = make_person(role="editor"), make_person(role="editor")
    page = opened(browser, live_server.url, editor)
    with running("--feeds", "6", "--entries", "20") as server:
        page.goto(f"{live_server.url}/desk/feeds/add/")
        page.get_by_label("Address of a site or a feed").fill(server.url("/site/1"))
        page.keyboard.press("Enter")
        page.get_by_role("button", name=re.compile("Look at it.*Feed 1")).click()
        page.get_by_role("button", name="Add this feed").click()
        page.get_by_role("status").get_by_text("Added.").wait_for()
        order_polls(now(), "by hand")
        call_command("run_jobs", "--once")
    page.goto(f"{live_server.url}/desk/inbox/")
    title = page.locator("[data-entry] h2").first.inner_text()
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("a")
    assert "is proposed as a report" in page.get_by_role("status").inner_text()
    proposal = Proposal.objects.get(origin="feed")
    for code in ("take", "start_review", "approve"):
        act(proposal, code, second)
    act(proposal, "publish", second, reason="The report is what it says.")
    report = Record.objects.get(kind="report", name=title)
    covered = Statement.objects.filter(subject=report, predicate="covers").values_list("object", flat=True)
    assert covered and set(covered) <= {record.pk for record in named}
    page.goto(f"{live_server.url}{Record.objects.get(pk=covered[0]).path}")
    assert title in page.locator("main").inner_text()
