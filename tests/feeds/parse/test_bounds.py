"""How much of a document is read, however many items it has and whatever stands around them."""

import copy
import json
from datetime import UTC, datetime, timedelta

import pytest

from kb.feeds.parse import odd
from kb.feeds.parse.document import read_feed
from kb.feeds.parse.parsed import MOST_ITEMS

AT = "https://example.org/feed"


def odd_items(count: int) -> str:
    """Items without a link, which feedparser reads."""
    return "".join(f"<item><title>t</title><guid>g{n}</guid></item>" for n in range(count))


def test_what_stands_around_items_is_copied_once_however_many_are_odd(monkeypatch: pytest.MonkeyPatch) -> None:
    copies: list[object] = []
    real = copy.copy
    monkeypatch.setattr(copy, "copy", lambda one: copies.append(one) or real(one))
    monkeypatch.setattr(odd, "_parsed", lambda body, kind, url: {})
    for count in (2, 60):
        copies.clear()
        feed = read_feed(f"<rss><channel>{odd_items(count)}</channel></rss>".encode(), url=AT)
        assert (len(copies), len(feed.items)) == (1, count)


def test_no_more_items_are_read_than_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []
    monkeypatch.setattr(odd, "_parsed", lambda body, kind, url: read.append(body) or {})
    read_feed(f"<rss><channel>{odd_items(MOST_ITEMS + 500)}</channel></rss>".encode(), url=AT)
    assert len(read) == MOST_ITEMS and len(read[-1]) < 200


@pytest.mark.parametrize(
    "around",
    ["<rss xmlns='" + "u" * 30_000 + "'><channel>", "<rss><channel a='" + "u" * 30_000 + "'>",
     "<rss " + " ".join(f"xmlns:a{n}='u'" for n in range(3_000)) + "><channel>"],
    ids=["namespace", "attribute", "namespaces"],
)  # fmt: skip
def test_a_long_tag_around_items_is_not_read_once_for_each(around: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []
    monkeypatch.setattr(odd, "_parsed", lambda body, kind, url: read.append(body) or {})
    feed = read_feed(f"{around}{odd_items(MOST_ITEMS)}</channel></rss>".encode(), url=AT)
    assert sum(map(len, read)) <= 1.1 * odd._MOST_BY_ITEMS and feed.problem in {"not_a_feed", "long_tag"}


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("newest_first", [True, False])
def test_of_too_many_items_the_newest_are_kept(form: str, newest_first: bool) -> None:
    days = [(datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=n)).isoformat() for n in range(MOST_ITEMS + 5)]
    days = days[::-1] if newest_first else days
    if form == "xml":
        items = "".join(f"<item><guid>{n}</guid><link>/{n}</link><pubDate>{day}</pubDate></item>" for n, day in enumerate(days))
        body = f"<rss><channel>{items}</channel></rss>"
    else:
        rows = [{"id": str(n), "url": f"/{n}", "date_published": day} for n, day in enumerate(days)]
        body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": rows})
    kept = range(MOST_ITEMS) if newest_first else range(5, MOST_ITEMS + 5)
    digests = [item.digest for item in read_feed(body.encode(), url=AT).items]
    assert digests == [item.digest for item in read_feed(body.encode(), url=AT, known=digests).items]
    assert len(kept) == len(digests)
    read = [item.entry for item in read_feed(body.encode(), url=AT).items]
    assert {entry.published.isoformat() for entry in read if entry and entry.published} == {days[n] for n in kept}
