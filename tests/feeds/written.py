"""One feed that a test writes itself: what its server answers next, and a poll of it without waiting for its turn."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from kb.core.clock import now
from kb.core.fetch import Fetched
from kb.feeds.due import POLL
from kb.feeds.found import Asking, Found, _judged
from kb.feeds.models import Feed, Poll
from kb.feeds.poll import _read
from kb.feeds.recognise import Recogniser
from kb.feeds.save import Polled, save

AT = "https://news.example/feed"


def make_feed(**more: Any) -> Feed:
    """Put a feed up that is polled."""
    return Feed.objects.create(**{"url": AT, "title": "News", "active": True} | more)


def rss(*items: str, title: str = "News") -> bytes:
    """A feed of items."""
    return f'<rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'.encode()


def item(number: int, title: str = "", text: str = "Some words.", date: bool = True) -> str:
    """An item with a name of its own."""
    day = f"<pubDate>Mon, {number % 27 + 1:02} Jan 2026 10:00:00 GMT</pubDate>" if date else ""
    return (
        f'<item><guid isPermaLink="false">g{number}</guid><link>https://news.example/{number}</link>'
        f"<title>{title or f'Entry number {number}'}</title>{day}<description>{text}</description></item>"
    )


def answer(body: bytes = b"", status: int = 200, moved: tuple[int, str] | None = None, **headers: str) -> Fetched:
    """An answer of the feed's server."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    from_ = () if moved is None else moved
    return Fetched(str(from_[1]) if from_ else AT, status, told, body, ())


def polled(feed: Feed, got: Fetched | Found) -> Poll:
    """Save what a poll of a feed found, and return its row of the log."""
    feed.refresh_from_db()
    asked = Asking(feed.id, feed.url, feed.etag, feed.modified, feed.body_digest)
    found = got if isinstance(got, Found) else _judged(asked, got, 5)
    recogniser = Recogniser()
    with transaction.atomic():
        row = next(iter(save([Polled(feed, found, _read(feed, found, recogniser))], recogniser)), None)
    assert row is not None
    feed.refresh_from_db()
    return row


def let_all_be_due() -> None:
    """Let every feed be due, and every job that waits."""
    Feed.objects.update(next_poll=now() - timedelta(seconds=1))


__all__ = ["AT", "POLL", "answer", "item", "let_all_be_due", "make_feed", "polled", "rss"]
