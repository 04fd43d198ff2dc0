"""Answers that a process keeps are those of the first reader, and never kept across editions."""

from types import SimpleNamespace

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import build
from tests.api.reading import get


def test_a_second_reader_costs_one_query(world: SimpleNamespace, api: Client) -> None:
    first = api.get("/api/v1/datasets/pairs/")
    with CaptureQueriesContext(connection) as queries:
        second = api.get("/api/v1/datasets/pairs/")
    assert len(queries) == 1
    assert (second.content, second["ETag"], second["Content-Type"]) == (first.content, first["ETag"], first["Content-Type"])


def test_what_is_kept_is_told_with_the_headers_of_the_first_answer(world: SimpleNamespace, api: Client) -> None:
    first, second = (api.get("/api/v1/datasets/pairs/") for _ in range(2))
    assert dict(second.headers) == dict(first.headers)


def test_who_has_what_is_kept_is_told_so(world: SimpleNamespace, api: Client) -> None:
    etag = api.get("/api/v1/datasets/pairs/")["ETag"]
    again = api.get("/api/v1/datasets/pairs/", headers={"if-none-match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)


def test_a_method_that_is_not_there_is_refused_although_the_answer_is_kept(world: SimpleNamespace, api: Client) -> None:
    api.get("/api/v1/datasets/pairs/")
    assert api.delete("/api/v1/datasets/pairs/").status_code == 405


def test_a_new_edition_is_read_anew(world: SimpleNamespace, api: Client) -> None:
    before = get(api, "/api/v1/datasets/")["count"]
    build.dataset("A newcomer")
    assert get(api, "/api/v1/datasets/")["count"] == before + 1


def test_problems_are_not_kept(world: SimpleNamespace, api: Client) -> None:
    assert api.get("/api/v1/datasets/newcomer/").status_code == 404
    assert "ETag" not in api.get("/api/v1/datasets/newcomer/")
