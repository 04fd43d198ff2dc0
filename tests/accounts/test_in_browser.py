"""What only a browser shows of accounts: contrast and roles by axe, width, and the way in by keyboard without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests import build
from tests.accounts.codes import code_of_secret
from tests.accounts.people import PASSWORD, make_person, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ENTRANCE = ["account_login", "account_signup", "account_reset_password"]
OWN = ["account", "account_sessions", "account_tokens", "account_parties", "account_close", "account_email", "mfa_activate_totp",
       "account_change_password", "account_reauthenticate", "account_logout", "mfa_index"]  # fmt: skip
CODED = ["mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp", "desk_representatives"]
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (1440, 390)]
NARROWEST = 320


def _signed_in(context: BrowserContext, site: str, client: Client) -> BrowserContext:
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
    return context


def _faults(page: Page, name: str) -> list[str]:
    found = [f"{name}: {one['id']} {one['nodes'][0]['html'][:200]}" for one in Axe().run(page).response["violations"]]
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, *([f"{name}: {overflow}px too wide"] if overflow > 0 else [])]


def _visit(context: BrowserContext, site: str, names: list[str]) -> list[str]:
    faults: list[str] = []
    page = context.new_page()
    wide = page.viewport_size
    assert wide
    page.on("console", lambda said: faults.append(f"console: {said.text}") if said.type == "error" else None)
    for name in names:
        page.set_viewport_size(wide)
        page.goto(site + reverse(name))
        assert page.url.endswith(reverse(name)), (name, page.url)
        faults += _faults(page, name)
    context.close()
    return faults


def _clients() -> list[tuple[Client, list[str]]]:
    """Clients of people whose pages have rows: without a second factor, and with one."""
    party = build.party("The Maker")
    plain, admin = make_person(mfa=False, password=PASSWORD), make_person("admin", password=PASSWORD)
    one, other = sign_in(Client(), plain), sign_in(Client(), admin)
    for client in (one, other):
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    one.post(reverse("account_parties"), {"party": party.slug, "work_email": "a@maker.example", "reason": "I am of it."})
    one.post(reverse("account_tokens"), {"name": "importer", "scopes": ["proposals:read"], "days": 3})
    other.post(reverse("mfa_generate_recovery_codes"))
    return [(Client(), ENTRANCE), (one, OWN), (other, CODED)]


def test_account_pages_have_no_axe_violations_and_do_not_scroll_sideways(browser: Browser, live_server: LiveServer) -> None:
    site, faults = str(live_server.url), []
    for client, names in _clients():
        for scheme, width in LOOKS:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            if settings.SESSION_COOKIE_NAME in client.cookies:
                _signed_in(context, site, client)
            faults += [f"{scheme} {width} {fault}" for fault in _visit(context, site, names)]
    assert not faults, "\n".join(faults)


def test_an_editor_comes_in_and_sets_an_authenticator_up_by_keyboard_without_scripts(
    browser: Browser, live_server: LiveServer
) -> None:
    person = make_person("admin", mfa=False, password=PASSWORD)
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}{reverse('desk_representatives')}")
    _fill(page, {"E-mail address": person.email, "Password": PASSWORD})
    page.wait_for_url("**/account/reauthenticate/**")
    _fill(page, {"Password": PASSWORD})
    page.wait_for_url("**/activate/**")
    secret = page.locator(".secret").inner_text()
    assert page.locator("img.qr").evaluate("picture => picture.naturalWidth") > 100
    _fill(page, {"Code": code_of_secret(secret)})
    page.wait_for_url("**/recovery-codes/")
    assert page.locator(".codes li").count() == 10
    page.get_by_role("link", name="Go on to where you were going").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/representatives/")
    assert page.get_by_role("heading", level=1).inner_text() == "Who speaks for a party"


def _fill(page: Page, fields: dict[str, str]) -> None:
    for label, text in fields.items():
        page.get_by_label(label, exact=True).focus()
        page.keyboard.type(text)
    page.keyboard.press("Enter")
