"""What only a browser shows of the desk: contrast and roles by axe, width, and the way to a decision by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from kb.review.models import Proposal
from kb.review.submit import Sender, send_changes
from tests.accounts.people import make_person, sign_in
from tests.review.desk import World, act, filed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/desk/", "/desk/new/", "/desk/new/?key=Painter", "/desk/records/{record}/edit/", "/desk/records/{record}/split/",
    "/desk/change/add_statement/?record={record}", "/desk/collected/", "/desk/log/", "/desk/figures/", "/desk/p/{key}/",
    "/desk/p/{stale}/", "/desk/p/{key}/changes/3/amend/", "/desk/p/{key}/changes/add/", "/decisions/",
)  # fmt: skip
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (1440, 390)]
NARROWEST = 320
_OPEN_ALL = "document.querySelectorAll('main details').forEach(one => { one.open = true })"


def signed_in(browser: Browser, site: str, client: Client, **more: object) -> BrowserContext:
    context = browser.new_context(**more)  # type: ignore[arg-type]
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
    return context


@pytest.fixture
def stale(world: World) -> Proposal:
    """A correction whose record was renamed since, at a desk that knows every state."""
    editor, second = make_person(role="editor", name="Ana"), make_person(role="editor", name="Ben")

    def renaming(name: str) -> Proposal:
        change = {"change": "rename_record", "record": world.model.public_id, "name": name}
        reader = Sender(email="reader@example.org")
        sent = send_changes([change], reader, title=f"It is called {name}", reason="Its card says so.")
        for step in ("take", "start_review"):
            act(sent, step, editor)
        return sent

    waiting, other, asked, refused = renaming("Painter 1.5.1"), renaming("Painter 1.5.0"), filed(world), filed(world)
    act(other, "approve", second)
    act(other, "publish", second, reason="The card says so.")
    act(asked, "take", editor)
    act(asked, "ask", editor, reason="Which version?")
    act(refused, "take", editor)
    act(refused, "reject", editor, reason="It is no artifact of this record.")
    return waiting


def _faults(page: Page, where: str) -> list[str]:
    page.evaluate(_OPEN_ALL)
    found = [f"{where}: {one['id']} {one['nodes'][0]['html'][:200]}" for one in Axe().run(page).response["violations"]]
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, *([f"{where}: {overflow}px too wide"] if overflow > 0 else [])]


def test_pages_of_the_desk_have_no_axe_violations_and_do_not_scroll_sideways(
    browser: Browser, live_server: LiveServer, world: World, desk: Client, proposal: Proposal, stale: Proposal
) -> None:
    site = str(live_server.url)
    faults: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"console: {message.text}")

    desk.post(f"/desk/change/add_alias/?record={world.model.slug}", {"text": "Painter fifteen"})
    for scheme, width in LOOKS:
        context = signed_in(browser, site, desk, viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        page.on("console", said)
        for pattern in PAGES:
            where = pattern.format(record=world.model.slug, key=proposal.key, stale=stale.key)
            page.set_viewport_size({"width": width, "height": 900})
            answer = page.goto(site + where)
            assert answer and answer.status == 200, where
            faults += [f"{scheme} {width} {fault}" for fault in _faults(page, where)]
        context.close()
    assert not faults, "\n".join(faults)


def _tab_to(page: Page, words: str) -> None:
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip() == words:
            return
    pytest.fail(f"“{words}” is not reached by keyboard")


def test_an_editor_opens_the_queue_reads_a_proposal_and_approves_it_by_keyboard_without_scripts(
    browser: Browser, live_server: LiveServer, proposal: Proposal
) -> None:
    site = str(live_server.url)
    page = signed_in(browser, site, sign_in(Client(), make_person(role="editor")), java_script_enabled=False).new_page()
    page.goto(f"{site}/desk/")
    _tab_to(page, proposal.title)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/p/{proposal.key}/")
    _tab_to(page, "Decide")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Approve"
    page.keyboard.press("Tab")
    page.keyboard.type("I repeated the measurement.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("Approved.").wait_for()
    assert proposal.approvals.count() == 1
    assert proposal.decisions.filter(action="approve", reason="I repeated the measurement.").exists()
