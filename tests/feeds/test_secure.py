"""An address without encryption is asked for with it first, kept so where the same document comes, and never the other way."""

from typing import Any

import pytest

from kb.core.fetch import Fetched, Fetcher
from kb.core.fetch_failures import FetchFailed
from kb.feeds.found import Asking, ask
from kb.feeds.models import FeedEvent
from kb.feeds.polite import Turns
from kb.feeds.secure import secure_first, secured
from tests.feeds.written import item, make_feed, polled, rss

PLAIN, SAFE = "http://news.example/feed?a=b", "https://news.example/feed?a=b"
BODY = rss(item(1), item(2))


class Server:
    """Answers by address; what it has none for cannot be reached."""

    def __init__(self, **answers: bytes | int) -> None:
        self.answers, self.asked = answers, list[str]()

    def get(self, url: str) -> Fetched:
        self.asked.append(url)
        answer = self.answers.get(url.partition(":")[0])
        if answer is None:
            raise FetchFailed("timeout")
        return Fetched(url, 200, {}, answer) if isinstance(answer, bytes) else Fetched(url, answer, {}, b"")


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        ({"http": BODY, "https": BODY}, SAFE), ({"http": BODY, "https": rss(item(2), item(3))}, SAFE), ({"https": BODY}, SAFE),
        ({"http": 403, "https": BODY}, SAFE), ({"http": BODY}, PLAIN), ({"http": BODY, "https": 404}, PLAIN),
        ({"http": BODY, "https": b"<h1>Hosting</h1>"}, PLAIN), ({"http": BODY, "https": rss(item(7))}, PLAIN),
    ],
)  # fmt: skip
def test_https_is_kept_where_the_same_document_comes(answers: dict[str, bytes | int], kept: str) -> None:
    server = Server(**answers)
    url, answer = secure_first(PLAIN, server.get)
    assert (url, answer.url, server.asked[0]) == (kept, kept, SAFE)


def test_an_address_of_https_is_never_asked_for_without_it() -> None:
    server = Server(http=BODY)
    with pytest.raises(FetchFailed):
        secure_first(SAFE, server.get)
    assert server.asked == [SAFE]


@pytest.mark.parametrize("url", [SAFE, "http://127.0.0.1:8000/feed"])
def test_what_has_https_or_a_port_of_its_own_stays(url: str) -> None:
    assert secured(url) == ""


def test_the_failure_that_is_told_is_that_of_the_address_given() -> None:
    assert secured("http://news.example:80/feed") == "https://news.example/feed"
    with pytest.raises(FetchFailed):
        secure_first(PLAIN, Server().get)


@pytest.mark.django_db
@pytest.mark.parametrize("fresh", [True, False])
def test_the_first_document_of_a_feed_is_asked_for_with_https_and_each_request_has_its_turn(
    monkeypatch: pytest.MonkeyPatch, fresh: bool
) -> None:
    server, feed = Server(http=BODY, https=BODY), make_feed(url=PLAIN)
    monkeypatch.setattr(Fetcher, "get", lambda self, url, **_: server.get(url))
    turns: Turns[Any] = Turns(gap=0.0)
    turns.add(PLAIN, Asking(feed.id, PLAIN, fresh=fresh))
    with turns.take() as turn, Fetcher() as fetcher:
        assert turn
        moved: list[str] = []
        monkeypatch.setattr(turns, "swap", lambda _, host: moved.append(host))
        found = ask(turn.item, fetcher, turn)
    polled(feed, found)
    assert (server.asked, moved, feed.url) == (([SAFE, PLAIN], ["news.example"], SAFE) if fresh else ([PLAIN], [], PLAIN))
    assert list(FeedEvent.objects.values_list("kind", "before", "after")) == ([("moved", PLAIN, SAFE)] if fresh else [])


@pytest.mark.django_db
def test_a_feed_stays_where_it_was_given_if_its_secure_address_is_another_feeds(monkeypatch: pytest.MonkeyPatch) -> None:
    feed, _ = make_feed(url=PLAIN), make_feed(url=SAFE)
    server = Server(http=BODY, https=BODY)
    monkeypatch.setattr(Fetcher, "get", lambda self, url, **_: server.get(url))
    turns: Turns[Any] = Turns(gap=0.0)
    turns.add(PLAIN, Asking(feed.id, PLAIN, fresh=True))
    with turns.take() as turn, Fetcher() as fetcher:
        assert turn
        polled(feed, ask(turn.item, fetcher, turn))
    assert feed.url == PLAIN
