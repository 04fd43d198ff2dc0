"""The schema: stored, so that a change of the API shows in review; complete; and true of real answers.

To renew the stored schema:
    python manage.py spectacular --format openapi-json --file tests/api/openapi.json --validate --fail-on-warn
"""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from kb.api.schema import description
from kb.records.filters import FILTERS_OF, EveryKindFilters, StatementFilters
from kb.records.kinds import KINDS
from kb.records.response_filters import DisputeFilters, ReplyFilters
from tests.api.reading import check_against_schema, get

STORED = Path(__file__).parent / "openapi.json"
FILTERS = {
    **{kind.path: FILTERS_OF[kind.code] for kind in KINDS.values() if kind.code != "unresolved"},
    "records": EveryKindFilters,
    "statements": StatementFilters,
    "replies": ReplyFilters,
    "disputes": DisputeFilters,
}


def test_the_stored_schema_is_the_present_one(tmp_path: Path) -> None:
    made = tmp_path / "openapi.json"
    call_command("spectacular", "--format", "openapi-json", "--file", str(made), "--validate", "--fail-on-warn")
    assert json.loads(made.read_text()) == json.loads(STORED.read_text()), __doc__


@pytest.mark.parametrize("family", FILTERS)
def test_every_filter_is_documented_by_its_label(family: str) -> None:
    parameters = {one["name"]: one for one in description()["paths"][f"/api/v1/{family}/"]["get"]["parameters"]}
    filters = FILTERS[family].base_filters
    assert set(parameters) == {*filters, "page", "page_size"}
    for name, one in filters.items():
        assert str(one.label) in parameters[name]["description"]


def test_every_address_may_answer_with_a_problem() -> None:
    for path, methods in description()["paths"].items():
        for method, one in methods.items():
            sent = ("409", "413", "415", "422", "429") if method == "post" else ()
            for code in ("400", "404", "405", "410", "503", *sent):
                assert "application/problem+json" in one["responses"][code]["content"], path


def test_only_proposals_take_anything() -> None:
    taking = {path for path, methods in description()["paths"].items() if set(methods) != {"get"}}
    assert all(path.startswith("/api/v1/proposals/") for path in taking)
    assert len(taking) == 3


def test_every_address_and_shape_is_described() -> None:
    for path, methods in description()["paths"].items():
        assert all(one["description"] for one in methods.values()), path
    for name, shape in description()["components"]["schemas"].items():
        if shape.get("type") == "object" and not name.startswith("Paginated"):
            assert shape["description"], name


def test_the_schema_is_served(db: None, api: Client) -> None:
    assert get(api, "/api/schema/")["openapi"].startswith("3.")


def test_the_founding_world_is_as_the_schema_says(founding: None, api: Client) -> None:
    for family in (*FILTERS, "editions"):
        page = f"/api/v1/{family}/?page_size=200"
        check_against_schema(f"/api/v1/{family}/", get(api, page))
    for row in get(api, "/api/v1/records/?page_size=200&ordering=-edition")["results"][::8]:
        path = row["api_url"].partition("//")[2].partition("/")[2]
        check_against_schema(f"/{path}", get(api, f"/{path}"))
    for way in ("downstream", "upstream", "paths"):
        path = f"/api/v1/lineage/laion-5b/{way}/"
        check_against_schema(path, get(api, path))


def test_the_founding_question_is_answered(founding: None, api: Client) -> None:
    body = get(api, "/api/v1/lineage/laion-5b/downstream/?kind=product")
    assert body["counts"]["by_kind"]["product"] >= 1
    assert all(edge["evidence"] for edge in body["edges"])
    paths = get(api, "/api/v1/lineage/laion-5b/paths/?to=stable-diffusion-v1-5")["paths"]
    assert paths[0]["depth"] >= 2
