"""The inbox: names marked in the text, acts as plain forms, and who may see it."""

import re
from html import unescape

import pytest
from django.test import Client

from kb.feeds.models import Entry, EntryDecision, EntryVersion, Feed
from kb.pages.inbox_page import PAGE, inbox
from kb.records.models import Record
from kb.review.models import Proposal
from tests import build
from tests.accounts.people import make_person, sign_in
from tests.feeds.written import answer, item, make_feed, polled, rss
from tests.pages.test_every_page import outline

pytestmark = pytest.mark.django_db


@pytest.fixture
def data() -> Record:
    return build.dataset("LAION-5B")


@pytest.fixture
def desk() -> Client:
    return sign_in(Client(), make_person(role="editor"))


@pytest.fixture
def entry(data: Record) -> Entry:
    polled(
        make_feed(),
        answer(rss(item(1, "Links of <b>LAION-5B</b> resurface", "They say that LAION-5B is back. <script>x</script>"), item(2))),
    )
    return Entry.objects.get(state="inbox")


def test_names_are_marked_in_the_text_and_kept_ones_ticked(desk: Client, entry: Entry, data: Record) -> None:
    page = desk.get("/desk/inbox/").content.decode()
    assert page.count("<mark>") == 2 and f'href="{data.path}"' in page
    assert f'value="{data.pk}" id="r{entry.pk}-{data.pk}" checked' in page
    assert "Entry number 2" not in page and "<script>x" not in page
    found = outline(page)
    assert found.headings.count("h1") == 1 and not found.faults and len(found.ids) == len(set(found.ids))


def test_an_entry_is_accepted_by_a_plain_form_and_the_next_one_follows(desk: Client, entry: Entry, data: Record) -> None:
    done = desk.post(f"/desk/inbox/{entry.pk}/report/", {"record": [data.pk], "next": "77"})
    assert done.headers["Location"] == "/desk/inbox/#e77"
    assert Proposal.objects.get().state == "submitted"
    assert "Undo" in desk.get("/desk/inbox/").content.decode()
    assert desk.post(f"/desk/inbox/{entry.pk}/undo/").status_code == 302
    entry.refresh_from_db()
    assert (entry.state, Proposal.objects.get().state) == ("inbox", "withdrawn")


def test_every_act_leads_back_to_the_list_as_it_was_narrowed(desk: Client, entry: Entry) -> None:
    Feed.objects.update(folder="Press & more")
    query = "?q=LAION&folder=Press+%26+more&page=1"
    page = desk.get(f"/desk/inbox/{query}").content.decode()
    acts = re.findall(r'(?:formaction|action|href)="(/desk/inbox/\d+/[^"]*)"', page)
    assert len(acts) == 6 and all(query in unescape(act).partition("#")[0] for act in acts)
    assert query in unescape(desk.get(f"/desk/inbox/{entry.pk}/{query}").content.decode())
    done = desk.post(f"/desk/inbox/{entry.pk}/ignore/{query}", {"next": "77"})
    assert done.headers["Location"] == f"/desk/inbox/{query}#e77"


def test_filters_that_fit_no_more_are_left_out_and_unknown_ones_refused(desk: Client, entry: Entry) -> None:
    assert desk.post(f"/desk/inbox/{entry.pk}/ignore/?colour=red").status_code == 400
    assert desk.get(f"/desk/inbox/{entry.pk}/?colour=red").status_code == 400
    done = desk.post(f"/desk/inbox/{entry.pk}/ignore/?folder=Nowhere&q=a&page=x")
    assert done.headers["Location"] == "/desk/inbox/?q=a"


def test_a_page_beyond_the_last_shows_the_last(desk: Client, entry: Entry) -> None:
    assert "resurface" in desk.get("/desk/inbox/?page=2").content.decode()


def test_another_record_is_added_by_its_id(desk: Client, entry: Entry) -> None:
    other = build.model("Painter")
    desk.post(f"/desk/inbox/{entry.pk}/report/", {"more": other.public_id})
    assert other.public_id in str(list(Proposal.objects.get().changes.values_list("body", flat=True)))


def test_an_issue_begun_leads_to_the_form(desk: Client, entry: Entry, data: Record) -> None:
    done = desk.post(f"/desk/inbox/{entry.pk}/issue/", {"record": [data.pk]})
    assert done.headers["Location"] == f"/file/{Proposal.objects.get().key}/check/"
    assert desk.get(done.headers["Location"]).status_code == 200


@pytest.mark.parametrize(("code", "state"), [("ignore", "ignored"), ("mute", "muted")])
def test_what_is_of_no_use_leaves_the_inbox(desk: Client, entry: Entry, code: str, state: str) -> None:
    assert desk.post(f"/desk/inbox/{entry.pk}/{code}/").status_code == 302
    entry.refresh_from_db()
    assert (entry.state, EntryDecision.objects.count()) == (state, 1)


def test_what_does_not_fit_is_said_with_a_sentence(desk: Client, entry: Entry) -> None:
    assert "at least one record" in desk.post(f"/desk/inbox/{entry.pk}/report/").content.decode()
    assert desk.post(f"/desk/inbox/{entry.pk}/report/", {"record": ["x"]}).status_code == 400
    assert desk.post(f"/desk/inbox/{entry.pk}/report/", {"more": "nowhere"}).status_code == 404
    assert desk.post(f"/desk/inbox/{entry.pk}/sell/").status_code == 404
    assert desk.get("/desk/inbox/?colour=red").status_code == 400


def test_an_entry_is_attached_as_evidence(desk: Client, entry: Entry, data: Record) -> None:
    said = build.state(build.model("Painter"), "trained_on", data)
    page = desk.get(f"/desk/inbox/{entry.pk}/").content.decode()
    assert f'<p class="id">{said.pk}</p>' in page
    words = {"statement": said.pk, "stance": "supports", "kind": "journalism", "gist": "It says so."}
    assert desk.post(f"/desk/inbox/{entry.pk}/", words | {"gist": ""}).status_code == 422
    assert desk.post(f"/desk/inbox/{entry.pk}/", words | {"statement": 10**6}).status_code == 409
    assert desk.post(f"/desk/inbox/{entry.pk}/", words).status_code == 302


def test_filters_narrow_the_inbox(desk: Client, entry: Entry, data: Record) -> None:
    for query, found in (
        (f"record={data.slug}", True),
        ("q=resurface", True),
        ("q=zebra", False),
        ("state=aside", False),
        ("order=newest", True),
    ):
        assert ("resurface" in desk.get(f"/desk/inbox/?{query}").content.decode()) == found, query


def words(page: str) -> str:
    """What a page says, as a screen reader would read it."""
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def test_what_an_edit_changed_is_marked_in_signs_and_told_in_words(desk: Client, entry: Entry) -> None:
    polled(entry.feed, answer(rss(item(1, "Links of LAION-5B are gone", "They say that LAION-5B is <i>not</i> back."))))
    page = desk.get(f"/desk/inbox/{entry.pk}/").content.decode()
    read = words(page.partition('id="h-versions"')[2])
    assert "Links of LAION-5B [removed: resurface] [added: are gone]" in read
    assert "They say that LAION-5B is [added: not] back." in read
    assert page.count("<del>") == 2 and page.count("<ins>") == 3  # one of each explains the signs
    assert not outline(page).faults


def test_each_edit_is_told_by_itself_and_only_the_newest_are_shown(desk: Client, entry: Entry) -> None:
    for number in range(25):
        polled(entry.feed, answer(rss(item(1, f"Links of LAION-5B, part {number}"))))
    page = desk.get(f"/desk/inbox/{entry.pk}/").content.decode()
    assert "part [removed: 23] [added: 24]" in words(page) and "part [removed: 22] [added: 23]" in words(page)
    assert page.count("Until ") == 20 and "5 earlier edits not shown." in page


def test_an_edit_of_what_is_not_kept_and_a_former_address_are_said(desk: Client, entry: Entry) -> None:
    version = {"entry": entry, "title": entry.title, "excerpt": entry.excerpt, "text_digest": "d"}
    EntryVersion.objects.create(version=1, url="https://news.example/before", **version)
    EntryVersion.objects.create(version=2, url=entry.url, **version)
    read = words(desk.get(f"/desk/inbox/{entry.pk}/").content.decode())
    assert read.count("words that are not kept here") == 1 and read.count("Its address was https://news.example/before.") == 1


@pytest.fixture
def stories(data: Record) -> int:
    """More stories than a page holds, each told by a feed that weighs much and again by one that weighs little."""
    titles = [f"LAION-5B at place{n} by people{n} on day{n}" for n in range(PAGE + 5)]
    for url, weight, folder in (("https://a.example/feed", 5, "Press"), ("https://b.example/feed", 1, "")):
        polled(make_feed(url=url, weight=weight, folder=folder), answer(rss(*(item(n, t) for n, t in enumerate(titles)))))
    assert Entry.objects.values("story").distinct().count() == len(titles) == Entry.objects.count() // 2
    return len(titles)


@pytest.mark.parametrize("order", ["weight", "newest"])
def test_a_story_stands_on_one_page_alone(desk: Client, stories: int, order: str) -> None:
    pages = [inbox({"order": order, "page": page}) for page in (1, 2)]
    seen = [one.entry.story for page in pages for one, _ in page.rows]
    assert len(seen) == len(set(seen)) == stories
    assert {(page.total, page.pages) for page in pages} == {(stories, 2)}
    assert {more for page in pages for _, more in page.rows} == {1}
    read = desk.get(f"/desk/inbox/?order={order}&page=2").content.decode()
    assert f"{stories} stories" in read and "Page 2 of 2" in read and read.count("data-entry") == 5


def test_of_a_story_the_weightiest_entry_is_shown(stories: int) -> None:
    assert {one.entry.feed.weight for one, _ in inbox({}).rows} == {5}


def test_entries_without_a_story_stand_each_for_itself(data: Record) -> None:
    for number in range(3):
        feed = make_feed(url=f"https://{number}.example/feed")
        Entry.objects.create(feed=feed, uid_key="a", digest="d", text_digest="t", title="LAION-5B", state="inbox")
    assert inbox({}).total == len(inbox({}).rows) == 3


def test_a_folder_narrows_the_inbox_and_counts_its_own_stories(desk: Client, stories: int) -> None:
    press, none = inbox({"folder": "Press"}), inbox({"folder": "-"})
    assert press.total == none.total == stories
    assert {one.entry.feed.folder for one, _ in press.rows} == {"Press"} and {one.entry.feed.folder for one, _ in none.rows} == {
        ""
    }
    page = desk.get("/desk/inbox/?folder=Press").content.decode()
    assert '<option value="Press" selected>' in page and f"{stories} stories" in page
    assert desk.get("/desk/inbox/?folder=Nowhere").status_code == 400


def test_the_keys_are_listed_on_the_page_without_scripts(desk: Client, entry: Entry) -> None:
    for path in ("", f"{entry.pk}/"):
        page = desk.get(f"/desk/inbox/{path}").content.decode()
        keys = page.partition('<details class="keys')[2].partition("</details>")[0]
        assert re.findall("<kbd>(.)</kbd></dt>", keys) == list("jkaeixmuo?")


def test_queries_do_not_grow_with_the_inbox(desk: Client, data: Record, django_assert_max_num_queries: object) -> None:
    polled(make_feed(), answer(rss(*(item(n, f"Case {n} about LAION-5B number {n * 7}") for n in range(40)))))
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        desk.get("/desk/inbox/")
