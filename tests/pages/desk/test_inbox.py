"""The inbox: names marked in the text, acts as plain forms, and who may see it."""

import pytest
from django.test import Client

from kb.feeds.models import Entry, EntryDecision
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


def test_former_versions_are_shown(desk: Client, entry: Entry) -> None:
    polled(entry.feed, answer(rss(item(1, "Links of LAION-5B are gone"))))
    page = desk.get(f"/desk/inbox/{entry.pk}/").content.decode()
    assert "How it read before" in page and "resurface" in page


def test_queries_do_not_grow_with_the_inbox(desk: Client, data: Record, django_assert_max_num_queries: object) -> None:
    polled(make_feed(), answer(rss(*(item(n, f"Case {n} about LAION-5B number {n * 7}") for n in range(40)))))
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        desk.get("/desk/inbox/")
