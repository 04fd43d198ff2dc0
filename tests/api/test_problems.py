"""Whatever is sent: a clear problem, never a fault of the server, never a page."""

from types import SimpleNamespace

import pytest
from django.test import Client

from tests.api.reading import problem

LISTS = ("datasets", "records", "statements", "editions")


@pytest.mark.parametrize("text", ["%00", "a%00b", "%ff", "%c3%28", "%ed%a0%80", "%f0%28%8c%bc"])
def test_characters_that_no_text_has_are_refused(db: None, api: Client, text: str) -> None:
    for family in LISTS:
        assert "no text has" in problem(api, f"/api/v1/{family}/?q={text}", 400)
        assert "no text has" in problem(api, f"/api/v1/{family}/?{text}=1", 400)


def test_they_are_refused_in_the_path_too(db: None, api: Client) -> None:
    for path in ("records/%00/", "records/%ff/", "lineage/%00/downstream/"):
        problem(api, f"/api/v1/{path}", 400)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("q=" + "x" * 10_000, "q: "),
        ("kind=nonsense", "kind: “nonsense” is not one of its values"),
        ("ordering=nonsense", "ordering: "),
        ("source=nowhere", "source: "),
        ("&".join(f"a{place}=1" for place in range(1_001)), "could not be read"),
    ],
)
def test_bad_values_are_refused_with_one_sentence(world: SimpleNamespace, api: Client, query: str, words: str) -> None:
    assert words in problem(api, f"/api/v1/records/?{query}", 400)


@pytest.mark.parametrize(
    "text", ["'%20OR%201=1--", "%25", "_", "%5C", "%F0%9F%98%80", "%E2%80%AE", "<script>", "UP-D-999999999999999999"]
)
def test_odd_but_legal_texts_are_searched_for(world: SimpleNamespace, api: Client, text: str) -> None:
    assert api.get(f"/api/v1/records/?q={text}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "", "v2/", "v1/nothing/", "v1/datasets/nobody/", "v1/datasets/UP-D-999/", "v1/records/UP-Z-1/", "v1/statements/999999/",
        "v1/statements/99999999999999999999999999/", "v1/editions/0/", "v1/editions/99999999999999999999999999/",
        "v1/statements/x/",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_problem_of_the_api(world: SimpleNamespace, api: Client, path: str) -> None:
    problem(api, f"/api/{path}", 404)


@pytest.mark.parametrize("path", ["v1/", "v1/vocabulary/", "v1/datasets/pairs/", "v1/lineage/pairs/paths/", "schema/", "docs/"])
def test_every_address_is_read_only(world: SimpleNamespace, api: Client, path: str) -> None:
    problem(api, f"/api/{path}", 405, "post")
    problem(api, f"/api/{path}?nonsense=1", 400)


def test_details_take_no_filters(world: SimpleNamespace, api: Client) -> None:
    assert "Parameters are: none" in problem(api, "/api/v1/datasets/pairs/?q=x", 400)


def test_a_problem_names_the_address(world: SimpleNamespace, api: Client) -> None:
    assert api.get("/api/v1/datasets/nobody/").json()["instance"] == "/api/v1/datasets/nobody/"
