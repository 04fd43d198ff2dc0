"""What is hidden leaves no trace: marker strings are hunted through every address, as everybody who may not know of it.

Drafts, submissions, findings under embargo, rejected and withdrawn filings, notes, restricted evidence, requests for a
reply and disputes that are not reviewed yet: no word, no number, no gap, no other ETag, no other lineage.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from kb.accounts.models import User
from kb.core.clock import today
from kb.records.models import Record
from kb.review.asking import ask
from kb.review.basket import collect
from kb.review.decide import move
from kb.review.dispute import raise_dispute, step
from kb.review.edit import add_note, add_restricted_evidence
from kb.review.models import Proposal
from kb.review.policy import submitter
from kb.review.reply import receive
from kb.review.submit import Sender, send_changes, start_filing
from tests.access.sample import Sample, make_sample
from tests.access.table import TABLE
from tests.review.desk import World, act, filed, filing, make_world, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_kept")]

MARKER = "Quincunx"
PUBLIC = [row.path for row in TABLE if row.reads == "" and row.writes is None]
SEARCHES = (f"/search/?q={MARKER}", f"/api/v1/records/?q={MARKER}", f"/api/v1/statements/?q={MARKER}", "/sitemap.xml", "/feed/")


def fetched(client: Client, sample: Sample) -> dict[str, tuple[int, bytes, str]]:
    """Every public answer: status, body and ETag."""
    answers = {}
    for path in map(sample.path, PUBLIC):
        answer: HttpResponse = client.get(path)  # type: ignore[assignment]
        answers[path] = (answer.status_code, answer.content, answer.headers.get("ETag", ""))
    return answers


def hide(world: World, editor: User) -> None:
    """Write something hidden in every state and table that review has."""
    for number, text in enumerate(hidden_states(world, editor)):
        assert text.state, number
    basket = [{"change": "create_record", "ref": "new:x", "kind": "model", "name": f"{MARKER} model"}]
    collect(editor, basket)
    case, _ = raise_dispute(world.model, f"{MARKER} disputes this.", name=f"{MARKER} person", email="quincunx@example.org")
    step(case, "acknowledged", editor)


def hidden_states(world: World, editor: User) -> Iterator[Proposal]:
    def new(**more: Any) -> Proposal:
        named = {"title": f"{MARKER} was found", "summary": f"{MARKER} in the data.", "how_known": f"{MARKER} told."}
        sender = Sender(email="quincunx@example.org", credit="name", credit_name=f"{MARKER} finder")
        return filed(world, sender, **named | more)

    yield start_filing(filing(world, title=f"{MARKER} draft"), Sender())
    yield new()
    yield act(new(), "take", editor)
    rejected = act(new(), "take", editor)
    yield act(rejected, "reject", editor, reason=f"{MARKER} is wrong.")
    asked = act(act(new(), "take", editor), "ask", editor, reason=f"What is {MARKER}?")
    yield move(asked, "withdraw", submitter(), reason=f"{MARKER} withdrawn.")
    embargoed = act(act(new(artifacts=[{"name": f"{MARKER} net", "kind": "model"}]), "take", editor), "start_review", editor)
    add_note(embargoed, f"{MARKER} note", editor)
    add_restricted_evidence(embargoed, f"{MARKER} evidence", f"{MARKER} archive", editor)
    yield act(embargoed, "embargo", editor, reason=f"{MARKER} waits.", coordinator=MARKER, until=today() + timedelta(days=30))
    reviewing = act(act(new(), "take", editor), "start_review", editor)
    request = ask(world.maker.id, "quincunx@example.org", f"{MARKER} called.", editor, proposal=reviewing)
    assert request.invitation is not None
    receive(request.invitation, f"{MARKER} replies.")
    act(reviewing, "approve", editor)
    yield reviewing
    body = {"change": "add_alias", "record": world.model.slug, "text": f"{MARKER} alias"}
    yield send_changes([body], Sender(), title=f"{MARKER} correction", reason=f"{MARKER} says so.")


@pytest.fixture
def sample() -> Sample:
    return make_sample()


def world_of(sample: Sample) -> World:
    found = {name: Record.objects.get(slug=sample.names[name]) for name in ("data", "model", "app", "party", "report")}
    return World(found["data"], found["model"], found["app"], found["party"], found["report"])


def test_hidden_writes_change_no_public_answer(sample: Sample) -> None:
    client = Client()
    fetched(client, sample)
    before = fetched(client, sample)
    hide(world_of(sample), person("editor"))
    after = fetched(client, sample)
    assert [path for path in before if before[path] != after[path]] == []


@pytest.mark.parametrize("role", ["anonymous", "reader", "contributor"])
def test_no_word_of_what_is_hidden_is_found_by_who_may_not_know(sample: Sample, role: str) -> None:
    hide(world_of(sample), person("editor"))
    client, found = sample.clients[role], []
    for path in [*(sample.path(row.path) for row in TABLE), *SEARCHES, "/account/", "/account/tokens/"]:
        answer: HttpResponse = client.get(path)  # type: ignore[assignment]
        body = b"".join(answer) if answer.streaming else answer.content
        if MARKER.lower() in body.decode("utf-8", "replace").replace(f"q={MARKER}", "").lower() and path not in SEARCHES:
            found.append(path)
    assert found == []


def test_a_search_finds_nothing_of_what_is_hidden(sample: Sample) -> None:
    before = Client().get(f"/api/v1/records/?q={MARKER}").content
    page = Client().get(f"/search/?q={MARKER}").content
    hide(world_of(sample), person("editor"))
    assert Client().get(f"/api/v1/records/?q={MARKER}").content == before
    assert Client().get(f"/search/?q={MARKER}").content == page


def test_the_desk_itself_sees_it(sample: Sample) -> None:
    hide(make_world(), person("editor"))
    assert MARKER in sample.clients["editor"].get("/desk/").content.decode()


def test_a_hidden_proposal_and_one_that_never_was_look_the_same(sample: Sample) -> None:
    for role in ("reader", "contributor"):
        client = sample.clients[role]
        hidden = client.get(sample.path("/desk/p/{proposal}/"))
        missing = client.get("/desk/p/aaaaaaaaaaaaaaaa/")
        assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content)
