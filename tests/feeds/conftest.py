"""A feed server for the tests of polling, and a small world whose names its entries bear."""

from collections.abc import Iterator
from typing import Any

import pytest

from kb.feeds.match import names
from tests.feedserver import FeedServer, running


@pytest.fixture(scope="module")
def feedserver() -> Iterator[FeedServer]:
    """A server of thirty feeds of ten entries at three hosts, a few of which answer with errors at `?` less addresses."""
    with running("--feeds", "30", "--entries", "10", "--hosts", "3") as one:
        yield one


@pytest.fixture
def server(feedserver: FeedServer, settings: Any) -> FeedServer:
    """The server, allowed to be fetched from."""
    settings.FETCH_ALLOWED_HOSTS = ["127.0.0.0/8"]
    return feedserver


@pytest.fixture(autouse=True)
def fresh_names() -> Iterator[None]:
    """Each test has names of its own."""
    names._matcher.cache_clear()
    yield
    names._matcher.cache_clear()
