"""Filing and following by form: what a submitter is led to, told and not told."""

import pytest
from django.test import Client

from kb.accounts.models import Representation, User
from kb.records.models import Record
from kb.review.decide import Details, move
from kb.review.edit import amend_change, judge_change
from kb.review.models import Proposal
from kb.review.policy import Actor
from kb.review.submit import Sender, send_filing, start_filing
from kb.review.taken_up import confirm_answer
from tests import build
from tests.accounts.people import make_person, sign_in
from tests.review.desk import World, act, filed, filing, make_world, person, reviewed

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def finder() -> User:
    return make_person(name="Ada Finder")


@pytest.fixture
def browser(finder: User) -> Client:
    return sign_in(Client(), finder)


def test_a_draft_that_is_sent_twice_leads_to_the_submission_both_times(browser: Client, finder: User, world: World) -> None:
    draft = start_filing(filing(world), Sender(user=finder))
    for _ in range(2):
        assert browser.post(f"/file/{draft.key}/check/").headers["Location"] == f"/submissions/{draft.key}/"
    assert Proposal.objects.count() == 1


def test_what_is_mended_for_the_desk_is_kept_and_leads_back(browser: Client, finder: User, world: World) -> None:
    proposal, editor = filed(world, Sender(user=finder)), person("editor")
    act(proposal, "take", editor)
    act(proposal, "ask", editor, reason="Is that its title?")
    page = browser.get(f"/file/{proposal.key}/check/").content.decode()
    assert "Save and go back" in page
    assert browser.post(f"/file/{proposal.key}/check/").headers["Location"] == f"/submissions/{proposal.key}/"


def test_the_name_of_the_account_is_offered_for_the_credit(browser: Client, finder: User, world: World) -> None:
    draft = start_filing(filing(world), Sender(user=finder))
    assert 'value="Ada Finder"' in browser.get(f"/file/{draft.key}/people/").content.decode()
    send_filing(draft, Actor(user=finder, submitter=True))
    assert Proposal.objects.get().credit_name == ""


def test_beginning_is_limited_for_each_machine(client: Client) -> None:
    answers = {client.post("/file/").status_code for _ in range(31)}
    assert answers == {302, 429}
    assert Proposal.objects.count() == 30


@pytest.mark.parametrize("key", ["public_id", "slug"])
def test_similar_issues_are_found_by_the_artifact_whatever_key_names_it(
    browser: Client, finder: User, world: World, key: str
) -> None:
    first = reviewed(world, editor := person("editor"))
    for one in (editor, person("editor")):
        act(first, "approve", one)
    issue = Record.objects.get(id=act(first, "publish", editor, reason="Reviewed.").record_id)
    artifacts = [{"record": getattr(world.model, key), "impact": "affected"}]
    draft = start_filing(filing(world, title="Something of its own", artifacts=artifacts), Sender(user=finder))
    assert issue.path in browser.get(f"/file/{draft.key}/check/").content.decode()


def published_without_the_dataset(world: World, finder: User) -> Proposal:
    editor, second = person("editor"), person("editor")
    artifacts = [{"record": world.model.slug}, {"record": world.data.slug}]
    proposal = reviewed(world, editor, Sender(user=finder), artifacts=artifacts)
    place = next(item.position for item in proposal.changes.all() if item.body.get("object") == world.data.public_id)
    proposal = judge_change(proposal, place, "declined", "The study names the model only.", editor, revision=proposal.revision)
    confirm_answer(proposal.reply_requests.get(), "Less is said of it.", editor, revision=proposal.revision)
    act(proposal, "approve", editor)
    act(proposal, "approve", second)
    return act(proposal, "publish", editor, reason="Two have read it.")


def test_a_submitter_is_told_what_was_left_out_and_why(browser: Client, finder: User, world: World) -> None:
    proposal = published_without_the_dataset(world, finder)
    page = browser.get(f"/submissions/{proposal.key}/").content.decode()
    assert "What was left out" in page and "The study names the model only." in page and world.data.name in page
    assert "The study names the model only." not in Client().get("/decisions/").content.decode()


def test_a_duplicate_of_something_hidden_is_not_named(browser: Client, finder: User, world: World) -> None:
    hidden, proposal, editor = filed(world), filed(world, Sender(user=finder)), person("editor")
    act(proposal, "take", editor)
    act(proposal, "mark_duplicate", editor, reason="Said before.", duplicate_of=hidden.key)
    page = browser.get(f"/submissions/{proposal.key}/").content.decode()
    assert hidden.key not in page and "Somebody else submitted the same before" in page
    desk = sign_in(Client(), editor)
    assert f"/desk/p/{hidden.key}/" in desk.get(f"/desk/p/{proposal.key}/").content.decode()
    assert f"/desk/p/{proposal.key}/" in desk.get(f"/desk/p/{hidden.key}/").content.decode()


def test_a_duplicate_is_told_of_the_record_once_the_first_report_is_public(browser: Client, finder: User, world: World) -> None:
    first, proposal, editor, second = (
        reviewed(world, person("editor")),
        filed(world, Sender(user=finder)),
        person("editor"),
        person("editor"),
    )
    act(proposal, "take", editor)
    act(proposal, "mark_duplicate", editor, reason="Said before.", duplicate_of=first.key)
    for one in (editor, second):
        act(first, "approve", one)
    issue = Record.objects.get(id=act(first, "publish", editor, reason="Two have read it.").record_id)
    assert issue.path in browser.get(f"/submissions/{proposal.key}/").content.decode()


def test_a_withdrawn_issue_leaves_no_credit_on_the_page_of_decisions(world: World, finder: User) -> None:
    editor, second = person("editor"), person("editor")
    proposal = reviewed(world, editor, Sender(user=finder, credit="name", credit_name="Ada Finder"))
    for one in (editor, second):
        act(proposal, "approve", one)
    issue = Record.objects.get(id=act(proposal, "publish", editor, reason="Two have read it.").record_id)
    assert "by Ada Finder" in Client().get("/decisions/").content.decode()
    build.withdraw(issue)
    page = Client().get("/decisions/").content.decode()
    assert "Ada Finder" not in page and issue.name not in page


def test_a_form_with_broken_unicode_is_refused_and_nothing_stored(client: Client, world: World) -> None:
    path = f"/dispute/record/{world.model.slug}/"
    answer = client.post(path, b"text=a%ED%A0%80b", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400 and "characters that no text has" in answer.content.decode()


def test_public_decisions_name_the_record_and_never_the_words_that_were_submitted(world: World, finder: User) -> None:
    editor, second = person("editor"), person("editor")
    proposal = reviewed(world, editor, Sender(user=finder), title="The submitted words about Painter")
    body = proposal.changes.get(position=1).body | {"name": "Painter repeats photographs"}
    proposal = amend_change(proposal, 1, body, editor, revision=proposal.revision)
    confirm_answer(proposal.reply_requests.get(), "It says the same.", editor, revision=proposal.revision)
    proposal.refresh_from_db()
    move(proposal, "no_embargo", Actor(user=editor), reason="It was told in May.", public=True)
    act(proposal, "approve", editor)
    act(proposal, "approve", second)
    assert "It was told in May." not in Client().get("/decisions/").content.decode()
    move(proposal, "publish", Actor(user=editor), reason="Two have read it.", details=Details(revision=proposal.revision))
    page = Client().get("/decisions/").content.decode()
    assert "Painter repeats photographs" in page and "Two have read it." in page and "It was told in May." in page
    assert "The submitted words" not in page


def test_a_party_and_the_desk_read_the_title_as_it_would_be_published(world: World, finder: User) -> None:
    editor = person("editor")
    proposal = reviewed(world, editor, Sender(user=finder), title="The submitted words about Painter")
    body = proposal.changes.get(position=1).body | {"name": "Painter repeats photographs"}
    proposal.changes.filter(position=1).update(body=body)
    page = sign_in(Client(), editor).get(f"/desk/p/{proposal.key}/").content.decode()
    assert "<h1>Painter repeats photographs</h1>" in page and "Submitted as “The submitted words about Painter”" in page


def test_notes_are_not_shown_to_the_submitter_nor_to_whoever_speaks_for_the_party(world: World) -> None:
    reviewer, editor = make_person(role="editor"), person("editor")
    proposal = filed(world, Sender(user=reviewer))
    proposal.notes.create(author=editor, text="The finder is known to us.")
    assert "known to us" not in sign_in(Client(), reviewer).get(f"/desk/p/{proposal.key}/").content.decode()
    insider = make_person(role="editor")
    Representation.objects.create(user=insider, party_record_id=world.maker.id, verified_by=editor, how_verified="Its imprint.")
    assert "known to us" not in sign_in(Client(), insider).get(f"/desk/p/{proposal.key}/").content.decode()
    assert "known to us" in sign_in(Client(), editor).get(f"/desk/p/{proposal.key}/").content.decode()
