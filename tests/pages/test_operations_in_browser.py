"""What only a browser shows of the operators' page: contrast and roles by axe, width, and its acts by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from kb.jobs.models import Job
from tests.accounts.people import make_person, sign_in
from tests.pages.test_operations import PAGE, make_job

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (1440, 390, 320)]


@pytest.fixture
def session() -> str:
    """The key of an administrator's session."""
    return sign_in(Client(), make_person("admin")).cookies[settings.SESSION_COOKIE_NAME].value


def signed_in(context: BrowserContext, site: str, session: str) -> BrowserContext:
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    return context


def test_the_page_has_no_axe_violations_and_does_not_scroll_sideways(
    browser: Browser, live_server: LiveServer, session: str
) -> None:
    make_job("dead")
    make_job("waiting", ended_at=None, key="<0123456789abcdef0123456789abcdef0123456789abcdef@a-long-name.example.org>")
    faults = []
    for scheme, width in LOOKS:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = signed_in(context, live_server.url, session).new_page()
        page.goto(live_server.url + PAGE)
        for summary in page.locator("main summary").all():
            summary.click()
        found = Axe().run(page).response["violations"]
        faults += [f"{scheme} {width} {one['id']} {one['nodes'][0]['html'][:200]}" for one in found]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            faults.append(f"{scheme} {width} scrolls sideways")
        context.close()
    assert not faults, "\n".join(faults)


def test_a_job_is_dropped_by_keyboard_without_scripts(browser: Browser, live_server: LiveServer, session: str) -> None:
    job = make_job("dead")
    context = browser.new_context(java_script_enabled=False)
    page = signed_in(context, live_server.url, session).new_page()
    page.goto(live_server.url + PAGE)
    page.locator(f"#job{job.pk} summary").press("Enter")
    page.get_by_label("Why").press_sequentially("Sent by hand.")
    page.keyboard.press("Enter")
    page.get_by_text(f"Job {job.pk} was dropped.").wait_for()
    job.refresh_from_db()
    assert job.state == "dropped"
    assert job.last_error.endswith(": Sent by hand.")
    assert not Job.objects.filter(state="dead").exists()
    context.close()
