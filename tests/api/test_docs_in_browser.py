"""The guide in Chromium, under the site's own content security policy."""

from typing import Any

import pytest
from playwright.sync_api import Browser


@pytest.mark.browser
def test_the_guide_renders_without_third_parties_or_faults(live_server: Any, browser: Browser) -> None:
    asked: list[str] = []
    said: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    answer = page.goto(f"{live_server.url}/api/docs/")
    assert answer is not None
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    page.locator("summary").first.click()
    assert page.locator("details[open] table").first.is_visible()
    page.close()
    assert all(url.startswith(live_server.url) for url in asked)
    assert said == []
