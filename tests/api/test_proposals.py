"""Proposals by program: taken once, screened before a word is stored, and shown to nobody but their sender."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from kb.accounts.models import User
from kb.accounts.tokens import make_token
from kb.api.throttles import AnonymousWrites
from kb.review import submit
from kb.review.models import GuardCount, Proposal, ProposedChange
from tests.accounts.people import make_person, sign_in
from tests.api.reading import check_against_schema, get, problem
from tests.review.desk import World, act, filing, make_world, person, reviewed

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/proposals/"
ALL = ["proposals:read", "proposals:write"]


@pytest.fixture
def desk_world() -> World:
    return make_world()


@pytest.fixture(autouse=True)
def _many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AnonymousWrites, "rate", "1000/hour")


def send(body: object, address: str = ADDRESS, **headers: str) -> Any:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client().post(address, text, content_type="application/json", headers=named)


def issue(world: World, **more: Any) -> dict[str, Any]:
    return {"kind": "issue", "filing": filing(world, **more)}


def correction(world: World, **more: Any) -> dict[str, Any]:
    change = {"change": "add_alias", "record": world.model.public_id, "text": "Painter fifteen"}
    return {"kind": "correction", "title": "Another name", "reason": "Its makers call it so.", "changes": [change]} | more


def bearer(user: User, scopes: list[str] | None = None) -> str:
    return f"Bearer {make_token(user, 'program', scopes or ALL, 30)[1]}"


def refused(answer: Any, status: int) -> str:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content[:300]
    assert not Proposal.objects.exists()
    return str(answer.json()["detail"])


def test_an_issue_and_a_correction_arrive_without_an_account(desk_world: World) -> None:
    for body in (issue(desk_world), correction(desk_world, email="finder@example.org")):
        answer = send(body)
        assert answer.status_code == 202, answer.content
        said = answer.json()
        assert set(said) == {"key", "status_url", "receipt"}
        assert said["status_url"] == answer["Location"]
        assert "no-store" in answer["Cache-Control"]
        assert not answer.cookies
        stored = Proposal.objects.get(key=said["key"])
        assert (stored.state, stored.origin, stored.submitter) == ("submitted", "api", None)
        where = f"{ADDRESS}{said['key']}/"
        found = Client().get(where, headers={"X-Receipt": said["receipt"]})
        check_against_schema(where, found.json())
        assert (found.json()["state"], found.json()["waits_on"]) == ("submitted", "reviewer")


def test_a_token_sends_in_the_name_of_its_person_and_gets_no_receipt(desk_world: World) -> None:
    user = make_person("contributor")
    answer = send(issue(desk_world), authorization=bearer(user))
    assert set(answer.json()) == {"key", "status_url"}
    assert Proposal.objects.get().submitter == user
    listed = Client().get(ADDRESS, headers={"authorization": bearer(user)}).json()
    check_against_schema(ADDRESS, listed)
    assert [one["key"] for one in listed["results"]] == [answer.json()["key"]]


def test_a_scope_opens_its_own_half_alone(desk_world: World) -> None:
    user = make_person("contributor")
    assert send(issue(desk_world), authorization=bearer(user, ["proposals:read"])).status_code == 403
    assert Client().get(ADDRESS, headers={"authorization": bearer(user, ["proposals:write"])}).status_code == 403
    assert problem(Client(), ADDRESS, 401) == "This address needs a token."


def test_to_everybody_else_a_proposal_does_not_exist(desk_world: World) -> None:
    said = send(issue(desk_world)).json()
    other = send(issue(desk_world)).json()
    where = f"{ADDRESS}{said['key']}/"
    missing = Client().get(f"{ADDRESS}nothing/").json()["detail"]
    editor = sign_in(Client(), make_person("editor"))
    for client, headers in (
        (Client(), {}), (Client(), {"X-Receipt": other["receipt"]}), (Client(), {"X-Receipt": said["key"]}), (editor, {}),
        (Client(), {"authorization": bearer(make_person("editor"))}),
    ):  # fmt: skip
        answer = client.get(where, headers=headers)
        assert (answer.status_code, answer.json()["detail"]) == (404, missing)
    for end in ("withdraw/", "answer/"):
        assert send({}, f"{where}{end}", X_Receipt=other["receipt"]).status_code == 404
    assert set(Proposal.objects.values_list("state", flat=True)) == {"submitted"}


def test_the_same_request_is_taken_once_and_answered_alike(desk_world: World) -> None:
    once = str(uuid.uuid4())
    body = issue(desk_world)
    first, again = send(body, Idempotency_Key=once), send(dict(reversed(body.items())), Idempotency_Key=once)
    assert (first.status_code, again.status_code) == (202, 202)
    assert (first.json(), first["Location"]) == (again.json(), again["Location"])
    assert Proposal.objects.count() == 1
    other = send(issue(desk_world), Idempotency_Key=once)
    assert (other.status_code, Proposal.objects.count()) == (409, 1)
    mine = send(body, Idempotency_Key=once, authorization=bearer(make_person("contributor")))
    assert (mine.status_code, Proposal.objects.count()) == (202, 2)


def test_of_two_requests_at_once_one_is_stored(desk_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other arrives between the look for an earlier one and the writing."""
    once, body = str(uuid.uuid4()), correction(desk_world)
    first = send(body, Idempotency_Key=once).json()
    real, blind = submit.sent_before, iter([True])
    monkeypatch.setattr(submit, "sent_before", lambda *known: None if next(blind, False) else real(*known))
    assert send(body, Idempotency_Key=once).json() == first
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize("key", ["1", "short", "x" * 201, "with a blank inside it", "ümlaut-in-the-key-here"])
def test_a_key_that_others_might_choose_is_refused(desk_world: World, key: str) -> None:
    assert "such as a UUID" in refused(send(issue(desk_world), Idempotency_Key=key), 400)


@pytest.mark.parametrize("name", ["state", "severity", "reviewers", "submitter", "origin", "hazard", "record_id", "key", "id"])
def test_nobody_assigns_what_is_not_theirs(desk_world: World, name: str) -> None:
    assert name in refused(send(issue(desk_world) | {name: "published"}), 400)
    assert name in refused(send({"kind": "issue", "filing": filing(desk_world) | {name: "published"}}), 400)
    change = correction(desk_world)["changes"][0] | {name: "published"}
    assert name in refused(send(correction(desk_world, changes=[change])), 400)


@pytest.mark.parametrize("fields", [{"reviewers": 2}, {"gravity": 3}])
def test_only_editors_propose_what_the_desk_decides(desk_world: World, fields: dict[str, int]) -> None:
    change = {
        "change": "create_record", "ref": "new:issue", "kind": "issue", "name": "A finding",
        "detail": {"code": "M01", "frames": ["privacy"]} | fields,
    }  # fmt: skip
    assert "only editors decide" in refused(send(correction(desk_world, changes=[change])), 400)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 415), (b"{", 400), (b"[]", 400), (b'"text"', 400), (b"null", 400), (b"\xff\xfe{}", 400), (b"NaN", 400),
        (b'{"kind": NaN}', 400), (b'{"kind": 1, "kind": 2}', 400), (b"[" * 100_000, 400), (b'{"a":' * 50_000, 400),
        (b'{"kind": ' + b"9" * 5_000 + b"}", 400), (b"{}", 400), (b'{"kind": []}', 400), (b'{"kind": "edit"}', 400),
        (b'{"kind": "issue"}', 400), (b'{"kind": "issue", "filing": []}', 400), (b'{"kind": "issue", "title": "x"}', 400),
        (b'{"kind": "correction", "title": "x", "reason": "y", "changes": {}}', 400),
        (b'{"kind": "correction", "title": "x", "reason": "y", "changes": []}', 400),
        (b'{"kind": "correction", "title": "x", "reason": "y", "changes": [[[[[[[[1]]]]]]]]}', 400),
        (b'{"kind": "issue", "filing": {}, "embargo_wanted": "yes"}', 400), (b'{"kind": "issue", "email": 5}', 400),
        (b'{"kind": "issue", "filing": {}, "email": "nowhere"}', 400), (b'{"kind": "issue", "credit": "fame"}', 400),
        (b'{"kind": "a\\u0000b"}', 422), (b'{"kind": "a\\ud800b"}', 422), (b'{"a\\ud800b": 1}', 422),
        ('{"kind": "issue", "filing": {"title": "left \u202e right"}}'.encode(), 422),
        (b'{"kind": "' + b"x" * 2_000_000 + b'"}', 413), (b'{"kind": "' + b"x" * 900_000 + b'"}', 422),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_one_sentence(body: bytes, status: int) -> None:
    refused(send(body), status)


def test_ten_megabytes_are_not_read(desk_world: World) -> None:
    assert refused(send(issue(desk_world, summary="x" * 10_000_000)), 413) == "At most 1 MB is read."


@pytest.mark.parametrize("form", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
def test_only_json_is_taken(desk_world: World, form: str) -> None:
    refused(Client().post(ADDRESS, json.dumps(issue(desk_world)), content_type=form), 415)


def test_a_refused_text_leaves_a_count_and_nothing_else(desk_world: World) -> None:
    secret = "https://example.org/" + "abuse"
    for body in (
        issue(desk_world, summary=f"Look at {secret}"), correction(desk_world, reason=f"See {secret}"),
        issue(desk_world) | {"credit": "name", "credit_name": secret},
    ):  # fmt: skip
        answer = send(body, Idempotency_Key=str(uuid.uuid4()))
        assert answer.status_code == 422
        said = answer.json()
        assert (said["rule"], bool(said["report_to"])) == ("web_address", True)
        assert secret not in answer.content.decode()
    assert not Proposal.objects.exists()
    assert not ProposedChange.objects.exists()
    assert GuardCount.objects.get().count == 3


def test_a_finding_about_unlawful_material_is_read_strictly(desk_world: World) -> None:
    body = issue(desk_world, summary="Children aged 9 can be seen.", code="D01", frames=["child_safety"])
    refused(send(body), 422)


def test_html_is_text(desk_world: World) -> None:
    title = "<script>alert(1)</script>"
    said = send(issue(desk_world, title=title)).json()
    shown = Client().get(f"{ADDRESS}{said['key']}/", headers={"X-Receipt": said["receipt"]})
    assert (shown["Content-Type"], shown.json()["title"]) == ("application/json", title)
    assert shown["X-Content-Type-Options"] == "nosniff"


def test_a_number_too_large_for_any_column_is_refused(desk_world: World) -> None:
    for value in (10**30, -(10**30), 1.5):
        change = {
            "change": "add_statement", "subject": desk_world.data.public_id, "predicate": "item_count", "value": value,
            "evidence": [{"report": desk_world.study.public_id, "kind": "paper", "gist": "It counts."}],
        }  # fmt: skip
        refused(send(correction(desk_world, changes=[change])), 400)


def test_a_sender_without_an_account_is_bounded(desk_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AnonymousWrites, "rate", "1/hour")
    assert [send(issue(desk_world)).status_code for _ in range(2)] == [202, 429]


def test_a_question_is_answered_and_a_proposal_is_taken_back(desk_world: World) -> None:
    editor = person("editor")
    said = send(issue(desk_world)).json()
    proposal, where = Proposal.objects.get(), f"{ADDRESS}{said['key']}/"
    mine = {"X_Receipt": said["receipt"]}
    assert send({"text": "Early."}, f"{where}answer/", **mine).status_code == 409
    act(proposal, "take", editor)
    act(proposal, "ask", editor, reason="Which version?")
    assert send({"text": " "}, f"{where}answer/", **mine).status_code == 400
    assert send({"text": "x", "state": "published"}, f"{where}answer/", **mine).status_code == 400
    answered = send({"text": "Version 1.5."}, f"{where}answer/", **mine).json()
    check_against_schema(where, answered)
    assert [(one["by"], one["text"]) for one in answered["messages"]] == [("desk", "Which version?"), ("you", "Version 1.5.")]
    assert send({}, f"{where}withdraw/", **mine).json()["state"] == "withdrawn"
    assert send({}, f"{where}withdraw/", **mine).status_code == 409


def test_its_sender_is_told_decisions_and_never_who_made_them(desk_world: World) -> None:
    first, second = person("editor"), person("editor")
    user = make_person("contributor")
    from kb.review.submit import Sender

    proposal = reviewed(desk_world, first, Sender(user=user))
    act(proposal, "approve", first, reason="A secret word among editors.")
    act(proposal, "approve", second)
    act(proposal, "publish", second, reason="Two of us read it.")
    shown = Client().get(f"{ADDRESS}{proposal.key}/", headers={"authorization": bearer(user)})
    text = shown.content.decode()
    assert "secret word" not in text
    assert not any(name in text for one in (first, second) for name in (one.email, one.username))
    assert [one["move"] for one in shown.json()["decisions"]] == ["submit", "take", "start_review", "publish"]
    assert shown.json()["published"]["id"].startswith("UP-I-")
    check_against_schema(f"{ADDRESS}{proposal.key}/", shown.json())


def test_a_proposal_shows_nowhere_in_the_api(desk_world: World) -> None:
    send(issue(desk_world, title="A word that is nowhere else: zyzzyva"))
    for path in ("records/?q=zyzzyva", "issues/", "similar-issues/?title=zyzzyva", f"models/{desk_world.model.slug}/"):
        assert "zyzzyva" not in json.dumps(get(Client(), f"/api/v1/{path}"))


def test_similar_issues_are_found_by_words_and_artifacts(desk_world: World) -> None:
    editor, second = person("editor"), person("editor")
    proposal = reviewed(desk_world, editor, title="Painter repeats portraits of people")
    act(proposal, "approve", editor)
    act(proposal, "approve", second)
    act(proposal, "publish", second, reason="Two of us read it.")
    found = get(Client(), f"/api/v1/similar-issues/?title=repeats+portraits&artifact={desk_world.model.slug}&code=M01")
    check_against_schema("/api/v1/similar-issues/", found)
    assert [one["name"] for one in found["results"]] == ["Painter repeats portraits of people"]
    assert get(Client(), "/api/v1/similar-issues/") == {"results": []}


@pytest.mark.parametrize(
    ("query", "status"),
    [("title=" + "x" * 301, 400), ("code=Z99", 400), ("artifact=nobody", 404), ("colour=red", 400), ("artifact=a&" * 21, 400)],
)
def test_a_bad_question_for_similar_issues_is_refused(query: str, status: int) -> None:
    problem(Client(), f"/api/v1/similar-issues/?{query.strip('&')}", status)
