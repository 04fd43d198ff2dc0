"""What an address would bring is shown as plain words that passed the guard, and nothing of it is stored."""

from collections.abc import Iterator
from typing import Any

import pytest

from kb.core.errors import InvalidInput
from kb.core.fetch import Fetched, Fetcher
from kb.core.fetch_failures import FAILURES
from kb.feeds.models import Entry, Feed
from kb.feeds.preview import NEWEST, preview
from tests.core.hostile_texts import HOSTILE
from tests.feeds.site import PAGE, Site, rss, serving
from tests.feedserver import needs_feedserver, running

pytestmark = pytest.mark.django_db
HOSTILE_TITLE = "See magnet:?xt=urn:btih:" + "a1" * 20


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    with serving(settings) as one:
        yield one


def test_a_feed_is_shown_with_its_newest_entries_as_plain_words(site: Site) -> None:
    url = site.put("/feed.xml", rss(14), "application/rss+xml")
    found = preview(url)
    assert (found.address, found.format, found.title, found.language, found.total) == (url, "RSS", "Example News", "en", 14)
    assert (len(found.entries), found.problem, found.known, found.is_feed) == (NEWEST, "", None, True)
    first = found.entries[0]
    assert (first.title, first.excerpt) == ("Story 13", "Words of 13.")
    assert first.published and first.published.day == 14
    assert not Feed.objects.exists() and not Entry.objects.exists()


def test_a_page_is_shown_with_the_feeds_that_it_names_and_those_that_are_known(site: Site) -> None:
    known = Feed.objects.create(url=f"{site.url}/comments.xml/", title="Comments")
    found = preview(site.put("/", PAGE))
    assert [(one.url, one.title, one.known) for one in found.choices] == [
        (f"{site.url}/feed.xml", "Stories", None), (f"{site.url}/comments.xml", "Comments", known)
    ]  # fmt: skip
    assert not found.is_feed and found.problem == ""


def test_what_is_neither_is_told_in_words(site: Site) -> None:
    assert "no feed that can be read, and no page that names one" in preview(site.put("/", "<h1>Nothing</h1>")).problem
    assert preview(f"{site.url}/missing").problem == "The server answers 404 at this address."


def test_what_cannot_be_fetched_is_told_in_the_words_of_fetching(site: Site, settings: Any) -> None:
    url = site.put("/feed.xml", rss(1))
    settings.FETCH_ALLOWED_HOSTS = []
    with pytest.raises(InvalidInput):
        preview(url)
    settings.FETCH_ALLOWED_HOSTS = ["127.0.0.1:9"]
    assert preview("http://127.0.0.1:9/").problem in FAILURES.values()


def test_the_guard_keeps_words_out_of_what_is_shown(site: Site) -> None:
    found = preview(site.put("/feed.xml", rss(2, item1=HOSTILE_TITLE), "application/rss+xml"))
    assert [(one.title, one.withheld) for one in found.entries] == [("", True), ("Story 0", False)]


def test_an_address_given_without_encryption_is_shown_with_it_where_the_same_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Fetcher, "get", lambda self, url, headers: Fetched(url, 200, {}, rss(3)))
    found = preview("http://news.example.org/feed.xml")
    assert (found.address, found.is_feed) == ("https://news.example.org/feed.xml", True)


def test_a_feed_that_is_known_is_said_to_be(site: Site) -> None:
    url = site.put("/feed.xml", rss(1), "application/rss+xml")
    known = Feed.objects.create(url=url, title="Ours")
    assert preview(url).known == known


def test_a_lasting_move_is_followed_and_a_passing_one_is_not(site: Site) -> None:
    new = site.put("/new.xml", rss(1), "application/rss+xml")
    assert preview(site.put("/old.xml", b"", status=301, Location="/new.xml")).address == new
    passing = site.put("/today.xml", b"", status=302, Location="/new.xml")
    assert preview(passing).address == passing


def test_a_broken_feed_shows_what_could_be_had_and_says_what_is_wrong(site: Site) -> None:
    found = preview(site.put("/feed.xml", rss(3)[:-90], "application/rss+xml"))
    assert found.is_feed and found.entries and found.problem


@pytest.mark.parametrize(
    "address", ["", "ftp://example.org/", "https://10.0.0.1/", "https://a:b@example.org/", HOSTILE["onion_address"][0]]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput):
        preview(address)


@needs_feedserver
def test_every_feed_and_site_of_the_feed_server_is_understood(settings: Any) -> None:
    settings.FETCH_ALLOWED_HOSTS = ["127.0.0.0/8"]
    with running("--feeds", "20") as server:
        found = [preview(server.url(f"/feed/{number}.xml")) for number in range(20)]
        assert {one.format for one in found} == {"RSS", "Atom", "RDF", "JSON Feed"}
        assert all(len(one.entries) == NEWEST for one in found)
        assert preview(server.url("/site/3")).choices[0].url == server.url("/feed/3.xml")
