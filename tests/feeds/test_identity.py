"""Which entry of a document is which stored one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kb.feeds.identity import Known, identify, keys_of
from kb.feeds.models import Entry as Row
from kb.feeds.models import EntryVersion, Feed
from kb.feeds.parse.entry import Entry
from tests.feeds.corpus import ATTACKS, attacks, needs_corpus
from tests.feeds.written import answer, make_feed, polled, rss

DAY = datetime(2026, 1, 5, tzinfo=UTC)


def entry(uid: str = "", url: str = "https://example.org/a", title: str = "A title", published: datetime | None = DAY) -> Entry:
    return Entry(uid, url, title, "", published=published)


def stored(*entries: Entry, digest: str = "") -> list[Known]:
    found = identify(entries, [keys_of(one) for one in entries], [])
    return [
        Known(n, match.uid_key, one.url, one.title, one.published, digest, keys_of(one).name in found.shared_names)
        for n, (one, match) in enumerate(zip(entries, found.matches, strict=True), 1)
    ]


def found(now: list[Entry], before: list[Known], *standing: str) -> list[int | None]:
    matches = identify(now, [keys_of(one) for one in now], before, standing).matches
    return [one.known.id if one.known else None for one in matches]


def key_of(entry: Entry) -> str:
    return keys_of(entry).name


def test_the_feeds_own_name_decides() -> None:
    before = stored(entry("g1"), entry("g2", "https://example.org/b"))
    assert found([entry("g2", "https://example.org/moved", "New title"), entry("g1")], before) == [2, 1]


def test_without_a_name_the_link_is_one() -> None:
    assert found([entry("", title="Edited")], stored(entry(""))) == [1]


def test_two_entries_that_share_a_name_and_not_the_link_are_two() -> None:
    now = [entry("g", "https://example.org/a"), entry("g", "https://example.org/b")]
    before = stored(*now)
    assert len({one.uid_key for one in before}) == 2
    assert found(now, before) == [1, 2] and found(now[::-1], before) == [2, 1]


def test_an_entry_takes_no_other_ones_place_whose_name_it_shares() -> None:
    old, new = entry("g", "https://example.org/a"), entry("g", "https://example.org/b")
    before = stored(old, digest="d")
    assert found([new], before, "d") == [None]  # the old one stands in the document as it was
    assert found([new, replace(old, title="Reworded")], before) == [None, 1]
    assert found([new, entry("g", "https://example.org/c")], before) == [None, None]
    assert found([new], before) == [1]  # it is alone: it has moved


def test_a_name_that_was_shared_once_tells_no_entry_any_more() -> None:
    before = stored(entry("g", "https://example.org/a"), entry("g", "https://example.org/b"))
    assert found([entry("g", "https://example.org/c")], before) == [None]
    assert found([entry("g", "http://example.org/a/?utm_source=x", "Reworded")], before) == [1]


def test_without_a_name_links_that_differ_in_tracking_alone_are_one() -> None:
    one, other, third = (entry("", f"https://example.org/a?{query}") for query in ("utm_source=x", "utm_source=y&", "id=2"))
    first, second, last = map(key_of, (one, other, third))
    assert first == second != last
    assert found([other], stored(one)) == [1]


def test_places_on_one_page_are_entries_of_their_own_unless_they_are_tracking() -> None:
    first, second, tracked, plain = (
        key_of(entry("", f"https://example.org/log{place}")) for place in ("#v1", "#v2", "#xtor=1", "")
    )
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
    assert found([entry("new")], stored(entry("old"), digest="d"), "d") == [None]


def test_no_stored_entry_is_taken_twice() -> None:
    before = stored(entry("old"))
    assert found([entry("old"), entry("new")], before) == [1, None]
    twice = found([entry("n1"), entry("n2")], before)
    assert sorted(twice, key=str) == [1, None]


def test_where_two_stored_ones_would_fit_none_is_taken() -> None:
    before = stored(entry("o1"), entry("o2"))
    assert found([entry("new")], before) == [None]


def item(guid: str, link: int, title: str) -> str:
    return f"<item><guid isPermaLink='false'>{guid}</guid><link>https://n.example/{link}</link><title>{title}</title></item>"


@pytest.mark.django_db
def test_entries_of_one_name_are_all_kept_as_they_pass_through_the_feed() -> None:
    feed, window = make_feed(), [item("same", number, f"Story {number}") for number in range(12)]
    rows = [polled(feed, answer(rss(*reversed(window[at : at + 4])))) for at in range(9)]
    assert [(row.new, row.edited) for row in rows] == [(4, 0)] + [(1, 0)] * 8
    assert set(Row.objects.values_list("title", flat=True)) == {f"Story {number}" for number in range(12)}


@pytest.mark.django_db
def test_of_entries_that_share_a_name_each_is_edited_for_itself() -> None:
    feed = make_feed()
    polled(feed, answer(rss(item("same", 1, "One"), item("same", 2, "Two"))))
    row = polled(feed, answer(rss(item("same", 2, "Two, reworded"), item("same", 1, "One, reworded"))))
    assert (row.new, row.edited) == (0, 2)
    assert list(Row.objects.order_by("id").values_list("title", flat=True)) == ["One, reworded", "Two, reworded"]


@pytest.mark.django_db
def test_what_joins_an_ignored_entry_under_its_name_is_not_ignored_with_it() -> None:
    feed = make_feed()
    polled(feed, answer(rss(item("same", 1, "One"))))
    Row.objects.update(state="ignored")
    polled(feed, answer(rss(item("same", 2, "Two"), item("same", 1, "One"))))
    assert dict(Row.objects.values_list("title", "state")) == {"One": "ignored", "Two": "aside"}


@pytest.mark.django_db
def test_an_entry_that_was_given_another_name_is_found_by_it_from_then_on() -> None:
    feed = make_feed()
    rows = [polled(feed, answer(rss(item(guid, 1, title)))) for guid, title in (("g1", "A"), ("g2", "A"), ("g2", "A, corrected"))]
    assert [(row.new, row.edited) for row in rows] == [(1, 0), (0, 0), (0, 1)]
    assert Row.objects.get().title == "A, corrected"


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
