"""Which entry of a document is which stored one."""

from datetime import UTC, datetime, timedelta

from kb.feeds.identity import Known, identify, uid_keys
from kb.feeds.parse.entry import Entry

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
