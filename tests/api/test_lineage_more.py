"""More of lineage in the API: how many paths there are beside, what changed in between, and two artifacts side by side."""

from types import SimpleNamespace

import pytest
from django.test import Client

from kb.ledger.write import current_edition
from kb.records import changes as do
from tests import build
from tests.api.reading import check_against_schema, get, problem

PATHS = "/api/v1/lineage/crawl/paths/?to=easel"
DIFF = "/api/v1/lineage/crawl/diff/"
COMPARE = "/api/v1/compare/"


@pytest.fixture
def ways(world: SimpleNamespace) -> SimpleNamespace:
    """Three more ways from the crawl to the easel."""
    for name in ("One", "Two", "Three"):
        way = build.model(name)
        build.state(way, "trained_on", world.crawl)
        build.state(world.easel, "uses_model", way)
    return world


def test_paths_come_best_first_and_the_rest_is_counted(ways: SimpleNamespace, api: Client) -> None:
    body = get(api, f"{PATHS}&k=2")
    assert [path["depth"] for path in body["paths"]] == [2, 2]
    assert body["more"] == {"count": 2, "exact": True}
    assert body["equally_good"] == {"count": 3, "exact": True}
    everything = get(api, PATHS)
    assert [path["depth"] for path in everything["paths"]] == [2, 2, 2, 3]
    assert everything["more"] == {"count": 0, "exact": True}
    check_against_schema("/api/v1/lineage/crawl/paths/", body)


def test_without_a_record_to_go_to_nothing_is_counted(world: SimpleNamespace, api: Client) -> None:
    body = get(api, "/api/v1/lineage/crawl/paths/")
    assert (body["more"], body["equally_good"]) == (None, None)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("to=easel&k=0", "From 1 to 20 paths"), ("to=easel&k=21", "From 1 to 20 paths"), ("to=easel&k=all", "not a whole number"),
        ("k=3", "together with a record to go to"),
    ],
)  # fmt: skip
def test_a_number_of_paths_out_of_range_is_refused(world: SimpleNamespace, api: Client, query: str, words: str) -> None:
    assert words in problem(api, f"/api/v1/lineage/crawl/paths/?{query}", 400)


def test_a_difference_names_products_steps_and_why_a_step_is_lost(world: SimpleNamespace, api: Client) -> None:
    first = current_edition()
    edition = build.publishing(do.RetractStatement(statement=world.edges.trained.id), reason="The card was corrected.")
    assert edition is not None
    body = get(api, f"{DIFF}?from={first}&to={edition.number}")
    assert [(node["slug"], node["broken_at"]) for node in body["products"]["lost"]] == [
        ("easel", world.edges.trained.id), ("gallery", world.edges.trained.id),
    ]  # fmt: skip
    because = {edge["id"]: edge["because"] for edge in body["edges"]["lost"]}[world.edges.trained.id]
    assert because == {"how": "retracted", "edition": edition.number, "reason": "The card was corrected."}
    assert body["moments"] == {"from_edition": first, "to_edition": edition.number, "from_date": None, "to_date": None}
    check_against_schema(DIFF, body)
    back = get(api, f"/api/v1/lineage/easel/diff/?direction=upstream&from={first}")
    assert [node["slug"] for node in back["others"]["lost"]] == ["pairs", "crawl"]


def test_a_difference_of_nothing_says_so(world: SimpleNamespace, api: Client) -> None:
    body = get(api, f"{DIFF}?from={current_edition()}")
    assert body["statement"] == "Nothing changed in between."
    assert not body["edges"]["gained"]


def test_two_days_are_compared_in_the_newest_edition(world: SimpleNamespace, api: Client) -> None:
    body = get(api, f"{DIFF}?from_date=2021&to_date=2024")
    assert body["moments"]["to_date"] == "2024-12-31"
    check_against_schema(DIFF, body)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=3&to=2", "comes after edition 2"), ("to=99999", "There is no edition 99999"),
        ("from=x", "not the number of an edition"),
        ("from=1&from_date=2024", "not an edition with a date"), ("to_date=2024", "Give the earlier date too"),
        ("from_date=2024&to_date=2023", "give the earlier date first"), ("from_date=1066", "out of range"),
        ("direction=both", "downstream or upstream"), ("since=1", "“since” is not a parameter"),
    ],
)  # fmt: skip
def test_moments_that_contradict_are_refused_in_one_sentence(world: SimpleNamespace, api: Client, query: str, words: str) -> None:
    assert words in problem(api, f"{DIFF}?{query}", 400)


def test_two_artifacts_stand_side_by_side_with_leads_and_classes_apart(ways: SimpleNamespace, api: Client) -> None:
    body = get(api, f"{COMPARE}?a=easel&b=gallery")
    assert {row["record"]["slug"] for row in body["shared"]} == set()
    assert {row["record"]["slug"] for row in body["shared_leads"]} == {"painter", "pairs", "crawl"}
    assert {node["slug"] for node in body["only_a"]} == {"one", "two", "three"}
    assert all(set(row) == {"exposure", "a", "b"} for row in body["issues"])
    assert "severity" not in str(body)
    check_against_schema(COMPARE, body)
    both = get(api, f"{COMPARE}?a=Easel&b={ways.painter.public_id}")
    assert {row["record"]["slug"] for row in both["shared"]} == {"pairs", "crawl"}


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("a=easel", 400, "b: name a dataset, model or product"), ("a=easel&b=easel", 400, "name two different records"),
        ("a=easel&b=nobody", 404, "b: there is no dataset, model or product “nobody”"),
        ("a=act&b=easel", 400, "Lineage runs through"),
        ("a=easel&b=" + "x" * 300, 400, "at most 200 characters"), ("a=easel&c=1", 400, "“c” is not a parameter"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused_in_one_sentence(
    world: SimpleNamespace, api: Client, query: str, status: int, words: str
) -> None:
    assert words in problem(api, f"{COMPARE}?{query}", status)


def test_an_ambiguous_name_is_refused_with_the_candidates(world: SimpleNamespace, api: Client) -> None:
    one, other = build.model("Same name"), build.dataset("Same name")
    words = problem(api, f"{COMPARE}?a=Same name&b=easel", 400)
    assert "may be any of these" in words
    assert one.public_id in words and other.public_id in words
