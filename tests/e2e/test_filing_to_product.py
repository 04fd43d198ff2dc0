"""One finding from its filing to every product that inherits it: by keyboard, without scripts, in Chromium.

A researcher files it, an editor takes it and asks the party, the party replies by its link, two editors publish.
"""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from kb.accounts.models import User
from kb.lineage.ask import Question, ask
from kb.records.models import Record
from kb.review.models import Proposal
from tests.accounts.people import make_person, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MODEL = "stable-diffusion-v1-5"
TITLE = "Stable Diffusion 1.5 repeats photographs of people"
REPLY = "We have seen the study. Newer models are trained on data without these photographs."


def press(control: Locator) -> None:
    """Reach a link, a button or a summary with the keyboard, and press it."""
    control.focus()
    control.press("Enter")


def unfold(part: Locator) -> None:
    """Open what is folded, unless it stands open already."""
    if part.get_attribute("open") is None:
        press(part.locator("summary").first)


def write(page: Page, fields: dict[str, str]) -> None:
    """Write into fields by their labels, key by key."""
    for label, text in fields.items():
        field = page.locator("main").get_by_label(label).first
        field.focus()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(text)


def choose(control: Locator, value: str) -> None:
    """Choose an option by its value; typing its label is the same to the page."""
    control.focus()
    control.select_option(value)


def opened(browser: Browser, site: str, who: User | None = None) -> Page:
    """A browser without scripts, in which somebody may be signed in."""
    context = browser.new_context(java_script_enabled=False)
    if who is not None:
        _sign_in(context, site, who)
    return context.new_page()


def _sign_in(context: BrowserContext, site: str, who: User) -> None:
    key = sign_in(Client(), who).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])


def begin(page: Page, site: str) -> None:
    """Begin a filing without an account, and write the receipt down."""
    page.goto(f"{site}/file/")
    press(page.get_by_role("button", name="Begin"))
    page.wait_for_url("**/receipt/")
    assert re.fullmatch(r"(?:[0-9a-z]{4}-){5}[0-9a-z]{4}", page.locator(".receipt code").inner_text())
    press(page.get_by_role("link", name="I have written it down"))
    page.wait_for_url("**/found/")


def file_an_issue(page: Page, site: str) -> None:
    """Go through the steps of the form and submit."""
    begin(page, site)
    write(page, {"Title": TITLE, "What was found": "Asked for captions of its training data, it repeats people's photographs.",
                 "How is it known?": "We asked it a thousand times and compared."})  # fmt: skip
    choose(page.get_by_label("Kind of issue"), "M01")
    page.get_by_label("Privacy").focus()
    page.keyboard.press("Space")
    press(page.get_by_role("button", name="Save and go on"))
    page.wait_for_url("**/artifacts/")
    write(page, {"Record": MODEL})
    press(page.get_by_role("button", name="Save and go on"))
    page.wait_for_url("**/sources/")
    write(page, {"Or its title": "A study of repeated photographs", "What it says": "It counts how often photographs come back."})
    press(page.get_by_role("button", name="Save and go on"))
    page.wait_for_url("**/people/")
    press(page.get_by_role("button", name="Save and go on"))
    page.wait_for_url("**/check/")
    assert TITLE in page.locator("main").inner_text()
    press(page.get_by_role("button", name="Submit"))
    page.wait_for_url("**/submissions/*/")
    assert page.get_by_role("heading", level=1).inner_text() == TITLE


def move(page: Page, code: str, reason: str = "") -> None:
    """Make one move on the page of a proposal."""
    part = page.locator(f"#move-{code}")
    unfold(part)
    if reason:
        part.get_by_label("Reason", exact=False).first.focus()
        page.keyboard.insert_text(reason)
    press(part.get_by_role("button"))
    page.get_by_role("status").wait_for()


def open_proposal(page: Page, site: str) -> None:
    """Come to the proposal from the queue."""
    page.goto(f"{site}/desk/")
    press(page.get_by_role("link", name=TITLE))
    page.wait_for_url("**/desk/p/*/")


def ask_and_waive(page: Page) -> None:
    """Ask the first party that has to be asked, and publish without asking the others."""
    part = page.locator("details", has=page.locator("summary", has_text=re.compile("^Ask (?!another)"))).first
    unfold(part)
    part.get_by_label("E-mail address of the recipient").focus()
    page.keyboard.insert_text("press@example.org")
    part.get_by_label("How you know that it is the party's").focus()
    page.keyboard.insert_text("Its imprint names this address.")
    press(part.get_by_role("button", name="Send the link"))
    page.get_by_text("Asked. The link is on its way.").wait_for()
    others = page.locator("details", has=page.locator("summary", has_text=re.compile("^Do not ask")))
    while others.count():
        unfold(others.first)
        others.first.get_by_label("Why it is not asked").focus()
        page.keyboard.insert_text("It does not answer for this version.")
        press(others.first.get_by_role("button", name="Publish without asking"))
        page.get_by_text("Waived. The reason will be public.").wait_for()


def reply_by_link(page: Page, site: str) -> None:
    """Read the letter, open its link, look at the reply and send it."""
    letter = next(message for message in mail.outbox if message.to == ["press@example.org"])
    assert TITLE not in str(letter.body)
    page.goto(f"{site}/finding/{str(letter.body).split('/finding/')[1].split('/')[0]}/")
    assert TITLE in page.locator("main").inner_text()
    write(page, {"Your reply": REPLY})
    press(page.get_by_role("button", name="See how it will read"))
    page.get_by_role("heading", name="How your reply will read").wait_for()
    press(page.get_by_role("button", name="Send this reply"))
    page.get_by_role("heading", name="What you replied").wait_for()
    assert REPLY in page.locator("main").inner_text()


def products_that_show(page: Page, site: str, issue: Record) -> set[str]:
    """Every product whose page names the issue."""
    shown = set()
    for product in Record.objects.filter(kind="product", merged_into=None, withdrawn=None):
        page.goto(site + product.path)
        if page.locator(f"main a[href='{issue.path}']").count():
            shown.add(product.slug)
    return shown


def inheriting(model: Record) -> set[str]:
    """What the engine answers: the products that descend from the model."""
    answer = ask(Question(model, "downstream", kinds=frozenset({"product"})))
    return {answer.record(node.record).slug for node in (*answer.outline.nodes, *answer.outline.lead_nodes)}


def test_a_finding_comes_from_its_filing_to_every_product_that_inherits_it(browser: Browser, site: str) -> None:
    first, second = make_person(role="editor"), make_person(role="editor")
    model = Record.objects.get(slug=MODEL)
    researcher, desk, party = opened(browser, site), opened(browser, site, first), opened(browser, site)
    file_an_issue(researcher, site)
    open_proposal(desk, site)
    move(desk, "take")
    move(desk, "start_review")
    ask_and_waive(desk)
    reply_by_link(party, site)
    desk.reload()
    press(desk.get_by_role("link", name="Moderate the reply"))
    press(desk.get_by_role("button", name="Pass the reply on"))
    desk.get_by_text("The reply is passed on.").wait_for()
    open_proposal(desk, site)
    move(desk, "approve")
    assert not Record.objects.filter(name=TITLE).exists()
    other = opened(browser, site, second)
    open_proposal(other, site)
    move(other, "approve")
    move(other, "publish", "Two of us read it.")
    issue = Record.objects.get(name=TITLE)
    assert Proposal.objects.get().record_id == issue.pk
    researcher.reload()
    press(researcher.get_by_role("link", name=TITLE))
    researcher.wait_for_url(f"**{issue.path}")
    assert REPLY in researcher.locator("main").inner_text()
    expected = inheriting(model)
    assert len(expected) > 1
    assert products_that_show(researcher, site, issue) == expected
