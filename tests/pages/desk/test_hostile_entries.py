"""Entries of hostile documents, stored and shown: nothing of them lives on a page, and none stands above newer ones."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client

from kb.core.clock import now
from kb.feeds.models import Entry, Poll
from kb.feeds.parse.document import PROBLEMS
from tests.accounts.people import make_person, sign_in
from tests.feeds.corpus import ATTACKS, attacks, needs_corpus
from tests.feeds.written import answer, item, make_feed, polled, rss
from tests.pages.reading import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.shared, needs_corpus]
SHOWN = [name for name, case in attacks().items() if case["kind"] in {"date", "encoding", "text", "url", "html"}]
# The page's own elements and scripts are those of a page that shows a harmless entry.
LIVING = {"script", "style", "iframe", "object", "embed", "base", "meta", "link", "svg", "math", "form", "img"}


class Living(HTMLParser):
    """What of a page could act: elements, handlers, and where addresses lead."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.handlers: list[str] = []
        self.schemes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements += [tag] if tag in LIVING else []
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name in {"style", "srcdoc"}]
        for name, value in attrs:
            if name in {"href", "src", "action", "formaction", "xlink:href"} and ":" in (value or "").partition("/")[0]:
                self.schemes.add((value or "").partition(":")[0].strip().lower())


@pytest.fixture
def desk() -> Client:
    return sign_in(Client(), make_person(role="editor"))


def stored(name: str) -> list[Entry]:
    feed = make_feed(url=f"https://news.example/{name}")
    polled(feed, answer((ATTACKS / name).read_bytes()))
    return list(Entry.objects.filter(feed=feed).order_by("id"))


def shown(desk: Client, entry: Entry) -> Living:
    found = Living()
    found.feed(desk.get(f"/desk/inbox/{entry.pk}/").content.decode())
    return found


@pytest.mark.parametrize("name", SHOWN)
def test_nothing_of_a_hostile_entry_lives_on_a_page(desk: Client, name: str) -> None:
    feed = make_feed(url="https://news.example/harmless")
    polled(feed, answer(rss(item(1))))
    usual = sorted(shown(desk, Entry.objects.get()).elements)
    rows = stored(name)
    assert rows
    for entry in rows[::7] if len(rows) > 50 else rows:
        found = shown(desk, entry)
        assert sorted(found.elements) == usual, entry.title
        assert not found.handlers and found.schemes <= {"http", "https", "mailto"}, entry.title


@pytest.mark.parametrize("name", ["txt_template.xml", "txt_csv_formula.xml", "enc_double_escaped.xml", "txt_html_in_title.xml"])
def test_a_title_is_shown_literally(desk: Client, name: str) -> None:
    (entry,) = stored(name)
    assert entry.title in text_of(desk, f"/desk/inbox/{entry.pk}/")


@pytest.mark.parametrize("name", ["date_9999.xml", "date_future.xml"])
def test_a_date_that_lies_ahead_puts_no_entry_above_those_that_come_later(desk: Client, name: str) -> None:
    (odd,) = stored(name)
    Entry.objects.update(state="inbox", first_seen=now() - timedelta(days=1))
    polled(make_feed(), answer(rss(item(1, date=False))))
    Entry.objects.update(state="inbox")
    html = desk.get("/desk/inbox/?order=newest").content.decode()
    places = [int(number) for number in re.findall(r'href="/desk/inbox/(\d+)/', html)]
    later = Entry.objects.exclude(pk=odd.pk).get()
    assert places.index(later.pk) < places.index(odd.pk)


@pytest.mark.parametrize("name", ["date_9999.xml", "date_0001.xml", "date_epoch0.xml", "date_future.xml"])
def test_a_date_that_cannot_be_is_flagged_and_the_day_of_arrival_counts(name: str) -> None:
    (entry,) = stored(name)
    assert entry.published is None and entry.first_seen is not None
    assert Poll.objects.get().sentence == PROBLEMS["odd_date"]


@pytest.mark.parametrize("name", ["enc_nul.xml", "enc_control.xml", "enc_bad_utf8.xml", "enc_lone_surrogate.json"])
def test_characters_that_no_database_takes_cost_no_entry(name: str) -> None:
    (entry,) = stored(name)
    assert "\0" not in entry.title + entry.excerpt
    (entry.title + entry.excerpt).encode()
