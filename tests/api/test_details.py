"""One record, statement or edition: what it shows, by which keys it is found, and where old keys lead."""

from types import SimpleNamespace

import pytest
from django.test import Client

from kb.records import changes as do
from tests import build
from tests.api.reading import check_against_schema, get, problem


@pytest.mark.parametrize("key", ["pairs", "{id}", "{lower}"])
def test_a_record_answers_to_slug_and_id_in_any_case(world: SimpleNamespace, api: Client, key: str) -> None:
    public_id = world.pairs.public_id
    body = get(api, f"/api/v1/datasets/{key.format(id=public_id, lower=public_id.lower())}/")
    assert body["id"] == public_id


def test_a_former_slug_leads_to_the_record(world: SimpleNamespace, api: Client) -> None:
    build.publishing(do.RenameRecord(record=world.pairs.id, slug="pairs-5b"))
    answer = api.get("/api/v1/records/pairs/")
    assert (answer.status_code, answer["Location"]) == (302, f"/api/v1/datasets/{world.pairs.public_id}/")


def test_a_merged_record_leads_to_the_one_that_speaks_for_it(world: SimpleNamespace, api: Client) -> None:
    build.merge(world.alone, world.crawl)
    for key in ("alone", world.alone.public_id):
        answer = api.get(f"/api/v1/datasets/{key}/")
        assert (answer.status_code, answer["Location"]) == (302, f"/api/v1/datasets/{world.crawl.public_id}/")
    assert [one["slug"] for one in get(api, "/api/v1/datasets/crawl/")["speaks_for"]] == ["alone"]


def test_an_unresolved_name_answers_among_all_records(world: SimpleNamespace, api: Client) -> None:
    body = get(api, "/api/v1/records/UP-X-1/")
    assert body["api_url"].endswith("/api/v1/records/UP-X-1/")


def test_a_family_does_not_hold_records_of_another_kind(world: SimpleNamespace, api: Client) -> None:
    assert "There is no model “pairs”" in problem(api, "/api/v1/models/pairs/", 404)


def test_a_dataset_shows_statements_by_group_with_evidence(world: SimpleNamespace, api: Client) -> None:
    body = get(api, "/api/v1/datasets/pairs/")
    groups = {group["group"]: group for group in body["statements"]}
    assert groups["lineage"]["count"] == 2
    trained = next(row for row in groups["lineage"]["statements"] if row["predicate"] == "trained_on")
    evidence = trained["evidence"][0]
    assert evidence["address"] == "https://example.org/study"
    assert evidence["published"] == "2023-12"
    assert evidence["publisher"]["kind"] == "party"
    assert (evidence["locator"], evidence["stance"], evidence["kind"]) == ("p. 3", "supports", "paper")
    values = {row["predicate"]: (row["value"], row["value_type"]) for row in groups["figure"]["statements"]}
    assert values == {"figure": (585, "integer"), "rate": (3.5, "decimal")}
    unsourced = next(row for row in groups["description"]["statements"] if row["predicate"] == "described_as")
    assert unsourced["needs_source"]
    assert body["not_assessed"] == "Upstream has not assessed which laws apply."


def test_issues_that_reach_an_artifact_say_how(world: SimpleNamespace, api: Client) -> None:
    own = get(api, "/api/v1/datasets/pairs/")["issues_reaching"]
    below = get(api, "/api/v1/products/easel/")["issues_reaching"]
    assert {row["issue"]["slug"]: row["exposure"] for row in own} == {"bias": "present", "hazard": "present"}
    assert {row["issue"]["slug"]: row["exposure"] for row in below} == {"bias": "inherited", "hazard": "inherited"}
    assert [step["statement"] for step in below[0]["path"]] == [world.edges.trained.id, world.edges.used.id]


def test_an_issue_shows_the_artifacts_that_it_reaches(world: SimpleNamespace, api: Client) -> None:
    body = get(api, "/api/v1/issues/hazard/")
    assert [row["artifact"]["slug"] for row in body["artifacts_reached"] if row["exposure"] == "present"] == ["pairs"]
    assert body["fields"]["awaits_editors"]
    assert body["issues_reaching"] is None


def test_a_law_shows_provisions_and_actions(world: SimpleNamespace, api: Client) -> None:
    body = get(api, "/api/v1/legislation/act/")
    assert body["provisions"][0]["locator"] == "Art. 1"
    assert body["actions"][0]["stage"] == "enacted"
    assert body["not_assessed"] is None


def test_retracted_statements_are_counted_not_shown(world: SimpleNamespace, api: Client) -> None:
    build.retract(world.edges.trained)
    body = get(api, "/api/v1/models/painter/")
    assert body["left_out"] == {"refuted": 0, "retracted": 1}
    assert "trained_on" not in [row["predicate"] for group in body["statements"] for row in group["statements"]]


def test_a_statement_answers_by_number(world: SimpleNamespace, api: Client) -> None:
    path = f"/api/v1/statements/{world.edges.trained.id}/"
    body = get(api, path)
    assert (body["subject"]["slug"], body["reads"], body["object"]["slug"]) == ("painter", "was trained on", "pairs")
    check_against_schema(path, body)


def test_an_edition_shows_the_rows_that_it_changed(world: SimpleNamespace, api: Client) -> None:
    body = get(api, "/api/v1/editions/1/")
    assert body["changes"] == len(body["rows"]) > 0
    assert body["rows"][0]["action"] == "insert"
    check_against_schema("/api/v1/editions/1/", body)


@pytest.mark.parametrize(
    "key", ["datasets/crawl", "models/painter", "products/easel", "issues/bias", "legislation/act", "reports/study"]
)
def test_every_kind_is_as_the_schema_says(world: SimpleNamespace, api: Client, key: str) -> None:
    check_against_schema(f"/api/v1/{key}/", get(api, f"/api/v1/{key}/"))


@pytest.mark.parametrize("path", ["/api/v1/", "/api/v1/vocabulary/"])
def test_entrance_and_vocabulary_are_as_the_schema_says(db: None, api: Client, path: str) -> None:
    check_against_schema(path, get(api, path))


def test_an_empty_knowledge_base_answers(db: None, api: Client) -> None:
    assert get(api, "/api/v1/records/") == {"count": 0, "next": None, "previous": None, "results": []}
    assert get(api, "/api/v1/")["edition"] == 0
