"""What an editor makes of an entry, always as a proposal, and taken back as long as nobody judged it."""

from collections.abc import Callable

import pytest

from kb.accounts.models import User
from kb.core.errors import Conflict, InvalidInput
from kb.core.safety import Refused
from kb.feeds.match import names
from kb.feeds.models import Entry, Feed, Mention, MutedStory, NamePrior
from kb.feeds.triage import accept_as_report, attach_as_evidence, begin_issue, ignore, mute, undo
from kb.records import changes as do
from kb.records.models import Record, Statement
from kb.records.predicates import PREDICATES
from kb.review.models import GuardCount, Proposal
from tests import build
from tests.feeds.written import answer, item, make_feed, polled, rss
from tests.review.desk import act, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def data() -> Record:
    return build.dataset("LAION-5B")


@pytest.fixture
def editor() -> User:
    return person("editor")


@pytest.fixture
def entry(data: Record) -> Entry:
    return arrived(make_feed(), "Links of LAION-5B resurface on a forum")


def arrived(feed: Feed, title: str, number: int = 1) -> Entry:
    """Let an entry come in."""
    polled(feed, answer(rss(item(number, title))))
    return Entry.objects.filter(feed=feed).latest("id")


def test_an_accepted_entry_is_a_proposal_and_nothing_on_record(entry: Entry, data: Record, editor: User) -> None:
    proposal = accept_as_report(entry.id, editor, [data.id])
    entry.refresh_from_db()
    assert (proposal.state, proposal.origin, proposal.submitter, entry.state) == ("submitted", "feed", editor, "report")
    assert not Statement.objects.filter(predicate="covers").exists()
    assert entry.decisions.get().proposal == proposal.key


def test_once_published_the_report_covers_the_records_it_names(entry: Entry, data: Record, editor: User) -> None:
    proposal, second = accept_as_report(entry.id, editor, [data.id]), person("editor")
    for code in ("take", "start_review", "approve"):
        act(proposal, code, second)
    act(proposal, "publish", second, reason="It is a report.")
    said = Statement.objects.get(predicate="covers")
    assert (said.object, said.subject.name, said.subject.report.url) == (data, entry.title, entry.url)


def test_a_party_that_an_entry_names_is_mentioned_in_the_report_and_no_more(entry: Entry, data: Record, editor: User) -> None:
    maker, second = build.party("Maker of it"), person("editor")
    proposal = accept_as_report(entry.id, editor, [data.id, maker.id])
    for code in ("take", "start_review", "approve"):
        act(proposal, code, second)
    act(proposal, "publish", second, reason="It is a report.")
    said = {row.object: row for row in Statement.objects.filter(predicate="covers").select_related("object")}
    reads = {record.id: PREDICATES["covers"].reading(row.qualifier, inverse=True) for record, row in said.items() if record}
    assert reads == {data.id: "is covered by", maker.id: "is mentioned in"}
    assert not Statement.objects.filter(object=maker).exclude(predicate="covers").exists()


def test_a_report_that_is_on_record_is_not_created_again(entry: Entry, data: Record, editor: User) -> None:
    known = build.report("Known", url=entry.url)
    proposal = accept_as_report(entry.id, editor, [data.id])
    (change,) = proposal.changes.values_list("body", flat=True)
    assert (change["change"], change["subject"]) == ("add_statement", known.public_id)


def test_an_entry_whose_address_was_refused_is_still_a_report_or_the_source_of_an_issue(
    entry: Entry, data: Record, editor: User
) -> None:
    Entry.objects.filter(id=entry.id).update(url="", withheld="hex_digest")
    assert accept_as_report(entry.id, editor, [data.id]).state == "submitted"
    undo(entry.id, editor)
    assert begin_issue(entry.id, editor, [data.id]).filing["sources"][0]["title"] == entry.title


TRACKED = "https://news.example/story?id=7&utm_source=feed"


@pytest.mark.parametrize("stored", ["https://news.example/story?id=7", "https://news.example/story?utm_medium=rss&id=7"])
def test_a_report_is_known_again_whatever_its_address_says_of_where_a_reader_came_from(
    entry: Entry, data: Record, editor: User, stored: str
) -> None:
    Entry.objects.filter(id=entry.id).update(url=TRACKED)
    build.report("Another", url="https://news.example/story?id=70")
    known = build.report("Known", url=stored)
    (change,) = accept_as_report(entry.id, editor, [data.id]).changes.values_list("body", flat=True)
    assert (change["change"], change["subject"]) == ("add_statement", known.public_id)


@pytest.fixture
def again(entry: Entry, data: Record) -> Entry:
    """The same article by way of another feed."""
    polled(make_feed(url="https://other.example/feed"), answer(rss(item(7, entry.title).replace("/7<", "/1?utm_source=x<"))))
    return Entry.objects.latest("id")


@pytest.mark.parametrize("first", [accept_as_report, begin_issue])
def test_an_article_is_proposed_once_whatever_feeds_bring_it(
    entry: Entry, again: Entry, data: Record, editor: User, first: Callable[[int, User, list[int]], Proposal]
) -> None:
    said = build.state(build.model("Painter"), "trained_on", data)
    first(entry.id, editor, [data.id])
    for act_again in (
        lambda: accept_as_report(again.id, editor, [data.id]),
        lambda: begin_issue(again.id, editor, [data.id]),
        lambda: attach_as_evidence(again.id, editor, said.pk, stance="supports", kind="journalism", gist="It says so."),
    ):
        with pytest.raises(Conflict, match="proposed already"):
            act_again()
    assert Proposal.objects.count() == 1
    undo(entry.id, editor)
    assert accept_as_report(again.id, editor, [data.id]).state == "submitted"


def test_once_it_is_on_record_an_article_from_another_feed_is_the_same_report(
    entry: Entry, again: Entry, data: Record, editor: User
) -> None:
    proposal, second = accept_as_report(entry.id, editor, [data.id]), person("editor")
    for code in ("take", "start_review", "approve"):
        act(proposal, code, second)
    act(proposal, "publish", second, reason="It is a report.")
    report = Record.objects.get(kind="report")
    assert begin_issue(again.id, editor, [data.id]).filing["sources"][0]["record"] == report.public_id


def test_an_article_that_is_proposed_by_another_way_is_not_proposed_again(entry: Entry, data: Record, editor: User) -> None:
    proposal = accept_as_report(entry.id, editor, [data.id])
    entry.decisions.all().delete()
    Proposal.objects.filter(id=proposal.id).update(origin="form")
    Entry.objects.filter(id=entry.id).update(state="inbox")
    with pytest.raises(Conflict, match="proposed already"):
        accept_as_report(entry.id, editor, [data.id])


def test_an_address_that_becomes_public_says_nothing_of_where_a_reader_came_from(
    entry: Entry, data: Record, editor: User
) -> None:
    Entry.objects.filter(id=entry.id).update(url=TRACKED)
    proposed = str(list(accept_as_report(entry.id, editor, [data.id]).changes.values_list("body", flat=True)))
    undo(entry.id, editor)
    begun = str(begin_issue(entry.id, editor, [data.id]).filing)
    for said in (proposed, begun):
        assert "https://news.example/story?id=7'" in said and "utm_" not in said


def test_an_entry_is_decided_on_once(entry: Entry, data: Record, editor: User) -> None:
    ignore(entry.id, editor)
    with pytest.raises(Conflict, match="ignored"):
        accept_as_report(entry.id, person("editor"), [data.id])
    assert not Proposal.objects.exists()


def test_what_names_nothing_is_no_report(entry: Entry, editor: User) -> None:
    with pytest.raises(InvalidInput, match="at least one record"):
        accept_as_report(entry.id, editor, [])
    with pytest.raises(InvalidInput, match="no record"):
        accept_as_report(entry.id, editor, [10**9])
    entry.refresh_from_db()
    assert (entry.state, Proposal.objects.count()) == ("inbox", 0)


def test_an_entry_is_attached_to_a_statement(entry: Entry, data: Record, editor: User) -> None:
    model = build.model("Painter")
    said = build.state(model, "trained_on", data)
    proposal = attach_as_evidence(entry.id, editor, said.pk, stance="disputes", kind="journalism", gist="It says otherwise.")
    assert [body["change"] for body in proposal.changes.values_list("body", flat=True)][-1] == "add_evidence"


def test_evidence_for_a_statement_that_was_retracted_is_refused_with_a_sentence(entry: Entry, data: Record, editor: User) -> None:
    said = build.state(build.model("Painter"), "trained_on", data)
    build.retract(said)
    with pytest.raises(Conflict, match="was retracted"):
        attach_as_evidence(entry.id, editor, said.pk, stance="supports", kind="journalism", gist="It says so.")
    entry.refresh_from_db()
    assert (entry.state, Proposal.objects.count()) == ("inbox", 0)


def test_a_refused_gist_leaves_nothing_but_a_count(entry: Entry, data: Record, editor: User) -> None:
    said = build.state(build.model("Painter"), "trained_on", data)
    with pytest.raises(Refused):
        attach_as_evidence(entry.id, editor, said.pk, stance="supports", kind="journalism", gist="See a.example.org/x.zip")
    entry.refresh_from_db()
    assert (entry.state, Proposal.objects.count(), GuardCount.objects.count()) == ("inbox", 0, 1)


def test_an_issue_begins_with_the_entry_as_its_source(entry: Entry, data: Record, editor: User) -> None:
    draft = begin_issue(entry.id, editor, [data.id])
    assert (draft.kind, draft.state, draft.submitter) == ("issue", "draft", editor)
    assert draft.filing["sources"][0]["url"] == entry.url
    assert draft.filing["artifacts"][0]["record"] == data.public_id


def test_a_muted_story_is_muted_whole(entry: Entry, editor: User) -> None:
    other = arrived(make_feed(url="https://other.example/feed"), "Links of LAION-5B resurface on a forum again")
    assert other.story == entry.story
    mute(entry.id, editor)
    other.refresh_from_db()
    assert (other.state, MutedStory.objects.count()) == ("muted", 1)


def test_the_story_of_an_entry_that_was_set_aside_is_muted_too(data: Record, editor: User) -> None:
    other = make_feed(url="https://other.example/feed")
    aside = arrived(make_feed(), "A crawl of the web resurfaces on a forum")
    assert (aside.state, aside.story) == ("aside", "")
    mute(aside.id, editor)
    aside.refresh_from_db()
    assert aside.story and MutedStory.objects.get().story == aside.story
    build.publishing(do.AddAlias(record=data.id, text="crawl of the web", ambiguous=False))
    names._matcher.cache_clear()
    assert arrived(other, "A crawl of the web resurfaces on a forum again").state == "muted"
    undo(aside.id, editor)
    assert arrived(other, "A crawl of the web resurfaces on a forum at last", 2).state == "inbox"


def test_decisions_move_the_priors_and_undoing_moves_them_back(entry: Entry, data: Record, editor: User) -> None:
    accept_as_report(entry.id, editor, [data.id])
    assert NamePrior.objects.values_list("name", "accepted", "ignored").get() == ("laion5b", 1, 0)
    undo(entry.id, editor)
    assert NamePrior.objects.values_list("accepted", "ignored").get() == (0, 0)
    ignore(entry.id, editor)
    assert NamePrior.objects.values_list("accepted", "ignored").get() == (0, 1)


@pytest.mark.parametrize("deed", ["report", "issue", "ignored", "muted"])
def test_a_decision_is_taken_back_with_what_came_of_it(entry: Entry, data: Record, editor: User, deed: str) -> None:
    {
        "report": lambda: accept_as_report(entry.id, editor, [data.id]),
        "issue": lambda: begin_issue(entry.id, editor, [data.id]),
        "ignored": lambda: ignore(entry.id, editor), "muted": lambda: mute(entry.id, editor),
    }[deed]()  # fmt: skip
    undo(entry.id, editor)
    entry.refresh_from_db()
    assert (entry.state, entry.decisions.count(), MutedStory.objects.count()) == ("inbox", 0, 0)
    assert not Proposal.objects.exclude(state="withdrawn").exists()
    assert not Mention.objects.filter(kept__isnull=False).exists()


def test_what_was_published_is_not_taken_back_here(entry: Entry, data: Record, editor: User) -> None:
    proposal, second = accept_as_report(entry.id, editor, [data.id]), person("editor")
    for code in ("take", "start_review", "approve"):
        act(proposal, code, second)
    act(proposal, "publish", second, reason="It is a report.")
    with pytest.raises(Conflict, match="cannot be taken back"):
        undo(entry.id, editor)


def test_undoing_a_mute_brings_the_whole_story_back(entry: Entry, editor: User) -> None:
    other = arrived(make_feed(url="https://other.example/feed"), "Links of LAION-5B resurface on a forum again")
    mute(entry.id, editor)
    undo(entry.id, editor)
    assert set(Entry.objects.filter(id__in=(entry.id, other.id)).values_list("state", flat=True)) == {"inbox"}


def test_nobody_takes_back_the_draft_of_another_editor(entry: Entry, data: Record, editor: User) -> None:
    draft = begin_issue(entry.id, editor, [data.id])
    with pytest.raises(Conflict, match="another person"):
        undo(entry.id, person("editor"))
    assert Proposal.objects.filter(id=draft.id).exists()
