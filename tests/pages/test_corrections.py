"""Suggesting a correction: offered beside every statement, sent without an account, and nothing changes before a review."""

import re

import pytest
from django.test import Client

from kb.records.models import Evidence, Record, Statement
from kb.review.models import Proposal
from tests import build
from tests.accounts.people import make_person, sign_in
from tests.pages.test_every_page import outline
from tests.review.desk import World, act, make_world, person

pytestmark = pytest.mark.django_db
WHY = {"reason": "I read the paper.", "credit": "none"}
SOURCE = {"source-title": "A second study of Painter", "source-url": "https://example.net/second", "source-type": "study"}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def link(world: World) -> Statement:
    return Statement.objects.get(predicate="trained_on")


def sent(browser: Client, path: str, data: dict[str, str]) -> Proposal:
    done = browser.post(path, WHY | data)
    assert done.status_code == 302, done.content.decode().split("</h1>")[1][:900]
    return Proposal.objects.latest("id")


def test_a_correction_is_offered_beside_every_statement(client: Client, world: World, link: Statement) -> None:
    page = client.get(f"/r/{world.model.slug}/").content.decode()
    assert f"/correct/statement/{link.pk}/" in page and f"/correct/record/{world.model.slug}/" in page
    assert f"/correct/statement/{link.pk}/" in client.get(f"/statements/{link.pk}/").content.decode()


def test_reading_the_forms_sets_no_session(client: Client, world: World, link: Statement) -> None:
    for path in (
        f"/correct/statement/{link.pk}/",
        f"/correct/record/{world.model.slug}/",
        f"/correct/statement/{link.pk}/?change=add_evidence",
    ):
        answer = client.get(path)
        assert answer.status_code == 200 and "sessionid" not in answer.cookies
        found = outline(answer.content.decode())
        assert found.headings.count("h1") == 1 and not found.faults and len(found.ids) == len(set(found.ids))
    assert client.get(f"/correct/statement/{link.pk}/?change=withdraw_record").status_code == 404
    assert client.get("/correct/statement/999999/").status_code == 404


def test_a_source_that_is_not_on_record_comes_with_the_correction(client: Client, link: Statement) -> None:
    words = {"evidence_stance": "disputes", "evidence_kind": "paper", "evidence_gist": "It names other data."}
    proposal = sent(client, f"/correct/statement/{link.pk}/?change=add_evidence", words | SOURCE)
    assert (proposal.kind, proposal.state, proposal.origin) == ("correction", "submitted", "form")
    assert [body["change"] for body in proposal.changes.values_list("body", flat=True)] == ["create_record", "add_evidence"]
    assert not Record.objects.filter(name="A second study of Painter").exists()
    assert not Evidence.objects.filter(gist="It names other data.").exists()


def test_without_an_account_a_receipt_leads_back(client: Client, world: World) -> None:
    done = client.post(f"/correct/record/{world.model.slug}/?change=add_alias", WHY | {"text": "Painter One Five"})
    key = Proposal.objects.latest("id").key
    assert done.headers["Location"] == f"/file/{key}/receipt/"
    page = client.get(done.headers["Location"]).content.decode()
    receipt = page.split('<p class="receipt"><code>')[1].split("<")[0]
    other = Client()
    assert other.post("/submissions/", {"receipt": receipt}).headers["Location"] == f"/submissions/{key}/"


def test_with_an_account_it_is_among_ones_own(world: World) -> None:
    browser = sign_in(Client(), make_person())
    proposal = sent(browser, f"/correct/record/{world.model.slug}/?change=add_alias", {"text": "Painter One Five"})
    assert proposal.title in browser.get("/submissions/").content.decode()


def test_an_accepted_correction_is_on_record(client: Client, link: Statement) -> None:
    editor = person("editor")
    proposal = sent(
        client, f"/correct/statement/{link.pk}/?change=amend_statement", {"fields_start": "2022-08", "fields_rank": "normal"}
    )
    for code in ("take", "start_review", "approve"):
        act(proposal, code, editor)
    act(proposal, "publish", editor, reason="The paper says so.")
    link.refresh_from_db()
    assert link.start == "2022-08"


def test_what_is_missing_is_said_and_nothing_is_stored(client: Client, link: Statement) -> None:
    path = f"/correct/statement/{link.pk}/?change=add_evidence"
    words = {"evidence_stance": "supports", "evidence_kind": "paper", "evidence_gist": "It says so."}
    unnamed = client.post(path, WHY | words | {"source-type": "study"})
    assert unnamed.status_code == 400 and "Name the source" in unnamed.content.decode()
    assert client.post(path, words | SOURCE).status_code == 422
    assert not Proposal.objects.exists()


def test_a_refused_text_is_shown_nowhere(client: Client, world: World) -> None:
    answer = client.post(
        f"/correct/record/{world.model.slug}/?change=add_alias",
        WHY | {"text": "Painter", "reason": "See https://example.org/l.parquet"},
    )
    assert answer.status_code == 422 and "l.parquet" not in answer.content.decode()
    assert not Proposal.objects.exists()


def unseen(page: str) -> dict[str, str]:
    """The fields that a form carries unseen."""
    return dict(re.findall(r'name="(base_edition|once)" value="([^"]+)"', page))


def test_a_correction_that_is_sent_twice_is_taken_once_and_leads_to_the_same_place(client: Client, world: World) -> None:
    path = f"/correct/record/{world.model.slug}/?change=add_alias"
    words = WHY | {"text": "Painter One Five"} | unseen(client.get(path).content.decode())
    first, second = client.post(path, words), client.post(path, words)
    assert first.headers["Location"] == second.headers["Location"]
    assert Proposal.objects.count() == 1
    again = words | unseen(client.get(path).content.decode())
    assert client.post(path, again).headers["Location"] != first.headers["Location"]


def test_what_somebody_else_changed_meanwhile_is_said_before_it_is_overwritten(client: Client, link: Statement) -> None:
    path = f"/correct/statement/{link.pk}/?change=amend_statement"
    words = WHY | {"fields_note": "In part.", "fields_rank": "normal"} | unseen(client.get(path).content.decode())
    build.amend(link, note="By its card.")
    answer = client.post(path, words)
    page = answer.content.decode()
    assert answer.status_code == 409 and "it reads “By its card.” now" in page
    assert not Proposal.objects.exists()
    assert client.post(path, words | unseen(page)).status_code == 302
    assert Proposal.objects.get().changes.get().body["fields"] == {"note": "In part."}


def test_an_altered_form_is_refused_and_nothing_stored(client: Client, world: World) -> None:
    path = f"/correct/record/{world.model.slug}/?change=add_alias"
    for broken in ({"base_edition": "-1"}, {"base_edition": "soon"}, {"base_edition": "99999"}, {"once": "x" * 65}):
        assert client.post(path, WHY | {"text": "Painter One Five"} | broken).status_code == 400
    assert not Proposal.objects.exists()


def test_the_name_of_an_account_is_offered_for_the_credit_and_stands_with_the_decision(world: World) -> None:
    finder, editor = make_person(name="Ada Finder"), person("editor")
    browser = sign_in(Client(), finder)
    path = f"/correct/record/{world.model.slug}/?change=add_alias"
    page = browser.get(path).content.decode()
    assert 'value="Ada Finder"' in page and 'name="email"' not in page
    proposal = sent(browser, path, {"text": "Painter One Five", "credit": "name", "credit_name": "Ada Finder"})
    for code in ("take", "start_review", "approve"):
        act(proposal, code, editor)
    act(proposal, "publish", editor, reason="Its page says so.")
    assert "Correction by Ada Finder" in Client().get("/decisions/").content.decode()


def test_nobody_proposes_what_only_editors_decide(client: Client, link: Statement) -> None:
    sent(
        client,
        f"/correct/statement/{link.pk}/?change=amend_statement",
        {"fields_note": "In part.", "fields_rank": "normal", "fields_override": "confirmed"},
    )
    assert Proposal.objects.latest("id").changes.get().body["fields"] == {"note": "In part."}
