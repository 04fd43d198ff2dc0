"""The desk's feeds: the list with its filters, one feed with its acts. What needs a server is in `test_feeds_added.py`."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kb.core.clock import now
from kb.feeds.models import Entry, Feed, FeedEvent, Poll
from tests.accounts.people import make_person, sign_in
from tests.pages.reading import text_of
from tests.pages.test_every_page import outline

LIST = "/desk/feeds/"


def make_feed(name: str, **values: Any) -> Feed:
    given = {"active": True, "last_poll": now(), "last_good": now(), "outcome": "new"} | values
    return Feed.objects.create(url=f"https://{name.lower().replace(' ', '-')}.example.org/feed", title=name, **given)


@pytest.fixture
def busy(db: None) -> Feed:
    """A feed on which everything has happened."""
    feed = make_feed("Busy", folder="Press", failures=2, problem="The server failed (500).", moved_seen=2)
    Feed.objects.filter(id=feed.id).update(moved_to="https://next.example.org/feed", site_url="https://busy.example.org/")
    FeedEvent.objects.create(feed=feed, kind="moved", before="https://old.example.org/feed", after=feed.url)
    Poll.objects.create(feed=feed, outcome="new", status=200, items=50, new=3, size=81_920, milliseconds=240)
    Poll.objects.create(feed=feed, outcome="failed", status=500, sentence="The server failed (500).")
    for number, state in enumerate(("inbox", "report", "withheld")):
        title = "" if state == "withheld" else "Painter"
        Entry.objects.create(feed=feed, uid_key=str(number), digest="d", text_digest="t", title=title, state=state)
    feed.refresh_from_db()
    return feed


@pytest.mark.parametrize("path", [LIST, f"{LIST}?order=sick", f"{LIST}add/", f"{LIST}opml/", f"{LIST}{{feed}}/"])
def test_a_page_is_whole(desk: Client, busy: Feed, path: str) -> None:
    answer = desk.get(path.format(feed=busy.pk))
    found = outline(answer.content.decode())
    assert answer.status_code == 200
    assert found.headings.count("h1") == 1
    assert (found.faults, found.open) == ([], [])
    assert len(found.ids) == len(set(found.ids))
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_list_is_empty_before_there_is_a_feed_and_says_what_to_do(desk: Client) -> None:
    assert "There is no feed yet." in text_of(desk, LIST)


def test_the_list_stands_by_folder_and_on_request_the_sick_come_first(desk: Client) -> None:
    make_feed("Gazette", folder="A")
    make_feed("Bulletin", folder="B", failures=1, problem="The host has no address.")
    shown = text_of(desk, LIST)
    assert shown.index("Gazette") < shown.index("Bulletin") and "1 needs a look" in shown and "The host has no address." in shown
    shown = text_of(desk, f"{LIST}?order=sick")
    assert shown.index("Bulletin") < shown.index("Gazette")


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("folder=Press", {"Gazette"}), ("folder=-", {"Bulletin", "Asleep"}), ("standing=off", {"Asleep"}),
        ("standing=sick", {"Bulletin"}), ("standing=failing", {"Bulletin"}), ("q=gaz", {"Gazette"}),
        ("q=ASLEEP.example", {"Asleep"}), ("q=nothing", set()),
    ],
)  # fmt: skip
def test_the_list_is_narrowed(desk: Client, asked: str, names: set[str]) -> None:
    make_feed("Gazette", folder="Press")
    make_feed("Bulletin", failures=1)
    make_feed("Asleep", active=False)
    assert {row.feed.title for row in desk.get(f"{LIST}?{asked}").context["list"].rows} == names


def test_a_gap_is_marked_counted_and_narrows_the_list(desk: Client) -> None:
    make_feed("Gazette")
    feed = make_feed("Bulletin")
    FeedEvent.objects.create(feed=feed, kind="gap")
    shown = text_of(desk, LIST)
    assert "1 needs a look" in shown and "1 gap between polls in thirty days" in shown
    for standing in ("sick", "gaps"):
        assert [row.feed for row in desk.get(f"{LIST}?standing={standing}").context["list"].rows] == [feed]
    assert "look at the site for those days" in text_of(desk, f"{LIST}{feed.pk}/")


@pytest.mark.parametrize("asked", ["folder=None%20such", "standing=ill", "page=0", "colour=red"])
def test_a_filter_that_there_is_not_is_refused(desk: Client, asked: str) -> None:
    assert desk.get(f"{LIST}?{asked}").status_code == 400


def test_a_long_list_is_shown_page_by_page_in_a_fixed_number_of_queries(desk: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(130):
        make_feed(f"Feed {number:03}")
    with django_assert_max_num_queries(9):
        assert len(desk.get(LIST).context["list"].rows) == 100
    assert len(desk.get(f"{LIST}?page=2").context["list"].rows) == 30


def test_one_feed_shows_its_health_its_polls_its_events_and_its_entries(desk: Client, busy: Feed) -> None:
    shown = text_of(desk, f"{LIST}{busy.pk}/")
    for words in (
        "Failing", "The server failed (500).", "Put forward: 1 (33.3 %)", "80.0 KB", "240 ms", "Address followed",
        "from https://old.example.org/feed", "Proposed as a report", "Without a title that may be stored",
        "sent on for good, to https://next.example.org/feed", "it can be turned off, and stays",
    ):  # fmt: skip
        assert words in shown


def test_settings_are_saved_and_what_cannot_be_kept_is_said_beside_what_was_written(desk: Client, busy: Feed) -> None:
    given = {"title": "Daily", "address": busy.url, "folder": "Courts", "weight": 5, "left_out": "none"}
    assert desk.post(f"{LIST}{busy.pk}/", given).status_code == 302
    busy.refresh_from_db()
    assert (busy.title, busy.folder, busy.weight) == ("Daily", "Courts", 5)
    other = make_feed("Other")
    answer = desk.post(f"{LIST}{busy.pk}/", given | {"address": other.url, "title": "Kept words"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "This feed is known already: Other." in page and "Kept words" in page
    assert desk.post(f"{LIST}{busy.pk}/", given | {"title": ""}).status_code == 422


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ({}, ["poll", "off"]), ({"active": False}, ["on"]), ({"held": "It floods."}, ["release", "poll", "off"]),
        ({"gone": True}, ["revive", "off"]), ({"moved_to": "https://next.example.org/"}, ["follow", "poll", "off"]),
    ],
)  # fmt: skip
def test_a_feed_offers_the_acts_that_fit_and_each_is_done(
    desk: Client, editor: Any, state: dict[str, Any], offered: list[str]
) -> None:
    feed = make_feed("News", **{"last_poll": now() - timedelta(hours=1)} | state)
    page = desk.get(f"{LIST}{feed.pk}/")
    assert [code for code, _ in page.context["page"].acts] == offered
    for code in offered[:1]:
        answer = desk.post(f"{LIST}{feed.pk}/{code}/", follow=True)
        assert answer.status_code == 200 and 'role="status"' in answer.content.decode()
    assert feed.events.all()[0].by == editor


def test_an_act_that_does_not_fit_is_refused_on_the_page_of_the_feed(desk: Client) -> None:
    feed = make_feed("News", active=False)
    answer = desk.post(f"{LIST}{feed.pk}/poll/")
    assert answer.status_code == 409 and "This feed is turned off" in answer.content.decode()
    assert desk.post(f"{LIST}{feed.pk}/explode/").status_code == 404
    assert desk.get(f"{LIST}{feed.pk}/poll/").status_code == 405


def test_the_last_move_is_taken_back_with_a_button(desk: Client, busy: Feed) -> None:
    page = desk.get(f"{LIST}{busy.pk}/").content.decode()
    path = re.search(rf'action="({LIST}{busy.pk}/moves/\d+/undo/)"', page)
    assert path
    assert desk.post(path[1]).status_code == 302
    busy.refresh_from_db()
    assert busy.url == "https://old.example.org/feed"
    assert "/undo/" not in desk.get(f"{LIST}{busy.pk}/").content.decode()
    assert desk.post(path[1]).status_code == 409
    assert desk.post(f"{LIST}{make_feed('Other').pk}{path[1].removeprefix(f'{LIST}{busy.pk}')}").status_code == 404


def test_a_feed_is_removed_or_kept_turned_off(desk: Client, busy: Feed) -> None:
    fresh = make_feed("Fresh")
    assert "Removed." in desk.post(f"{LIST}{fresh.pk}/remove/", follow=True).content.decode()
    assert not Feed.objects.filter(id=fresh.pk).exists()
    assert "Turned off and kept" in desk.post(f"{LIST}{busy.pk}/remove/", follow=True).content.decode()
    assert not Feed.objects.get(id=busy.pk).active


def test_a_hidden_feed_and_one_that_never_was_look_the_same(busy: Feed) -> None:
    client = sign_in(Client(), make_person("reviewer"))
    hidden, missing = client.get(f"{LIST}{busy.pk}/"), client.get(f"{LIST}987654/")
    assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content) == (404, missing.content)


def test_feeds_stand_in_the_navigation_of_those_who_may_see_them(desk: Client) -> None:
    assert f'href="{LIST}"' in desk.get("/desk/").content.decode()
    assert f'href="{LIST}"' not in sign_in(Client(), make_person("reviewer")).get("/desk/").content.decode()
