"""Autodiscovery: a page names feeds in the ways that pages do, and whatever else comes names none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.feeds.discover import feeds_of_page

URL = "https://example.org/blog/"


def found(page: str, content_type: str = "text/html; charset=utf-8") -> list[tuple[str, str]]:
    return [(one.url, one.title) for one in feeds_of_page(page.encode(), URL, content_type)]


def test_feeds_are_found_in_the_order_of_the_page_and_each_once() -> None:
    page = """<!doctype html><head><title>Blog</title>
      <link rel="alternate" type="application/rss+xml" title="Posts " href="feed.xml">
      <LINK REL="Alternate" TYPE="application/atom+xml; charset=utf-8" HREF="/atom">
      <link rel="alternate" type="application/feed+json" title="JSON" href="//cdn.example.net/feed.json">
      <link rel="alternate" type="application/rss+xml" title="Again" href="https://example.org/blog/feed.xml">
      <link rel="stylesheet" type="application/rss+xml" href="/no"></head>"""
    assert found(page) == [
        ("https://example.org/blog/feed.xml", "Posts"),
        ("https://example.org/atom", ""),
        ("https://cdn.example.net/feed.json", "JSON"),
    ]


def test_relative_addresses_refer_to_the_base_of_the_page() -> None:
    page = '<base href="https://other.example.org/x/"><link rel=alternate type="application/rss+xml" href="feed">'
    assert found(page) == [("https://other.example.org/x/feed", "")]


def test_a_link_that_says_feed_is_one_without_a_type() -> None:
    assert found('<body><a rel="feed" href="/feed">Feed</a><a rel="nofollow" href="/other">x</a>') == [
        ("https://example.org/feed", "")
    ]


def test_plain_xml_counts_only_where_nothing_says_more() -> None:
    loose = '<link rel="alternate" type="text/xml" href="/loose">'
    assert found(loose) == [("https://example.org/loose", "")]
    assert found(f'{loose}<link rel="alternate" type="application/rss+xml" href="/sure">') == [("https://example.org/sure", "")]


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/xml,x", "ftp://example.org/", "https://a:b@example.org/", ""])
def test_only_other_addresses_of_the_web_are_named(href: str) -> None:
    assert found(f'<link rel="alternate" type="application/rss+xml" href="{href}">') == []


def test_a_page_is_read_in_the_charset_that_its_server_tells() -> None:
    page = '<link rel="alternate" type="application/rss+xml" title="Größe" href="/f">'.encode("latin-1")
    assert feeds_of_page(page, URL, "text/html; charset=ISO-8859-1")[0].title == "Größe"
    assert feeds_of_page(page, URL, "text/html; charset=no-such")[0].url == "https://example.org/f"


def test_no_more_than_thirty_are_named() -> None:
    page = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{number}">' for number in range(200))
    assert len(found(page)) == 30


@given(st.binary(max_size=400), st.text(max_size=40))
def test_whatever_comes_is_read_without_a_fault(page: bytes, content_type: str) -> None:
    assert isinstance(feeds_of_page(page, URL, content_type), tuple)
