"""What a poll leaves behind: entries and versions, mentions, the feed's new state, and nothing of what was refused."""

import re
from datetime import timedelta
from typing import Any

import pytest

from kb.core.clock import now
from kb.core.fetch import Fetched, Hop
from kb.feeds.entries import MOST_VERSIONS
from kb.feeds.forget import forget
from kb.feeds.found import Found
from kb.feeds.manage import edit_feed
from kb.feeds.models import Entry, EntryVersion, Feed, FeedEvent, Mention, MutedStory, Poll
from kb.feeds.recognise import Recogniser
from kb.feeds.renames import look_again
from kb.feeds.save import Polled, save
from kb.records import changes as do
from kb.review.models import GuardCount
from tests import build
from tests.feeds.written import AT, answer, item, make_feed, polled, rss

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed() -> Feed:
    return make_feed()


def test_new_entries_are_stored_once(feed: Feed) -> None:
    row = polled(feed, answer(rss(item(1), item(2)), etag='"1"'))
    assert (row.outcome, row.new, row.edited, row.items) == ("new", 2, 0, 2)
    assert (feed.etag, feed.outcome, feed.failures, feed.last_good) == ('"1"', "new", 0, feed.last_poll)
    again = polled(feed, answer(rss(item(1), item(2), item(3))))
    assert (again.new, again.edited, Entry.objects.count()) == (1, 0, 3)


def test_the_same_document_writes_a_row_of_the_log_and_no_entry(feed: Feed) -> None:
    polled(feed, answer(rss(item(1))))
    before = list(Entry.objects.values())
    assert [polled(feed, one).outcome for one in (answer(rss(item(1))), answer(status=304))] == ["unchanged", "not_modified"]
    assert (list(Entry.objects.values()), Poll.objects.count()) == (before, 3)


def test_an_edited_entry_keeps_its_former_version(feed: Feed) -> None:
    polled(feed, answer(rss(item(1, "First words of it"))))
    row = polled(feed, answer(rss(item(1, "Second words of it"))))
    entry, old = Entry.objects.get(), EntryVersion.objects.get()
    assert (row.new, row.edited, entry.version, entry.title, old.title, old.version) == (
        0, 1, 2, "Second words of it", "First words of it", 1,
    )  # fmt: skip


def test_an_edit_past_the_excerpt_is_an_edit(feed: Feed) -> None:
    long = "word " * 400
    polled(feed, answer(rss(item(1, text=f"{long} end"))))
    assert polled(feed, answer(rss(item(1, text=f"{long} fin")))).edited == 1


def test_markup_alone_is_no_edit(feed: Feed) -> None:
    polled(feed, answer(rss(item(1, text="&lt;p&gt;Some words.&lt;/p&gt;"))))
    assert polled(feed, answer(rss(item(1, text="&lt;b&gt;Some words.&lt;/b&gt;")))).edited == 0


def test_another_tracking_parameter_is_no_edit(feed: Feed) -> None:
    linked = [item(1).replace("/1<", f"/1?id=7&amp;utm_campaign=c{number}<") for number in range(3)]
    assert [polled(feed, answer(rss(one))).edited for one in linked] == [0, 0, 0]
    assert polled(feed, answer(rss(linked[2].replace("id=7", "id=8")))).edited == 1


def test_of_an_entry_that_is_edited_again_and_again_the_newest_versions_are_kept(feed: Feed) -> None:
    for number in range(MOST_VERSIONS + 4):
        polled(feed, answer(rss(item(1, f"Words {number} of it"), item(2))))
    kept = list(EntryVersion.objects.values_list("version", flat=True))
    assert kept == list(range(MOST_VERSIONS + 3, 3, -1))


def test_an_entry_that_names_a_record_is_in_the_inbox_and_others_are_set_aside(feed: Feed) -> None:
    data = build.dataset("LAION-5B")
    polled(feed, answer(rss(item(1, "Links of LAION-5B resurface"), item(2, "Weather report"))))
    (mention,) = Mention.objects.all()
    assert (mention.record_id, mention.surface, mention.outcome, mention.entry.state) == (
        data.id,
        "LAION-5B",
        "proposed",
        "inbox",
    )
    assert f"{mention.entry.title}\n{mention.entry.excerpt}"[mention.start : mention.end] == "LAION-5B"
    assert Entry.objects.get(title="Weather report").state == "aside"


def test_a_name_far_into_an_article_is_found_with_its_passage(feed: Feed) -> None:
    build.dataset("LAION-5B")
    polled(feed, answer(rss(item(1, "A long read", "lorem ipsum " * 400 + "and LAION-5B was named " + "dolor sit " * 300))))
    entry = Entry.objects.get()
    assert "LAION-5B" in entry.excerpt and len(entry.excerpt) <= 1_000 and Mention.objects.count() == 1


def test_a_new_name_is_looked_for_in_stored_entries(feed: Feed) -> None:
    data = build.dataset("LAION-5B")
    polled(feed, answer(rss(item(1, "The Big Index is back online"))))
    build.publishing(do.AddAlias(record=data.id, text="Big Index", ambiguous=False))
    assert look_again() == 1
    assert (Entry.objects.get().state, Mention.objects.get().surface, look_again()) == ("inbox", "Big Index", 0)


def test_what_the_guard_refuses_is_not_stored(feed: Feed) -> None:
    digest = "a" * 64
    polled(feed, answer(rss(item(1, f"See {digest} now"), item(2, "Fine title", f"The hash is {digest}."))))
    first, second = Entry.objects.order_by("id")
    assert (first.state, first.title, first.excerpt, first.url, first.withheld) == ("withheld", "", "", "", "hex_digest")
    assert (second.title, second.excerpt, second.withheld) == ("Fine title", "", "hex_digest")
    assert digest not in str(list(Entry.objects.values())) + str(list(Poll.objects.values()))
    assert GuardCount.objects.get(rule="hex_digest").count == 2
    assert (
        polled(feed, answer(rss(item(1, f"See {digest} now"), item(2, "Fine title", f"The hash is {digest}."), item(3)))).new == 1
    )


REFUSED = {
    "http://abcdefghijklmnop234567abcdefghijklmnop234567abcdefghijklmnop.onion/x.jpg": "onion_address",
    "http://10.0.0.1/secret.parquet": "ip_address",
    "https://news.example/d41d8cd98f00b204e9800998ecf8427e": "hex_digest",
    "https://news.example/show?file=part-00017.parquet": "media_or_archive_file_name",
}


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_the_guard_refuses_is_stored_nowhere_and_costs_no_words(feed: Feed, url: str) -> None:
    build.dataset("LAION-5B")
    linked = item(1, "LAION-5B is back").replace("https://news.example/1", url)
    polled(feed, answer(rss(linked)))
    entry = Entry.objects.get()
    assert (entry.title, entry.url, entry.withheld, entry.state) == ("LAION-5B is back", "", REFUSED[url], "inbox")
    assert GuardCount.objects.get().rule == REFUSED[url]
    assert polled(feed, answer(rss(linked.replace("is back", "is back online")))).edited == 1
    polled(feed, answer(rss(item(1, "LAION-5B is back online"))))
    assert Entry.objects.get().url == "https://news.example/1"
    assert url not in str(list(Entry.objects.values())) + str(list(EntryVersion.objects.values()))


@pytest.mark.parametrize(
    "said", ["d41d8cd98f00b204e9800998ecf8427e", "jane.doe@example.org (Jane Doe)", "magnet:?xt=urn:btih:d41d8cd"]
)
def test_who_wrote_an_entry_is_stored_nowhere(feed: Feed, said: str) -> None:
    polled(feed, answer(rss(item(1).replace("</item>", f"<author>{said}</author><language>{said}</language></item>"))))
    assert said not in str(list(Entry.objects.values())) + str(list(Feed.objects.values()))


def test_what_a_feed_says_of_itself_is_read_by_the_guard_before_it_is_stored() -> None:
    feed = make_feed(title="")
    link, digest = "<link>http://10.0.0.1/x</link>", "d41d8cd98f00b204e9800998ecf8427e"
    polled(feed, answer(rss(link, f"<language>{digest}</language>", item(1), title=f"News of {digest}")))
    assert (feed.title, feed.site_url, digest in str(Feed.objects.values())) == ("", "", False)
    polled(feed, answer(rss("<link>https://news.example/</link>", item(2), title="News")))
    assert (feed.title, feed.site_url) == ("News", "https://news.example/")


def test_addresses_in_running_text_are_left_out(feed: Feed) -> None:
    polled(feed, answer(rss(item(1, text="Read it at https://example.org/x today"))))
    assert Entry.objects.get().excerpt == "Read it at [address] today"


def test_a_decided_entry_stays_decided_when_it_is_edited(feed: Feed) -> None:
    build.dataset("LAION-5B")
    polled(feed, answer(rss(item(1, "LAION-5B is back"))))
    Entry.objects.update(state="ignored")
    polled(feed, answer(rss(item(1, "LAION-5B is back online"))))
    assert Entry.objects.get().state == "ignored"


def test_a_muted_story_arrives_muted(feed: Feed) -> None:
    build.dataset("LAION-5B")
    polled(feed, answer(rss(item(1, "Links of LAION-5B resurface on a forum"))))
    story = Entry.objects.get().story
    MutedStory.objects.create(story=story, title="x", until=now() + timedelta(days=1))
    other = make_feed(url="https://other.example/feed")
    polled(other, answer(rss(item(9, "Links of LAION-5B resurface on a forum today"))))
    entry = Entry.objects.get(feed=other)
    assert (entry.story, entry.state) == (story, "muted")


def test_failures_are_weighted_shown_and_never_final(feed: Feed) -> None:
    polled(feed, answer(rss(item(1))))
    pauses = []
    for _ in range(4):
        row = polled(feed, Found("failed", code="timeout", sentence="The server did not answer."))
        pauses.append(feed.next_poll - row.at)
    assert pauses[3] > pauses[0] and feed.failures == 4
    assert (feed.active, feed.gone, feed.problem, Entry.objects.count()) == (True, False, "The server did not answer.", 1)
    polled(feed, answer(rss(item(1), item(2))))
    assert (feed.failures, feed.problem) == (0, "")


def test_a_server_that_is_busy_is_left_alone_and_has_not_failed(feed: Feed) -> None:
    row = polled(feed, answer(status=429, retry_after="7200"))
    assert row.outcome == "told_to_wait" and feed.failures == 0
    assert timedelta(hours=2) <= feed.next_poll - row.at <= timedelta(hours=2.3)


@pytest.mark.parametrize("body", [b"", b"<html>sign in</html>", b"not xml"])
def test_what_is_no_feed_leaves_what_was_stored(feed: Feed, body: bytes) -> None:
    polled(feed, answer(rss(item(1)), etag='"1"'))
    row = polled(feed, answer(body, etag='"2"'))
    assert (row.outcome, bool(row.sentence), feed.etag, Entry.objects.count()) == ("unreadable", True, '"1"', 1)


def test_gone_is_gone_until_an_editor_says_otherwise(feed: Feed) -> None:
    polled(feed, answer(status=410))
    assert feed.gone and FeedEvent.objects.get().kind == "gone"


def moved_answer(body: bytes, to: str, status: int = 301) -> Fetched:
    return Fetched(to, 200, {}, body, (Hop(status, AT),))


def test_an_address_is_followed_after_three_sightings_in_a_row(feed: Feed) -> None:
    to = "https://news.example/new"
    for number in range(2):
        polled(feed, moved_answer(rss(item(number)), to))
    polled(feed, answer(rss(item(5))))
    for number in range(3):
        assert feed.url == AT
        polled(feed, moved_answer(rss(item(number + 10)), to, 308))
    event = FeedEvent.objects.get(kind="moved")
    assert (feed.url, event.before, event.after) == (to, AT, to)


def test_a_passing_redirect_and_a_known_address_are_not_followed(feed: Feed) -> None:
    make_feed(url="https://taken.example/feed")
    for number in range(4):
        polled(feed, moved_answer(rss(item(number)), "https://elsewhere.example/", 302))
        polled(feed, moved_answer(rss(item(number + 20)), "https://taken.example/feed"))
    assert feed.url == AT


def test_a_gap_between_two_polls_is_told(feed: Feed) -> None:
    polled(feed, answer(rss(item(1), item(2))))
    polled(feed, answer(rss(item(2), item(3))))
    assert not FeedEvent.objects.exists()
    polled(feed, answer(rss(item(8), item(9))))
    assert FeedEvent.objects.get().kind == "gap" and Entry.objects.count() == 5


def test_a_document_unlike_those_before_is_held_and_nothing_of_it_stored(feed: Feed) -> None:
    polled(feed, answer(rss(*(item(n) for n in range(20)))))
    row = polled(feed, answer(rss(*(item(n, date=False) for n in range(40, 60)))))
    assert (row.outcome, feed.held != "", Entry.objects.count()) == ("held", True, 20)
    assert FeedEvent.objects.get().kind == "held"


def batch(name: str, count: int) -> list[str]:
    return [item(n).replace(f">g{n}<", f">{name}{n}<").replace(f"/{n}<", f"/{name}{n}<") for n in range(count)]


def test_a_feed_that_brings_a_new_lot_every_day_is_never_held(feed: Feed) -> None:
    sizes = {"mon": 40, "tue": 20, "wed": 45, "thu": 35, "fri": 40, "sat": 0, "sun": 0, "next": 30}
    rows = {day: polled(feed, answer(rss(*batch(day, size)))) for day, size in sizes.items()}
    assert {day: row.new for day, row in rows.items()} == sizes and not feed.held


def test_a_held_feed_goes_on_by_itself_once_it_looks_as_before(feed: Feed) -> None:
    polled(feed, answer(rss(*batch("a", 40))))
    assert [polled(feed, answer(rss(title=title))).outcome for title in ("one", "two")] == ["held", "held"]
    assert feed.held == "It holds 0 entries, where it usually holds 40."
    assert polled(feed, answer(rss(*batch("b", 5), *batch("a", 35)))).new == 5
    assert (feed.held, list(FeedEvent.objects.order_by("id").values_list("kind", flat=True))) == ("", ["held", "released"])


def test_a_held_feed_whose_server_says_that_nothing_changed_goes_on(feed: Feed) -> None:
    polled(feed, answer(rss(*batch("a", 40)), etag='"1"'))
    polled(feed, answer(rss(), etag='"2"'))
    assert feed.held and feed.etag == '"1"'
    polled(feed, answer(status=304))
    assert not feed.held


@pytest.mark.parametrize("lost", ["<title>Entry number \\d+</title>", "Some words."])
def test_a_document_that_loses_its_titles_or_texts_is_held(feed: Feed, lost: str) -> None:
    whole = rss(*(item(n) for n in range(10)))
    polled(feed, answer(whole))
    row = polled(feed, answer(re.sub(lost.encode(), b"", whole)))
    assert (row.outcome, row.edited) == ("held", 0)


def test_replaced_papers_are_left_out_where_the_feed_says_so() -> None:
    feed = make_feed(left_out="arxiv_new")
    items = (
        item(1, text="arXiv:2601.1v1 Announce Type: new Abstract"),
        item(2, text="arXiv:2501.2v3 Announce Type: replace Abstract"),
    )
    assert polled(feed, answer(rss(*items))).new == 1
    assert polled(feed, answer(rss(*items, item(3, text="Announce Type: cross")))).new == 1


def test_a_feed_that_was_polled_or_altered_meanwhile_is_left_alone(feed: Feed) -> None:
    stale = Feed.objects.get(id=feed.id)
    polled(feed, answer(rss(item(1))))
    assert save([Polled(stale, Found("failed", code="timeout"), None)], Recogniser()) == []
    assert Poll.objects.count() == 1


def test_an_entry_that_a_broken_document_cuts_off_is_not_edited(feed: Feed) -> None:
    polled(feed, answer(rss(item(1), item(2, text="A text that goes on for a while."))))
    cut = rss(item(3), item(1), item(2, text="A text that goes on for a while."))[:-60]
    row = polled(feed, answer(cut))
    assert (row.new, row.edited) == (1, 0)


def test_the_validators_of_the_last_answer_are_asked_with_whether_it_brought_a_document_or_not(feed: Feed) -> None:
    body = rss(item(1))
    polled(feed, answer(body, etag='"1"', last_modified="Mon, 05 Jan 2026 10:00:00 GMT"))
    polled(feed, answer(body, etag='"2"'))
    assert (feed.outcome, feed.etag, feed.modified) == ("unchanged", '"2"', "")
    polled(feed, answer(status=304, last_modified="Tue, 06 Jan 2026 10:00:00 GMT"))
    assert (feed.outcome, feed.etag, feed.modified) == ("not_modified", '"2"', "Tue, 06 Jan 2026 10:00:00 GMT")
    polled(feed, answer(status=304, etag='"3"'))
    assert (feed.etag, feed.modified) == ('"3"', "Tue, 06 Jan 2026 10:00:00 GMT")
    polled(feed, answer(status=500, etag='"4"'))
    polled(feed, answer(body, etag="x" * 501))
    assert feed.etag == ""


@pytest.mark.parametrize("taken", ["http://taken.example/feed", "https://TAKEN.example/feed/"])
def test_a_feed_is_not_taken_to_an_address_that_another_has_in_another_spelling(feed: Feed, taken: str) -> None:
    make_feed(url=taken, title="Other")
    for number in range(4):
        polled(feed, moved_answer(rss(item(number)), "https://taken.example/feed"))
    assert feed.url == AT


def test_only_a_feeds_own_server_says_that_it_is_gone(feed: Feed) -> None:
    there = "https://elsewhere.example/"
    row = polled(feed, Fetched(there, 410, {}, b"", (Hop(302, AT),)))
    assert (row.outcome, feed.gone) == ("failed", False)
    polled(feed, Fetched(there, 410, {}, b"", (Hop(301, AT),)))
    assert feed.gone


@pytest.mark.parametrize("meanwhile", [{"active": False}, {"gone": True}, {"held": "It floods."}, {"left_out": "arxiv_new"}])
def test_a_poll_under_way_counts_nothing_where_the_feed_was_turned_off_meanwhile(feed: Feed, meanwhile: dict[str, Any]) -> None:
    stale = Feed.objects.get(id=feed.id)
    Feed.objects.update(**meanwhile)
    assert save([Polled(stale, Found("failed", code="timeout"), None)], Recogniser()) == []
    assert not Poll.objects.exists()


def test_what_was_left_out_comes_in_when_it_is_left_out_no_more() -> None:
    feed = make_feed(left_out="arxiv_new")
    body = rss(item(1, text="Announce Type: new Abstract"), item(2, text="Announce Type: replace Abstract"))
    polled(feed, answer(body))
    edit_feed(feed, title="News", folder="", weight=3, left_out="none", by=None)
    row = polled(feed, answer(body))
    assert (row.new, row.edited, Entry.objects.count(), FeedEvent.objects.filter(kind="gap").count()) == (1, 0, 2, 0)


def test_gaps_are_forgotten_when_they_count_no_more(feed: Feed) -> None:
    for days in (1, 31):
        FeedEvent.objects.create(feed=feed, kind="gap", at=now() - timedelta(days=days))
    forget()
    assert FeedEvent.objects.count() == 1
