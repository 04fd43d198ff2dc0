"""What only a browser shows of a party's side: contrast and roles by axe, width, and a confidential page without cookies."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from kb.accounts.models import User
from kb.records.models import Statement
from kb.review.dispute import raise_dispute
from kb.review.reply import receive
from tests.accounts.people import make_person, sign_in
from tests.pages.party.conftest import Asked
from tests.review.desk import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (1440, 390)]
NARROWEST = 320
Visit = tuple[str, User | None, Callable[[Page], None] | None]


def _faults(page: Page, name: str) -> list[str]:
    found = [f"{name}: {one['id']} {one['nodes'][0]['html'][:200]}" for one in Axe().run(page).response["violations"]]
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, *([f"{name}: {overflow}px too wide"] if overflow > 0 else [])]


def _opened(browser: Browser, site: str, who: User | None, scheme: str, width: int) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    if who is not None:
        key = sign_in(Client(), who).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
    return context


def _preview(page: Page) -> None:
    page.get_by_label("Your reply").fill("We published a fix.\n\nWe disagree.")
    page.get_by_role("button", name="See how it will read").click()
    page.get_by_role("heading", name="How your reply will read").wait_for()


def test_pages_of_a_party_have_no_axe_violations_and_do_not_scroll_sideways(
    browser: Browser, live_server: LiveServer, asked: Asked, spokesperson: User, world: World
) -> None:
    site, faults, editor = str(live_server.url), [], make_person(role="editor")
    link = Statement.objects.get(predicate="trained_on")
    own, _ = raise_dispute(world.model, "We never trained on this.", statement=link, user=spokesperson)
    visits: list[Visit] = [
        (asked.path, None, None), (asked.path, None, _preview), ("/account/requests/", spokesperson, None),
        (f"/account/requests/{asked.request.pk}/", spokesperson, None), (f"/dispute/statement/{link.pk}/", spokesperson, None),
        (f"/dispute/record/{world.model.slug}/", None, None), (f"/dispute/followed/{own.key}/", spokesperson, None),
        ("/desk/disputes/", editor, None), (f"/desk/disputes/{own.key}/", editor, None),
        (f"/desk/p/{asked.proposal.key}/", editor, None), (f"/desk/records/{world.model.slug}/ask/", editor, None),
        (f"/desk/replies/{asked.request.pk}/", editor, None),
    ]  # fmt: skip
    for scheme, width in LOOKS:
        for path, who, before in visits:
            context = _opened(browser, site, who, scheme, width)
            page = context.new_page()
            page.goto(site + path)
            if before:
                before(page)
            faults += _faults(page, f"{path} {scheme} {width}")
            context.close()
    assert not faults, "\n".join(faults)


def test_a_party_replies_without_scripts_and_without_a_cookie(browser: Browser, live_server: LiveServer, asked: Asked) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}{asked.path}")
    page.get_by_label("Your reply").focus()
    page.keyboard.insert_text("We published a fix.")
    page.get_by_role("button", name="See how it will read").press("Enter")
    page.get_by_role("button", name="Send this reply").press("Enter")
    page.get_by_role("heading", name="What you replied").wait_for()
    assert context.cookies() == []
    asked.request.refresh_from_db()
    assert asked.request.state == "received"


def test_a_moderator_cuts_by_keyboard_without_scripts(browser: Browser, live_server: LiveServer, asked: Asked) -> None:
    assert asked.request.invitation is not None
    receive(asked.request.invitation, "We published a fix. Jane Roe wrote to you.")
    context = browser.new_context(java_script_enabled=False)
    key = sign_in(Client(), make_person(role="editor")).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": str(live_server.url)}])
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/replies/{asked.request.pk}/")
    page.get_by_label("The reply as it will be shown").focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("We published a fix. […]")
    page.get_by_label("Why something was cut").focus()
    page.keyboard.insert_text("It names a private person.")
    page.get_by_role("button", name="Pass the reply on").press("Enter")
    page.get_by_role("heading", name="As it is shown").wait_for()
    asked.request.refresh_from_db()
    assert asked.request.shown == "We published a fix. […]"
