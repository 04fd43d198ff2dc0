"""Feeds as records of operation: each act holds its rules and says in an event who did it."""

from datetime import timedelta
from typing import Any

import pytest

from kb.accounts.models import User
from kb.core.clock import now
from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.core.safety import Refused
from kb.feeds import manage, mend
from kb.feeds.models import Entry, EntryDecision, Feed, FeedEvent
from kb.review.models import GuardCount
from tests.accounts.people import make_person
from tests.core.hostile_texts import HOSTILE

pytestmark = pytest.mark.django_db
URL = "https://news.example.org/feed.xml"


@pytest.fixture
def editor() -> User:
    return make_person("editor")


def added(editor: User | None = None, address: str = URL, **more: Any) -> Feed:
    return manage.add_feed(address, **{"title": "News", "by": editor} | more)


def last_event(feed: Feed) -> FeedEvent:
    return feed.events.all()[0]


def entry(feed: Feed, state: str = "inbox", key: str = "a", **more: Any) -> Entry:
    return Entry.objects.create(feed=feed, uid_key=key, title="Painter", digest=key, text_digest=key, state=state, **more)


def later(feed: Feed, **values: Any) -> Feed:
    """Set fields of a feed as polls would have."""
    Feed.objects.filter(id=feed.id).update(**values)
    feed.refresh_from_db()
    return feed


def test_a_feed_is_added_to_be_polled_at_once_and_its_event_names_who_did_it(editor: User) -> None:
    feed = added(editor, folder="Press", weight=4, left_out="arxiv_new")
    assert (feed.url, feed.title, feed.folder, feed.weight, feed.left_out) == (URL, "News", "Press", 4, "arxiv_new")
    assert feed.active and feed.next_poll <= now()
    event = last_event(feed)
    assert (event.kind, event.by, event.after) == ("added", editor, URL)


@pytest.mark.parametrize("address", ["http://news.example.org/feed.xml", "news.EXAMPLE.org/feed.xml/", f"{URL}#latest"])
def test_a_feed_is_not_added_twice_however_its_address_is_written(address: str) -> None:
    added()
    with pytest.raises(Conflict, match="This feed is known already: News"):
        added(address=address, title="Other")
    assert Feed.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "}, {"title": "x" * 301}, {"folder": "x" * 121}, {"weight": 0}, {"weight": 6}, {"left_out": "all"},
        {"address": "https://10.0.0.1/feed"}, {"address": "https://localhost/feed"}, {"address": "https://abc.onion/feed"},
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_and_adds_nothing(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        added(**wrong)
    assert not Feed.objects.exists()


def test_a_host_that_an_operator_allows_is_taken_though_it_is_not_public(settings: Any) -> None:
    settings.FETCH_ALLOWED_HOSTS = ["127.0.0.1:8765"]
    assert added(address="http://127.0.0.1:8765/feed").url == "http://127.0.0.1:8765/feed"
    with pytest.raises(InvalidInput):
        added(address="http://127.0.0.1:8766/feed")


@pytest.mark.parametrize("field", ["title", "folder"])
@pytest.mark.parametrize("rule", sorted(HOSTILE))
def test_the_guard_reads_titles_and_folders(field: str, rule: str) -> None:
    text = HOSTILE[rule][0][:120]
    feed = added()
    given: dict[str, Any] = {"title": "News", "folder": "", "weight": 3, "left_out": "none"} | {field: text}
    try:
        manage.edit_feed(feed, **given, by=None)
    except Refused as refusal:
        assert GuardCount.objects.get(rule=refusal.rule).count == 1
    else:
        pytest.fail("the text was taken")
    feed.refresh_from_db()
    assert (feed.title, feed.folder) == ("News", "")


def test_an_edit_is_told_in_its_event_and_one_that_changes_nothing_leaves_none(editor: User) -> None:
    feed = added()
    manage.edit_feed(feed, title="News", folder="", weight=3, left_out="none", by=editor)
    assert last_event(feed).kind == "added"
    manage.edit_feed(feed, title="Daily", folder="Press", weight=5, left_out="none", by=editor)
    event = last_event(feed)
    assert (event.kind, event.by, event.sentence) == ("edited", editor, "Title; folder; weight: 5")


def test_another_address_forgets_what_the_old_server_said_and_may_be_no_other_feeds(editor: User) -> None:
    feed, other = added(), added(address="https://other.example.org/feed")
    later(feed, etag='"1"', modified="Mon", body_digest="d", moved_to="https://x.example.org/", moved_seen=2)
    given: dict[str, Any] = {"title": "News", "folder": "", "weight": 3, "left_out": "none", "by": editor}
    with pytest.raises(Conflict):
        manage.edit_feed(feed, **given, address=other.url)
    manage.edit_feed(feed, **given, address="https://new.example.org/feed")
    feed.refresh_from_db()
    assert (feed.url, feed.etag, feed.modified, feed.body_digest, feed.moved_to) == ("https://new.example.org/feed", *[""] * 4)
    assert (last_event(feed).before, last_event(feed).after) == (URL, feed.url)


def test_a_feed_is_turned_off_and_on_and_not_twice(editor: User) -> None:
    feed = later(added(), next_poll=now() + timedelta(hours=5))
    with pytest.raises(Conflict):
        manage.turn_on(feed, editor)
    assert not manage.turn_off(feed, editor).active
    assert (last_event(feed).kind, last_event(feed).by) == ("off", editor)
    with pytest.raises(Conflict):
        manage.turn_off(feed, editor)
    feed = manage.turn_on(feed, editor)
    assert feed.active and feed.next_poll <= now()
    assert (last_event(feed).kind, last_event(feed).by) == ("on", editor)
    with pytest.raises(Conflict, match="gone"):
        manage.turn_on(later(feed, active=False, gone=True), editor)


def test_a_feed_of_which_nothing_was_proposed_is_removed_with_its_entries(editor: User) -> None:
    feed = added()
    entry(feed, "ignored")
    assert manage.remove(feed, editor)
    assert not Feed.objects.exists() and not Entry.objects.exists()
    with pytest.raises(NotFound):
        manage.turn_off(feed, editor)


@pytest.mark.parametrize("state", ["report", "evidence", "issue"])
def test_a_feed_of_which_something_was_proposed_is_turned_off_and_kept(editor: User, state: str) -> None:
    feed = added()
    entry(feed, state)
    assert not manage.remove(feed, editor)
    feed.refresh_from_db()
    assert not feed.active
    assert (last_event(feed).kind, last_event(feed).by) == ("removed", editor)
    assert Entry.objects.count() == 1


def test_a_proposal_that_was_taken_back_keeps_the_feed_too(editor: User) -> None:
    feed = added()
    EntryDecision.objects.create(entry=entry(feed), state="report", before="inbox", by=editor, proposal="aaaaaaaaaaaaaaaa")
    assert not manage.remove(feed, editor)


def test_a_poll_is_brought_forward(editor: User) -> None:
    feed = later(added(), next_poll=now() + timedelta(hours=5), last_poll=now() - timedelta(hours=1))
    assert mend.poll_now(feed, editor).next_poll <= now()
    assert last_event(feed).by == editor


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"active": False}, "turned off"),
        ({"gone": True}, "gone"),
        ({"outcome": "told_to_wait", "next_poll": now() + timedelta(hours=1)}, "asked for fewer polls"),
        ({"last_poll": now() + timedelta(hours=1)}, "less than a minute ago"),
    ],
)
def test_a_poll_is_not_brought_forward_where_it_is_not_wanted(state: dict[str, Any], words: str) -> None:
    feed = later(added(), **state)
    with pytest.raises(Conflict, match=words):
        mend.poll_now(feed, None)


def test_a_move_is_followed_and_taken_back_and_each_is_logged(editor: User) -> None:
    new = "https://new.example.org/feed"
    feed = later(added(), moved_to=new, moved_seen=1, etag='"1"')
    feed = mend.follow_move(feed, editor)
    assert (feed.url, feed.moved_to, feed.etag) == (new, "", "")
    moved = last_event(feed)
    assert (moved.kind, moved.by, moved.before, moved.after) == ("moved", editor, URL, new)
    feed = mend.undo_move(moved, editor)
    undone = last_event(feed)
    assert (feed.url, undone.kind, undone.by, undone.before, undone.after) == (URL, "unmoved", editor, new, URL)


def test_a_move_is_not_taken_back_twice_nor_over_another_feed(editor: User) -> None:
    new = "https://new.example.org/feed"
    feed = mend.follow_move(later(added(), moved_to=new, moved_seen=1), editor)
    moved = last_event(feed)
    other = added(title="Newcomer")
    with pytest.raises(Conflict, match="Newcomer"):
        mend.undo_move(moved, editor)
    other.delete()
    mend.undo_move(moved, editor)
    with pytest.raises(Conflict, match="another address by now"):
        mend.undo_move(moved, editor)


def test_only_a_move_is_taken_back(editor: User) -> None:
    with pytest.raises(Conflict):
        mend.undo_move(last_event(added(editor)), editor)


def test_a_move_to_another_feeds_address_is_not_followed(editor: User) -> None:
    added(address="https://new.example.org/feed")
    feed = later(added(), moved_to="http://new.example.org/feed/", moved_seen=1)
    with pytest.raises(Conflict):
        mend.follow_move(feed, editor)
    with pytest.raises(Conflict, match="not sent anywhere"):
        mend.follow_move(later(feed, moved_to=""), editor)


def test_a_held_feed_is_released_and_what_comes_next_is_usual(editor: User) -> None:
    feed = added()
    with pytest.raises(Conflict):
        mend.release(feed, editor)
    later(feed, held="It floods.", usual={"entries": 9}, etag='"1"', body_digest="d", item_digests=["a"])
    feed = mend.release(feed, editor)
    assert (feed.held, feed.usual, feed.etag, feed.body_digest, feed.item_digests) == ("", {}, "", "", ["a"])
    assert feed.next_poll <= now()
    assert (last_event(feed).kind, last_event(feed).by, last_event(feed).sentence) == ("released", editor, "It floods.")


def test_a_feed_that_is_gone_is_polled_again(editor: User) -> None:
    feed = added()
    with pytest.raises(Conflict):
        mend.revive(feed, editor)
    feed = mend.revive(later(feed, gone=True, active=False, failures=9), editor)
    assert (feed.gone, feed.active, feed.failures) == (False, True, 0)
    assert (last_event(feed).kind, last_event(feed).by) == ("on", editor)
