"""Lineage in the API: every edge in JSON and CSV alike, leads apart, and words that promise no more than is known."""

import csv
import io
from types import SimpleNamespace

import pytest
from django.test import Client

from kb.records import changes as do
from tests import build
from tests.api.reading import check_against_schema, get, problem

DOWN = "/api/v1/lineage/crawl/downstream/"


def rows_of(api: Client, address: str) -> list[dict[str, str]]:
    """Return the rows of a CSV answer."""
    answer = api.get(address)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_answers_with_nodes_edges_and_counts(world: SimpleNamespace, api: Client) -> None:
    body = get(api, DOWN)
    assert {node["slug"]: (node["depth"], node["status"]) for node in body["nodes"]} == {
        "pairs": (1, "confirmed"), "painter": (2, "reported"), "easel": (3, "reported"),
    }  # fmt: skip
    assert body["counts"]["by_kind"] == {"dataset": 1, "model": 1, "product": 1}
    assert [edge["id"] for edge in body["edges"]] == [world.edges.collected.id, world.edges.trained.id, world.edges.used.id]
    easel = next(node for node in body["nodes"] if node["slug"] == "easel")
    assert easel["path"] == [world.edges.collected.id, world.edges.trained.id, world.edges.used.id]
    assert all(edge["evidence"] for edge in body["edges"])
    assert body["complete"]
    assert body["statement"] == "Products with a documented path known to Upstream; no market census."
    painter = next(node for node in body["nodes"] if node["slug"] == "painter")
    assert painter["undisclosed_training_data"]


def test_leads_stand_apart(world: SimpleNamespace, api: Client) -> None:
    leads = get(api, DOWN)["leads"]
    assert [node["slug"] for node in leads["nodes"]] == ["gallery"]
    assert [edge["id"] for edge in leads["edges"]] == [world.edges.guessed.id]
    assert leads["counts"]["nodes"] == 1


@pytest.mark.parametrize("query", ["", "?kind=product", "?min_status=reported", "?depth=1", "?predicate=collected_from"])
def test_csv_rows_are_the_edges_of_the_json(world: SimpleNamespace, api: Client, query: str) -> None:
    body = get(api, f"{DOWN}{query}")
    rows = rows_of(api, f"{DOWN}{query}{'&' if query else '?'}format=csv")
    in_json = [("documented", edge) for edge in body["edges"]] + [("lead", edge) for edge in body["leads"]["edges"]]
    assert [
        (row["part"], int(row["number"]), row["child_id"], row["parent_id"], row["predicate"], row["status"]) for row in rows
    ] == [(part, edge["number"], edge["child"], edge["parent"], edge["predicate"], edge["status"]) for part, edge in in_json]
    assert [edge["number"] for _, edge in in_json] == list(range(1, len(in_json) + 1))


def test_csv_names_the_best_evidence_and_runs_no_formula(world: SimpleNamespace, api: Client) -> None:
    row = next(row for row in rows_of(api, f"{DOWN}?format=csv") if row["predicate"] == "trained_on")
    assert row["title"] == "'=HYPERLINK(1)"
    assert (row["stance"], row["quotation_or_gist"], row["date"]) == ("supports", "trained on it", "2023-12")
    assert row["licence"] == "CC BY 4.0"
    disposition = api.get(f"{DOWN}?format=csv")["Content-Disposition"]
    assert disposition.startswith('attachment; filename="upstream-crawl-downstream-edition-')


def test_upstream_goes_the_other_way(world: SimpleNamespace, api: Client) -> None:
    body = get(api, "/api/v1/lineage/easel/upstream/")
    assert [node["slug"] for node in body["nodes"]] == ["painter", "pairs", "crawl"]
    assert body["direction"] == "upstream"


def test_an_empty_answer_says_that_no_path_is_known(world: SimpleNamespace, api: Client) -> None:
    body = get(api, "/api/v1/lineage/alone/downstream/")
    assert (body["statement"], body["nodes"], body["edges"]) == ("No known path.", [], [])


def test_kinds_may_be_repeated_or_joined_by_commas(world: SimpleNamespace, api: Client) -> None:
    repeated, joined = get(api, f"{DOWN}?kind=product&kind=model"), get(api, f"{DOWN}?kind=model,product")
    assert repeated == joined
    assert repeated["filters"] == {"kind": ["model", "product"]}


def test_a_limit_of_depth_is_told(world: SimpleNamespace, api: Client) -> None:
    body = get(api, f"{DOWN}?depth=1")
    assert not body["complete"]
    assert [node["slug"] for node in body["nodes"]] == ["pairs"]


def test_a_past_edition_knows_less(world: SimpleNamespace, api: Client) -> None:
    before = world.edges.trained.edition - 1
    body = get(api, f"{DOWN}?edition={before}")
    assert body["edition"] == before
    assert [node["slug"] for node in body["nodes"]] == ["pairs"]


def test_a_date_is_read_at_its_precision(world: SimpleNamespace, api: Client) -> None:
    assert get(api, f"{DOWN}?on=2021")["nodes"][-1]["slug"] == "pairs"
    assert get(api, f"{DOWN}?on=2022-10")["filters"] == {"on": "2022-10-31"}


def test_paths_lead_down_or_up_to_a_record(world: SimpleNamespace, api: Client) -> None:
    down = get(api, f"/api/v1/lineage/crawl/paths/?to={world.easel.public_id.lower()}")
    up = get(api, "/api/v1/lineage/easel/paths/?to=crawl")
    assert (down["direction"], up["direction"]) == ("downstream", "upstream")
    steps = [step["id"] for step in down["paths"][0]["steps"]]
    assert steps == [step["id"] for step in reversed(up["paths"][0]["steps"])]
    assert (down["paths"][0]["status"], down["paths"][0]["carries"], down["paths"][0]["depth"]) == ("reported", "full", 3)


def test_paths_list_a_shorter_way_that_is_weaker(world: SimpleNamespace, api: Client) -> None:
    build.state(world.easel, "depends_on", world.crawl, status="disputed")
    paths = get(api, "/api/v1/lineage/crawl/paths/?to=easel")["paths"]
    assert [(path["depth"], path["status"]) for path in paths] == [(3, "reported"), (1, "disputed")]


def test_paths_without_a_record_lead_to_each_product(world: SimpleNamespace, api: Client) -> None:
    body = get(api, "/api/v1/lineage/crawl/paths/")
    assert [path["to"]["slug"] for path in body["paths"]] == ["easel"]
    assert [path["to"]["slug"] for path in body["leads"]] == ["gallery"]
    rows = rows_of(api, "/api/v1/lineage/crawl/paths/?format=csv")
    assert {row["child_id"] for row in rows if row["part"] == "lead"} == {world.gallery.public_id}


def test_no_path_between_records_is_said_so(world: SimpleNamespace, api: Client) -> None:
    body = get(api, "/api/v1/lineage/crawl/paths/?to=alone")
    assert (body["statement"], body["paths"], body["leads"]) == ("No known path.", [], [])
    assert rows_of(api, "/api/v1/lineage/crawl/paths/?to=alone&format=csv") == []


def test_a_merged_root_is_read_canonically(world: SimpleNamespace, api: Client) -> None:
    build.publishing(do.MergeRecord(record=world.alone.id, into=world.crawl.id))
    assert get(api, "/api/v1/lineage/alone/downstream/")["root"]["slug"] == "crawl"


def test_etag_tells_forms_apart(world: SimpleNamespace, api: Client) -> None:
    assert api.get(DOWN)["ETag"] != api.get(f"{DOWN}?format=csv")["ETag"]
    answer = api.get(DOWN, headers={"if-none-match": api.get(DOWN)["ETag"]})
    assert answer.status_code == 304


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("depth=-1", 400, "A depth is"), ("depth=x", 400, "not a whole number"),
        ("depth=" + "9" * 5000, 400, "not a whole number"),
        ("edition=99999", 400, "There is no edition 99999"), ("edition=0", 400, "There is no edition 0"),
        ("on=yesterday", 400, "is not a date"), ("on=2023-02-30", 400, "not a date that exists"),
        ("kind=party", 400, "not a kind"), ("predicate=knows", 400, "not a relation"),
        ("min_status=retracted", 400, "not a status"),
        ("format=xml", 400, "json or csv"), ("to=easel", 400, "“to” is not a parameter"), ("nonsense=1", 400, "“nonsense”"),
    ],
)  # fmt: skip
def test_a_bad_question_is_refused_with_one_sentence(
    world: SimpleNamespace, api: Client, query: str, status: int, words: str
) -> None:
    assert words in problem(api, f"{DOWN}?{query}", status)


def test_lineage_of_a_law_is_refused(world: SimpleNamespace, api: Client) -> None:
    problem(api, "/api/v1/lineage/act/downstream/", 400)
    problem(api, "/api/v1/lineage/crawl/paths/?to=act", 400)
    problem(api, "/api/v1/lineage/crawl/paths/?to=easel&kind=product", 400)
    assert "There is no record" in problem(api, "/api/v1/lineage/nobody/downstream/", 404)


@pytest.mark.parametrize("way", ["downstream/", "upstream/", "paths/", "paths/?to=pairs"])
def test_answers_are_as_the_schema_says(world: SimpleNamespace, api: Client, way: str) -> None:
    path = f"/api/v1/lineage/painter/{way}"
    check_against_schema(path.partition("?")[0], get(api, path))
