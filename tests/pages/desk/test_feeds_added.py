"""Adding feeds at the desk: a look at an address, a choice, how it is kept; lists in and out."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from kb.accounts.models import User
from kb.feeds.models import Feed
from kb.feeds.opml import Outline, read_opml, write_opml
from tests.feeds.site import PAGE, Site, rss, serving
from tests.pages.reading import folded
from tests.pages.test_every_page import outline

ADD, NEW, OPML = "/desk/feeds/add/", "/desk/feeds/new/", "/desk/feeds/opml/"
A_LIST = write_opml("A list", [Outline("https://a.example.org/feed", "A", folder="Press"), Outline("ftp://b.example.org/", "B")])


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    with serving(settings) as one:
        yield one


def hidden(answer: HttpResponse, name: str) -> list[str]:
    """The values of the hidden fields of a page that bear a name."""
    return re.findall(rf'type="hidden" name="{name}" value="([^"]*)"', answer.content.decode())


def whole(answer: HttpResponse) -> str:
    """The words of a page that is well made."""
    page = answer.content.decode()
    found = outline(page)
    assert (found.headings.count("h1"), found.faults, found.open) == (1, [], [])
    assert len(found.ids) == len(set(found.ids))
    return folded(page[page.index("<main") : page.index("</main>")])


def test_a_feed_is_found_by_its_site_looked_at_and_added_by_forms_alone(desk: Client, editor: User, site: Site) -> None:
    site.put("/feed.xml", rss(3), "application/rss+xml")
    page: Any = desk.post(ADD, {"address": site.put("/", PAGE)})
    assert "This page names 2 feeds" in whole(page)
    (first, _) = hidden(page, "address")
    seen: Any = desk.post(ADD, {"address": first})
    words = whole(seen)
    assert "Example News" in words and "RSS, 3 entries, language en. Nothing of it is stored yet." in words and "Story 2" in words
    assert not Feed.objects.exists()
    given = {"address": hidden(seen, "address")[0], "title": "News", "folder": "Press", "weight": 4, "left_out": "none"}
    assert "Added." in whole(desk.post(NEW, given, follow=True))  # type: ignore[arg-type]
    feed = Feed.objects.get()
    assert (feed.url, feed.title, feed.folder, feed.weight, feed.active) == (first, "News", "Press", 4, True)
    assert feed.events.get().by == editor


def test_a_known_feed_is_shown_and_not_offered(desk: Client, site: Site) -> None:
    url = site.put("/feed.xml", rss(1), "application/rss+xml")
    Feed.objects.create(url=url, title="Ours")
    words = whole(desk.post(ADD, {"address": url}))  # type: ignore[arg-type]
    assert "It is known already: Ours" in words and "Add this feed" not in words
    answer: Any = desk.post(NEW, {"address": url, "title": "Again", "weight": 3, "left_out": "none"})
    assert answer.status_code == 409 and "This feed is known already: Ours." in whole(answer)
    assert Feed.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("", 422, "This field is required."),
        ("ftp://example.org/", 422, "An address begins with https://"),
        ("https://10.0.0.1/feed", 422, "An address names a public host"),
        ("{site}/nothing", 200, "The server answers 404 at this address."),
    ],
)
def test_what_brings_no_feed_is_said_where_it_was_written(
    desk: Client, site: Site, address: str, status: int, words: str
) -> None:
    answer: Any = desk.post(ADD, {"address": address.format(site=site.url)})
    assert answer.status_code == status and words in whole(answer)


def test_what_is_missing_is_asked_for_again_with_what_was_written(desk: Client) -> None:
    answer: Any = desk.post(
        NEW, {"address": "https://a.example.org/", "title": "", "folder": "Courts", "weight": 9, "left_out": "none"}
    )
    assert answer.status_code == 422 and 'value="Courts"' in answer.content.decode()
    whole(answer)
    assert not Feed.objects.exists()


def test_a_list_comes_in_as_a_file_or_as_text_and_says_what_became_of_each(desk: Client, editor: User) -> None:
    file = SimpleUploadedFile("feeds.opml", A_LIST.encode(), "text/x-opml")
    words = whole(desk.post(OPML, {"file": file}))  # type: ignore[arg-type]
    assert (
        "1 feed added and left turned off; 0 were known" in words and "1 was refused" in words and "Feed 2 of the list" in words
    )
    assert Feed.objects.get().events.get().by == editor
    assert "1 was known and was left as it was" in whole(desk.post(OPML, {"text": A_LIST}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({}, 422, "Choose a file of at most 1 MB, or paste its text."),
        ({"text": "<rss/>"}, 400, "This is no list of feeds in OPML."),
    ],
)
def test_what_is_no_list_is_said(desk: Client, given: dict[str, str], status: int, words: str) -> None:
    answer: Any = desk.post(OPML, given)
    assert answer.status_code == status and words in whole(answer)


def test_a_file_that_is_too_large_is_dropped_and_never_written_down(desk: Client) -> None:
    file = SimpleUploadedFile("feeds.opml", A_LIST.encode() + b" " * 1_100_000)
    answer: Any = desk.post(OPML, {"file": file})
    assert answer.status_code == 422 and "at most 1 MB" in whole(answer)


def test_all_feeds_go_out_as_a_file(desk: Client) -> None:
    Feed.objects.create(url="https://a.example.org/", title="A", weight=5)
    answer = desk.get(f"{OPML}export/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="feeds.opml"'
    assert answer.headers["Content-Type"] == "text/x-opml; charset=utf-8"
    assert [(one.title, one.weight) for one in read_opml(answer.content)] == [("A", 5)]
