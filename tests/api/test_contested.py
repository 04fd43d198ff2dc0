"""Replies, disputes and withdrawals as every face of the API shows them: record, statement, lineage, paths and CSV."""

import csv
import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.exchange.exporters.trace_json import digest, trace_content
from kb.lineage.ask import Question
from kb.lineage.trace import trace
from kb.records.models import Statement
from tests import build
from tests.api.reading import check_against_schema, get


def statement_of(body: dict[str, Any], number: int) -> dict[str, Any]:
    return next(row for group in body["statements"] for row in group["statements"] if row["id"] == number)


def test_a_record_and_its_statement_show_reply_and_dispute(world: SimpleNamespace, api: Client) -> None:
    impact = Statement.objects.get(predicate="impact", subject=world.bias)
    build.reply(world.bias, world.maker, statement=impact, text="We <b>disagree</b>.")
    build.dispute(world.bias, statement=impact)
    build.reply(world.bias, world.press, state="no_response")
    body = get(api, "/api/v1/issues/bias/")
    check_against_schema("/api/v1/issues/bias/", body)
    assert not body["contested"]
    assert [row["state"] for row in body["replies"]] == ["received", "no_response"]
    shown = statement_of(body, impact.id)
    assert shown["contested"]
    assert [(row["text"], row["party"]["slug"]) for row in shown["replies"]] == [("We <b>disagree</b>.", "maker")]
    assert [row["ground"] for row in shown["disputes"]] == ["The figure is wrong."]
    assert shown == get(api, f"/api/v1/statements/{impact.id}/")
    on_the_dataset = get(api, "/api/v1/datasets/pairs/")
    assert statement_of(on_the_dataset, impact.id) == shown
    assert [row["statement"] for row in on_the_dataset["replies"]] == [impact.id]


def test_a_dispute_of_an_issue_contests_the_issue_its_impacts_and_what_they_reach(world: SimpleNamespace, api: Client) -> None:
    row = build.dispute(world.bias)
    impact = Statement.objects.get(predicate="impact", subject=world.bias)
    body = get(api, "/api/v1/issues/bias/")
    assert body["contested"]
    assert statement_of(body, impact.id)["contested"]
    assert {one["contested"] for one in body["artifacts_reached"]} == {True}
    below = get(api, "/api/v1/products/easel/")
    assert {one["issue"]["slug"]: one["contested"] for one in below["issues_reaching"]} == {"bias": True, "hazard": False}
    build.decide(row)
    assert not get(api, "/api/v1/issues/bias/")["contested"]
    assert get(api, "/api/v1/issues/bias/")["disputes"][0]["state"] == "upheld"


def contested_edges(api: Client, address: str) -> dict[int, bool]:
    body = get(api, address)
    check_against_schema(address.partition("?")[0], body)
    return {edge["id"]: edge["contested"] for edge in body["edges"]}


def test_a_contested_step_is_marked_in_json_paths_and_csv(world: SimpleNamespace, api: Client) -> None:
    trained, used = world.edges.trained, world.edges.used
    quiet = contested_edges(api, "/api/v1/lineage/pairs/downstream/")
    assert quiet == {trained.id: False, used.id: False}
    before = build.dispute(world.painter, statement=trained).edition - 1
    assert contested_edges(api, "/api/v1/lineage/pairs/downstream/") == {trained.id: True, used.id: False}
    assert contested_edges(api, f"/api/v1/lineage/pairs/downstream/?edition={before}") == quiet
    path = get(api, "/api/v1/lineage/pairs/paths/?to=easel")["paths"][0]
    assert [step["contested"] for step in path["steps"]] == [True, False]
    text = api.get("/api/v1/lineage/pairs/downstream/?format=csv").content.decode("utf-8-sig")
    assert [row["contested"] for row in csv.DictReader(io.StringIO(text))] == ["yes", "no", "no"]


def test_a_reply_and_a_dispute_of_a_step_stand_in_the_trace_and_in_its_digest(world: SimpleNamespace) -> None:
    bare = trace_content(trace(Question(world.pairs, "downstream"), world.easel))
    build.dispute(world.painter, statement=world.edges.trained)
    reply = build.reply(world.painter, world.maker, statement=world.edges.trained)
    content = trace_content(trace(Question(world.pairs, "downstream"), world.easel))
    first, second = content["steps"]
    assert (first["contested"], second["contested"]) == (True, False)
    assert first["replies"][0]["text"] == "We have looked into it."
    assert first["disputes"][0]["state"] == "under_review"
    assert digest(content) != digest({**content, "steps": bare["steps"]})
    then = trace_content(trace(Question(world.pairs, "downstream", edition=reply.edition - 1), world.easel))
    assert then["steps"][0]["replies"] == []
    assert then["steps"][0]["contested"]


@pytest.mark.parametrize("address", ["/api/v1/datasets/pairs/", "/api/v1/issues/bias/", "/api/v1/lineage/pairs/downstream/"])
def test_more_replies_and_disputes_ask_no_more_queries(world: SimpleNamespace, api: Client, address: str) -> None:
    statements = [Statement.objects.get(predicate="impact", subject=world.bias), world.edges.trained, world.edges.collected]

    def queries_with_more() -> int:
        for statement in statements:
            build.reply(statement.subject, statement=statement)
            build.dispute(statement.subject, build.party(), statement=statement)
        with CaptureQueriesContext(connection) as captured:
            get(api, address)
        return len(captured)

    get(api, address)
    few = queries_with_more()
    queries_with_more()
    assert queries_with_more() == few > 5


# withdrawal and splits


def test_a_withdrawn_record_answers_410_with_its_tombstone(world: SimpleNamespace, api: Client) -> None:
    build.withdraw(world.pairs, "It stood for two things.")
    for key in ("datasets/pairs", f"records/{world.pairs.public_id}", "lineage/pairs/downstream"):
        answer = api.get(f"/api/v1/{key}/")
        body = answer.json()
        assert (answer.status_code, answer["Content-Type"]) == (410, "application/problem+json")
        assert (body["title"], body["tombstone"]["id"]) == ("Gone", world.pairs.public_id)
        assert body["tombstone"]["reason"] == "It stood for two things."
        assert "ETag" not in answer
    assert api.get(f"/api/v1/statements/{world.edges.trained.id}/").status_code == 410


def test_lists_counts_and_lineage_leave_a_withdrawn_record_out(world: SimpleNamespace, api: Client) -> None:
    before = get(api, "/api/v1/datasets/")["count"]
    build.withdraw(world.pairs)
    assert get(api, "/api/v1/datasets/")["count"] == before - 1
    assert get(api, "/api/v1/records/?q=pairs-5b")["results"] == []
    assert get(api, "/api/v1/lineage/crawl/downstream/")["nodes"] == []
    assert get(api, "/api/v1/products/easel/")["issues_reaching"] == []
    taken_back = get(api, "/api/v1/statements/?status=retracted")["results"]
    assert taken_back == []


def test_both_halves_of_a_split_name_each_other(world: SimpleNamespace, api: Client) -> None:
    part = build.split_off(world.pairs, "Pairs-400M", world.edges.collected)
    assert get(api, f"/api/v1/datasets/{part.slug}/")["split_from"]["slug"] == "pairs"
    assert [one["id"] for one in get(api, "/api/v1/datasets/pairs/")["split_off"]] == [part.public_id]
    assert [node["slug"] for node in get(api, "/api/v1/lineage/crawl/downstream/")["nodes"]] == [part.slug]
