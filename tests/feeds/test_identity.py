"""Which entry of a document is which stored one."""

from datetime import UTC, datetime, timedelta

import pytest

from kb.feeds.identity import Known, identify, uid_keys
from kb.feeds.models import Entry as Row
from kb.feeds.models import EntryVersion, Feed
from kb.feeds.parse.entry import Entry
from tests.feeds.corpus import ATTACKS, attacks, needs_corpus
from tests.feeds.written import answer, make_feed, polled

DAY = datetime(2026, 1, 5, tzinfo=UTC)


def entry(uid: str = "", url: str = "https://example.org/a", title: str = "A title", published: datetime | None = DAY) -> Entry:
    return Entry(uid, url, title, "", published=published)


def stored(*entries: Entry) -> list[Known]:
    keys = uid_keys(entries)
    return [Known(n, key, one.url, one.title, one.published) for n, (one, key) in enumerate(zip(entries, keys, strict=True), 1)]


def found(now: list[Entry], before: list[Known]) -> list[int | None]:
    return [one.id if one else None for one in identify(now, uid_keys(now), before)]


def test_the_feeds_own_name_decides() -> None:
    before = stored(entry("g1"), entry("g2", "https://example.org/b"))
    assert found([entry("g2", "https://example.org/moved", "New title"), entry("g1")], before) == [2, 1]


def test_without_a_name_the_link_is_one() -> None:
    assert found([entry("", title="Edited")], stored(entry(""))) == [1]


def test_two_entries_that_share_a_name_and_not_the_link_are_two() -> None:
    now = [entry("g", "https://example.org/a"), entry("g", "https://example.org/b")]
    assert len(set(uid_keys(now))) == 2
    assert found(now, stored(*now)) == [1, 2]


def test_without_a_name_links_that_differ_in_tracking_alone_are_one() -> None:
    one, other, third = (entry("", f"https://example.org/a?{query}") for query in ("utm_source=x", "utm_source=y&", "id=2"))
    first, second, last = uid_keys([one, other, third])
    assert first == second != last
    assert found([other], stored(one)) == [1]


def test_places_on_one_page_are_entries_of_their_own_unless_they_are_tracking() -> None:
    first, second = uid_keys([entry("", "https://example.org/log#v1"), entry("", "https://example.org/log#v2")])
    tracked, plain = uid_keys([entry("", "https://example.org/log#xtor=1"), entry("", "https://example.org/log")])
    assert first != second and tracked == plain


def test_names_that_differ_in_case_are_two() -> None:
    assert found([entry("abc", "https://example.org/1", "x")], stored(entry("ABC"))) == [None]


def test_an_address_as_a_name_may_be_spelled_anew() -> None:
    before = stored(entry("http://Example.org/a/"))
    for uid in ("https://example.org/a", "http://example.org/a/", "https://example.org/a/"):
        now = entry(uid, "https://example.org/other", "Other")
        assert found([now], before) == [1], uid


def test_a_new_name_with_link_title_and_day_of_the_old_one_is_the_same() -> None:
    before = stored(entry("old"))
    assert found([entry("new")], before) == [1]
    assert found([entry("new", title="Another title")], before) == [None]
    assert found([entry("new", published=DAY + timedelta(days=9))], before) == [None]


def test_no_stored_entry_is_taken_twice() -> None:
    before = stored(entry("old"))
    assert found([entry("old"), entry("new")], before) == [1, None]
    twice = found([entry("n1"), entry("n2")], before)
    assert sorted(twice, key=str) == [1, None]


def test_where_two_stored_ones_would_fit_none_is_taken() -> None:
    before = stored(entry("o1"), entry("o2"))
    assert found([entry("new")], before) == [None]


def arrived(feed: Feed, *names: str) -> list[Row]:
    """Let hostile documents arrive one after another, and return what is stored."""
    for name in names:
        polled(feed, answer((ATTACKS / name).read_bytes()))
    return list(Row.objects.filter(feed=feed).order_by("id"))


# What the corpus expects of documents that play with identity: how many entries stay, and how many edits of them.
EXPECTED: dict[tuple[str, ...], tuple[int, int]] = {
    ("id_dup_guid_diff.xml",): (2, 0),
    ("id_no_guid.xml",): (1, 0),
    ("id_no_guid_no_link.xml",): (2, 0),
    ("id_no_guid_no_link.xml", "id_no_guid_no_link.xml"): (2, 0),
    ("id_guid_http_to_https_1.xml", "id_guid_http_to_https_2.xml"): (1, 1),
    ("id_guid_long.xml",): (1, 0),
    ("id_guid_case.xml",): (2, 0),
    ("id_edit_1.xml", "id_edit_2.xml"): (1, 1),
}


@needs_corpus
@pytest.mark.shared
@pytest.mark.django_db
@pytest.mark.parametrize("names", EXPECTED, ids="+".join)
def test_documents_that_play_with_identity_leave_what_the_corpus_expects(names: tuple[str, ...]) -> None:
    rows = arrived(make_feed(), *names)
    assert (len(rows), EntryVersion.objects.count()) == EXPECTED[names]


@needs_corpus
@pytest.mark.shared
@pytest.mark.django_db
def test_the_entry_of_another_feed_with_the_same_name_is_untouched() -> None:
    (ours,) = arrived(make_feed(), "id_edit_1.xml")
    (theirs,) = arrived(make_feed(url="https://evil.example/feed"), "id_guid_other_feed.xml")
    assert (ours.title, theirs.title) == ("Regulator opens probe", "Impostor")
    ours.refresh_from_db()
    assert (ours.title, ours.version) == ("Regulator opens probe", 1)


@needs_corpus
@pytest.mark.shared
@pytest.mark.django_db
def test_an_address_that_is_too_long_is_no_link_and_costs_no_entry() -> None:
    (row,) = arrived(make_feed(), "id_guid_long.xml")
    assert (row.url, row.title, len(row.uid_key)) == ("", "ok", 64)


@needs_corpus
def test_every_case_of_identity_in_the_corpus_is_looked_at() -> None:
    looked_at = {name for names in EXPECTED for name in names} | {"id_guid_other_feed.xml"}
    assert {name for name, case in attacks().items() if case["kind"] == "identity"} == looked_at
