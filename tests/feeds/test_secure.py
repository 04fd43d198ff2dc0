"""An address without encryption is asked for with it first, kept so where the same document comes, and never the other way."""

import pytest

from kb.core.fetch import Fetched
from kb.core.fetch_failures import FetchFailed
from kb.feeds.secure import secure_first, secured
from tests.feeds.written import item, rss

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
