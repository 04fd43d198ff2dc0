"""What only a browser can show: contrast and roles by axe, width, keyboard, and that nothing comes from elsewhere."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/", "/search/?q=laion", "/datasets/", "/r/re-laion-5b/", "/r/csam-links-in-laion-5b/", "/r/eu-ai-act/", "/r/laion/",
    "/r/thiel-2023/", "/lineage/midjourney/", "/methods/", "/sources/", "/styleguide/", "/r/nowhere/", "/api/docs/",
    "/lineage/laion-5b/trace/lensa-magic-avatars/", "/lineage/laion-5b/changes/?from_date=2022&to_date=2025", "/what-changed/",
    "/compare/?a=invokeai&b=comfyui", "/compare/?a=laion&b=zzz", "/embed/lineage/midjourney/", "/lineage/laion-5b/",
    "/lineage/laion-5b/steps/", "/lineage/laion-5b/steps/?page=2", "/lineage/stable-diffusion-v1-4/",
    "/statements/100/", "/r/laion-5b/statements/",
]  # fmt: skip
WIDTHS = (1440, 390, 320)


def test_pages_have_no_axe_violations_do_not_scroll_sideways_and_load_nothing_from_elsewhere(browser: Browser, site: str) -> None:
    faults: list[str] = []

    def note_foreign(request: Request) -> None:
        if not request.url.startswith((site, "data:")):
            faults.append(request.url)

    for scheme in ("light", "dark"):
        for width in WIDTHS:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            page.on("request", note_foreign)
            for path in PAGES:
                faults += _faults(page, site + path, f"{path} {scheme} {width}")
            context.close()
    assert not faults, "\n".join(sorted(set(faults)))


def _faults(page: Page, address: str, name: str) -> list[str]:
    page.goto(address)
    found = [f"{name}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in Axe().run(page).response["violations"]]
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, *([f"{name}: {overflow}px too wide"] if overflow > 0 else [])]


def test_a_reader_comes_from_the_start_page_to_the_evidence_by_keyboard_without_scripts(browser: Browser, site: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to main content"
    page.get_by_role("searchbox").focus()
    page.keyboard.type("LAION-5B")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="LAION-5B", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/r/laion-5b/")
    page.get_by_role("link", name="See what inherits it").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/lineage/laion-5b/*")
    assert page.get_by_role("heading", level=1).inner_text() == "What inherits LAION-5B"
    page.locator(".n[href='steps/#e1']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/steps/#e1")
    page.locator("#e1 a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/statements/*/")
    assert page.locator(".gist").first.is_visible()


def test_filters_of_the_question_work_without_scripts(browser: Browser, site: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/lineage/laion-5b/")
    page.locator("details.ask summary").click()
    page.select_option("#kind", "product")
    page.fill("#depth", "3")
    page.get_by_role("button", name="Show").click()
    assert "kind=product" in page.url
    assert "At most 3 steps away, as you asked." in page.locator("main").inner_text()
    assert page.locator("#model").count() == 0
