"""Two editors who decide on the same article at the same moment: one decision stands, the other editor reads a clear sentence.

With PostgreSQL both are in their transactions at once; SQLite lets one in after the other, which has to end alike.
"""

from collections.abc import Callable
from threading import Barrier, Thread
from time import sleep
from typing import Any

import pytest
from django.db import connections

from kb.accounts.models import User
from kb.core.errors import Conflict
from kb.feeds import coverage
from kb.feeds.models import Entry, EntryDecision
from kb.feeds.triage import accept_as_report, attach_as_evidence, begin_issue, ignore
from kb.records.models import Record, Statement
from kb.review.models import Proposal
from tests import build
from tests.feeds.written import answer, make_feed, polled, rss
from tests.review.desk import person

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "Links of LAION-5B resurface on a forum"
Act = Callable[[Entry, User, Record, Statement], object]
ACTS: dict[str, Act] = {
    "report": lambda entry, by, data, said: accept_as_report(entry.id, by, [data.id]),
    "evidence": lambda entry, by, data, said: attach_as_evidence(
        entry.id, by, said.id, stance="supports", kind="journalism", gist="It says so."
    ),
    "issue": lambda entry, by, data, said: begin_issue(entry.id, by, [data.id]),
    "ignored": lambda entry, by, data, said: ignore(entry.id, by),
}


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take time between looking whether an article is taken and taking it, so that the other one looks meanwhile."""
    look = coverage._known_report

    def slow(entry: Entry) -> str:
        found = look(entry)
        sleep(0.3)
        return found

    monkeypatch.setattr(coverage, "_known_report", slow)


def arrived(address: str, number: int) -> Entry:
    """Let an article come in by a feed of its own, which marks its address with where a reader came from."""
    feed = make_feed(url=f"https://news.example/feed{number}")
    link = f"{address}{'&amp;' if '?' in address else '?'}utm_source=feed{number}"
    one = f'<item><guid isPermaLink="false">{number}</guid><link>{link}</link><title>{TITLE}</title></item>'
    polled(feed, answer(rss(one)))
    return Entry.objects.get(feed=feed)


def together(*acts: Callable[[], Any]) -> list[Exception | None]:
    """Do things at the same moment, each with a connection of its own; return what each of them raised."""
    start, ended = Barrier(len(acts)), [None] * len(acts)  # type: list[Exception | None]

    def one(place: int) -> None:
        try:
            start.wait(10)
            acts[place]()
        except Exception as error:
            ended[place] = error
        finally:
            connections.close_all()

    threads = [Thread(target=one, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return ended


def check_one_stood(ended: list[Exception | None], sentence: str) -> None:
    assert sorted(error is None for error in ended) == [False, True], ended
    (refused,) = (error for error in ended if error is not None)
    assert isinstance(refused, Conflict) and sentence in str(refused), refused
    assert EntryDecision.objects.count() == 1
    assert Proposal.objects.count() == EntryDecision.objects.exclude(proposal="").count()


@pytest.mark.parametrize("other", ACTS)
@pytest.mark.parametrize("one", ["report", "issue"])
def test_one_entry_is_decided_on_once_whatever_two_editors_make_of_it(one: str, other: str) -> None:
    data = build.dataset("LAION-5B")
    said, entry = build.state(data, "licence", "CC BY 4.0"), arrived("https://news.example/story", 1)
    first, second = person("editor"), person("editor")
    ended = together(lambda: ACTS[one](entry, first, data, said), lambda: ACTS[other](entry, second, data, said))
    check_one_stood(ended, "Somebody has decided on this entry: ")


@pytest.mark.parametrize("other", ["report", "evidence", "issue"])
def test_one_article_of_two_feeds_is_proposed_once(other: str) -> None:
    data = build.dataset("LAION-5B")
    said = build.state(data, "licence", "CC BY 4.0")
    here, there = arrived("https://news.example/story", 1), arrived("https://news.example/story", 2)
    first, second = person("editor"), person("editor")
    ended = together(lambda: ACTS["report"](here, first, data, said), lambda: ACTS[other](there, second, data, said))
    check_one_stood(ended, "The same article is proposed already.")


def test_two_articles_are_decided_on_at_once() -> None:
    data = build.dataset("LAION-5B")
    said = build.state(data, "licence", "CC BY 4.0")
    here, there = arrived("https://news.example/?p=1", 1), arrived("https://news.example/?p=2", 2)
    first, second = person("editor"), person("editor")
    ended = together(lambda: ACTS["report"](here, first, data, said), lambda: ACTS["report"](there, second, data, said))
    assert ended == [None, None]
    assert Proposal.objects.count() == 2
