"""Words and addresses from outside, made harmless."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from playwright.sync_api import Browser

from kb.core.text import SCHEMES, TAGS, clean_html, clean_line, http_url, plain_text, public_html, without_tracking

ATTACKS = Path(__file__).parents[3] / "shared" / "corpus" / "feeds" / "attacks" / "xss_payloads.json"
needs_attacks = pytest.mark.skipif(not ATTACKS.exists(), reason="needs the shared corpus beside the project")
PIECES = st.sampled_from([
    "<p>", "</p>", "<a href='", "'>", "</a>", "<script>", "</script>", "javascript:", "<svg>", "<math>", "<style>", "</style>",
    "&lt;", "&#x3C;", "&amp;", "<!--", "-->", "<![CDATA[", "onerror=", '"', "<img src=x ", "https://example.org/", "\0", "\u202e",
    "text ",    "<table><td>", "<noscript>", "<template>", "data:text/html,", "&colon;", "\ud800",
])  # fmt: skip
MARKUP = st.lists(PIECES | st.text(max_size=5), max_size=15).map("".join)


def payloads() -> list[dict[str, Any]]:
    return json.loads(ATTACKS.read_text()) if ATTACKS.exists() else []


def faults(markup: str) -> list[str]:
    """What in cleaned HTML could do anything but carry words."""
    found = []
    for element in lxml_html.fragment_fromstring(markup, create_parent="body").iterdescendants():
        if not isinstance(element.tag, str) or element.tag not in TAGS:
            found.append(str(element.tag))
        for name, value in element.attrib.items():
            if name not in {"href", "rel"} or (name == "href" and value.partition(":")[0] not in SCHEMES):
                found.append(f"{name}={value}")
    return found


@given(MARKUP)
def test_cleaned_html_carries_words_and_links_alone(markup: str) -> None:
    assert not faults(clean_html(markup, "https://example.org/feed"))
    assert not faults(public_html(markup))


@given(MARKUP)
def test_cleaning_what_is_clean_changes_nothing(markup: str) -> None:
    once = clean_html(markup)
    assert clean_html(once) == once


@needs_attacks
@pytest.mark.shared
def test_of_every_known_payload_nothing_is_left_that_executes() -> None:
    for payload in payloads():
        assert not faults(clean_html(payload["html"])), payload["id"]
        assert not faults(public_html(payload["html"])), payload["id"]


@needs_attacks
@pytest.mark.shared
@pytest.mark.browser
def test_no_cleaned_payload_runs_a_script_in_a_browser(browser: Browser) -> None:
    page = browser.new_context().new_page()
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    body = "".join(f"<div>{clean_html(one['html'])}</div><div>{public_html(one['html'])}</div>" for one in payloads())
    page.set_content(f"<!doctype html><script>window.ran = 0; alert = () => ran++; print = alert</script>{body}")
    page.wait_for_timeout(500)
    assert (page.evaluate("ran"), said, page.locator("body script").count()) == (0, [], 0)
    assert not [url for url in asked if url.startswith("http")]


def test_links_are_made_absolute_and_named_as_those_of_others() -> None:
    cleaned = clean_html('<a href="/a" onclick="x()" style="x">b</a>', "https://example.org/feed")
    assert cleaned == '<a href="https://example.org/a" rel="nofollow noopener noreferrer ugc">b</a>'
    assert public_html('<a href="https://example.org/a">b</a>').count("nofollow") == 1
    assert "javascript" not in public_html('<a href="javascript:123">x</a>')


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("a<br>b<li>c", "a b c"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("&lt;b&gt; is a tag", "<b> is a tag"),
        ("<script>alert(1)</script>x<style>p{}</style>", "x"),
        ("zero\u200bwidth \u202eabc\u202c", "zerowidth abc"),
        ("nul\0 and \ud800 half", "nul and \ufffd half"),
        ("Z" + "\u0300" * 50 + "algo", "Z" + "\u0300" * 3 + "algo"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("", ""),
    ],
)
def test_plain_text_is_what_a_reader_would_see(markup: str, words: str) -> None:
    assert plain_text(markup) == words


@pytest.mark.parametrize("sign", ["\u2028", "\u2029"])
def test_a_separator_of_lines_or_paragraphs_joins_no_words(sign: str) -> None:
    assert plain_text(f"one{sign}two<b>{sign}</b>three") == "one two three"
    assert clean_line(f"one{sign}two", 20) == "one two"


@pytest.mark.parametrize("sign", ["\u3164", "\u2800", "\u115f", "\u1160", "\uffa0", "\u200b", "\u2060"])
def test_a_letter_without_ink_is_no_word(sign: str) -> None:
    assert clean_line(f" {sign} {sign}", 20) == plain_text(f"<p>{sign * 3}</p>") == ""
    assert clean_line(f"one{sign}two", 20) == plain_text(f"one{sign}two") == "onetwo"


@given(MARKUP | st.text())
def test_plain_text_is_one_line_without_what_nobody_sees(markup: str) -> None:
    words = plain_text(markup)
    assert words == " ".join(words.split())
    assert not any(char in words for char in "\0\u202e\u200b\ud800")


@pytest.mark.parametrize(
    "markup",
    [
        "<" * 400_000,
        "<p " * 130_000,
        "<!--" * 100_000,
        "a\u0300" * 200_000,
        "<a href='" * 50_000,
        "<b>" * 130_000,
        "<ul><li>" * 60_000,
        "&" * 500_000,
    ],
)
def test_hostile_markup_is_read_to_its_end(markup: str) -> None:
    assert len(plain_text(markup)) <= 500_000
    assert not faults(clean_html(markup[:5_000]))


def test_a_line_is_cut_at_a_word() -> None:
    assert clean_line("one two three", 9) == "one two…"
    assert clean_line("one\n two", 20) == "one two"
    assert clean_line("x" * 50, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:1", "java\tscript:1", "data:text/html,x", "file:///etc/passwd", "vbscript:x",
     "blob:https://a/b",      "https://", "https:///x", "http://user@example.org/", "http://user:pw@example.org/", "http://example.org:99999/",
     "http://[::1", "https://exa mple.org/", "https://example.org/a b", "https://example.org/\r\nX: y", "//", "",
     "mailto:a@example.org",      "https://example..org/", "http://example.org:0/",
     "http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/", "https://ex%61mple.org/", "https://example.org%00.evil.example/",
     "http://[v1.x]/", "http://[::xyz]/"],
)  # fmt: skip
def test_what_leads_to_no_web_page_is_no_address(url: str) -> None:
    assert http_url(url) == ""


@pytest.mark.parametrize(
    ("url", "base", "absolute"),
    [
        ("/a", "https://example.org/feed", "https://example.org/a"),
        ("//other.example/a", "https://example.org/feed", "https://other.example/a"),
        (" https://example.org/a ", "", "https://example.org/a"),
        ("https://bücher.example/ü", "", "https://bücher.example/ü"),
        ("http://[2001:db8::1]/", "", "http://[2001:db8::1]/"),
        ("HTTPS://Example.org/A", "", "https://Example.org/A"),
    ],
)
def test_an_address_is_made_absolute(url: str, base: str, absolute: str) -> None:
    assert http_url(url, base) == absolute


@given(st.text(max_size=80), st.text(max_size=40))
def test_no_address_breaks_and_each_has_a_scheme_and_a_host(url: str, base: str) -> None:
    found = http_url(url, base)
    assert found == "" or found.startswith(("http://", "https://"))


def test_where_a_reader_came_from_is_no_part_of_an_address() -> None:
    assert without_tracking("https://Example.org/a?utm_source=x&id=7&fbclid=q#top") == "https://example.org/a?id=7"


@pytest.mark.parametrize("url", ["http://[x", "http://a\u2100b/", "https://example.org/?a=\ud800", "no address"])
def test_what_is_no_address_comes_back_as_it_is(url: str) -> None:
    assert without_tracking(url) == url


@given(st.text(max_size=60) | st.text(max_size=40).map("https://[{}".format))
def test_no_address_breaks_when_it_is_made_short(url: str) -> None:
    without_tracking(url)
