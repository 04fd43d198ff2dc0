"""What every list of the API does, from one shared base; each list adds only what is its own."""

from abc import ABC, abstractmethod
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.ledger.models import PublicRow
from kb.records.models import Record, Statement
from tests import build
from tests.api.reading import check_against_schema, get, problem


class ListOfTheAPI:
    """The shared base. `rows` is how many the small world has at least."""

    address = ""
    rows = 1
    takes_q = True

    @pytest.fixture(autouse=True)
    def _world(self, world: SimpleNamespace, api: Client) -> None:
        self.world, self.api = world, api

    def results(self, query: str = "") -> list[dict[str, Any]]:
        return list(get(self.api, f"{self.address}{query}")["results"])

    def test_answers_with_count_next_previous_and_results(self) -> None:
        body = get(self.api, self.address)
        assert list(body) == ["count", "next", "previous", "results"]
        assert body["count"] == len(body["results"]) >= self.rows

    def test_answer_is_as_the_schema_says(self) -> None:
        check_against_schema(self.address, get(self.api, self.address))

    def test_pages_hold_every_row_once(self) -> None:
        whole, page, walked = self.results(), f"{self.address}?page_size=1", []
        while page:
            body = get(self.api, page)
            walked += body["results"]
            page = body["next"]
        assert walked == whole
        assert (body["previous"] is None) == (len(whole) == 1)

    def test_refuses_a_page_that_is_no_number_in_range(self) -> None:
        for query in ("page=0", "page=-1", "page=x", "page_size=0", "page_size=201", "page_size=", "page=1e9"):
            assert query.partition("=")[0] in problem(self.api, f"{self.address}?{query}", 400)

    def test_a_page_after_the_last_is_not_found(self) -> None:
        assert "Pages run from 1 to" in problem(self.api, f"{self.address}?page=999", 404)

    def test_refuses_an_unknown_parameter(self) -> None:
        assert "“nonsense” is not a parameter here" in problem(self.api, f"{self.address}?nonsense=1", 400)

    def test_search_finds_nothing_where_nothing_matches(self) -> None:
        if self.takes_q:
            assert self.results("?q=no-such-thing-anywhere") == []

    def test_head_answers_like_get_without_a_body(self) -> None:
        answer = self.api.head(self.address)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer["ETag"] == self.api.get(self.address)["ETag"]

    def test_answers_304_until_the_next_edition(self) -> None:
        etag = self.api.get(self.address)["ETag"]
        answer = self.api.get(self.address, headers={"if-none-match": f'"other", {etag}'})
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
        assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
        build.dataset("A newcomer")
        assert self.api.get(self.address, headers={"if-none-match": etag}).status_code == 200

    def test_etag_differs_between_addresses(self) -> None:
        assert self.api.get(self.address)["ETag"] != self.api.get(f"{self.address}?page=1")["ETag"]

    def test_refuses_other_methods(self) -> None:
        for method in ("post", "put", "patch", "delete"):
            assert "GET, HEAD, OPTIONS" in problem(self.api, self.address, 405, method)

    def test_is_open_to_every_origin(self) -> None:
        assert self.api.get(self.address)["Access-Control-Allow-Origin"] == "*"
        assert self.api.options(self.address)["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"

    def test_an_address_without_its_last_slash_is_sent_on(self) -> None:
        answer = self.api.get(f"{self.address.removesuffix('/')}?page=1")
        assert (answer.status_code, answer["Location"]) == (301, f"{self.address}?page=1")

    def test_asks_the_database_the_same_number_of_times_whatever_the_page_size(self) -> None:
        build.state(self.world.easel, "depends_on", self.world.alone)
        assert self._queries("?page_size=1") >= self._queries("?page_size=200") - self.slack

    # A page with one row may have nothing to read along, such as evidence that names no voice.
    slack = 0

    def _queries(self, query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            get(self.api, f"{self.address}{query}")
        return len(queries)


class TestDatasets(ListOfTheAPI):
    address = "/api/v1/datasets/"
    rows = 3

    def test_searches_by_name_alias_identifier_and_id(self) -> None:
        for text in ("pairs-5b", "PAIRS", "10.1000/pairs", self.world.pairs.public_id.lower()):
            assert self.world.pairs.public_id in [row["id"] for row in self.results(f"?q={text}")]

    def test_a_row_names_page_address_and_sources(self) -> None:
        row = next(row for row in self.results() if row["slug"] == "pairs")
        assert row["url"].endswith("/r/pairs/")
        assert row["api_url"].endswith(f"/api/v1/datasets/{self.world.pairs.public_id}/")
        assert row["sources"][0]["licence"] == "CC BY 4.0"
        assert row["identifiers"] == [
            {"scheme": "doi", "label": "DOI", "value": "10.1000/pairs", "link": "https://doi.org/10.1000/pairs"}
        ]

    def test_merged_records_are_not_listed(self) -> None:
        build.merge(self.world.alone, self.world.crawl)
        assert "alone" not in [row["slug"] for row in self.results()]

    def test_orders_as_asked(self) -> None:
        assert [row["slug"] for row in self.results("?ordering=-id")] == ["alone", "pairs", "crawl"]


class TestModels(ListOfTheAPI):
    address = "/api/v1/models/"

    def test_filters_by_disclosure(self) -> None:
        assert [row["slug"] for row in self.results("?training_data=not_disclosed")] == ["painter"]
        assert self.results("?training_data=disclosed") == []


class TestProducts(ListOfTheAPI):
    address = "/api/v1/products/"
    rows = 2


class TestIssues(ListOfTheAPI):
    address = "/api/v1/issues/"
    rows = 2

    def test_a_hazard_awaits_editors(self) -> None:
        assert {row["slug"]: row["fields"]["awaits_editors"] for row in self.results()} == {"bias": False, "hazard": True}


class TestReports(ListOfTheAPI):
    address = "/api/v1/reports/"


class TestLegislation(ListOfTheAPI):
    address = "/api/v1/legislation/"


class TestParties(ListOfTheAPI):
    address = "/api/v1/parties/"


class TestRecords(ListOfTheAPI):
    address = "/api/v1/records/"
    rows = 10

    def test_filters_by_kind(self) -> None:
        assert [row["slug"] for row in self.results("?kind=unresolved")] == ["painter-name"]

    def test_holds_every_kind(self) -> None:
        kinds = {"dataset", "model", "product", "issue", "report", "legislation", "party", "unresolved"}
        assert {row["kind"] for row in self.results("?page_size=200")} == kinds


class TestStatements(ListOfTheAPI):
    address = "/api/v1/statements/"
    rows = 10
    takes_q = False
    slack = 4

    def test_filters_by_either_end(self) -> None:
        found = self.results("?object=pairs&predicate=trained_on")
        assert [row["id"] for row in found] == [self.world.edges.trained.id]
        assert found[0]["evidence"][0]["quotation"] == "trained on it"

    def test_retracted_ones_are_listed_when_asked_for(self) -> None:
        build.retract(self.world.edges.used)
        number = self.world.edges.used.id
        assert number not in [row["id"] for row in self.results()]
        assert [row["id"] for row in self.results("?status=retracted")] == [number]

    def test_an_end_that_is_not_on_record_is_not_found(self) -> None:
        assert "There is no record “nobody”" in problem(self.api, f"{self.address}?subject=nobody", 404)


class _Responses(ListOfTheAPI, ABC):
    """Both lists of responses: two rows about the issue, one of them about its statement, and one about a dataset."""

    rows = 3
    takes_q = False

    @abstractmethod
    def respond(self, record: Record, **more: Any) -> PublicRow:
        """Put a response to a record on file."""

    @pytest.fixture(autouse=True)
    def _responses(self, _world: None) -> None:
        impact = Statement.objects.get(predicate="impact", subject=self.world.bias)
        self.about_issue = self.respond(self.world.bias, by=self.world.maker)
        self.about_impact = self.respond(self.world.bias, by=self.world.press, statement=impact)
        self.about_crawl = self.respond(self.world.crawl)

    def ids(self, query: str) -> list[int]:
        return [row["id"] for row in self.results(query)]

    def test_filters_by_record_and_party(self) -> None:
        assert self.ids("?record=bias") == [self.about_issue.id, self.about_impact.id]
        assert self.ids(f"?record={self.world.crawl.public_id}") == [self.about_crawl.id]
        assert self.ids("?party=maker") == [self.about_issue.id]
        assert self.ids("?record=crawl&party=maker") == []
        assert "There is no record “nobody”" in problem(self.api, f"{self.address}?party=nobody", 404)

    def test_refuses_a_state_that_there_is_not(self) -> None:
        assert "is not one of its values" in problem(self.api, f"{self.address}?state=nonsense", 400)

    def test_leaves_out_what_is_about_a_withdrawn_record(self) -> None:
        build.withdraw(self.world.crawl)
        assert self.ids("") == [self.about_issue.id, self.about_impact.id]
        build.withdraw(self.world.pairs)
        assert self.ids("") == [self.about_issue.id]


class TestReplies(_Responses):
    address = "/api/v1/replies/"

    def respond(self, record: Record, **more: Any) -> PublicRow:
        return build.reply(record, **more)

    def test_filters_by_state(self) -> None:
        silent = build.reply(self.world.hazard, state="no_response")
        assert self.ids("?state=no_response") == [silent.id]
        assert self.results("?state=no_response")[0]["summary"].endswith(
            "no reply by 16 January 2024. This is not evidence of fault."
        )

    def test_a_row_has_the_reply_verbatim(self) -> None:
        row = self.results("?party=press")[0]
        assert (row["text"], row["state"], row["answered"]) == ("We have looked into it.", "received", "2024-01-09")
        assert row["statement"] == Statement.objects.get(predicate="impact", subject=self.world.bias).id


class TestDisputes(_Responses):
    address = "/api/v1/disputes/"

    def respond(self, record: Record, **more: Any) -> PublicRow:
        return build.dispute(record, **more)

    def test_filters_by_state(self) -> None:
        row = build.dispute(self.world.hazard)
        build.decide(row, "partly_upheld")
        assert self.ids("?state=partly_upheld") == [row.id]
        assert row.id not in self.ids("?state=under_review")

    def test_a_row_has_the_outcome_once_it_is_decided(self) -> None:
        row = build.dispute(self.world.hazard)
        assert self.results("?record=hazard")[0]["outcome"] is None
        build.decide(row)
        decided = self.results("?record=hazard")[0]
        assert (decided["state"], decided["decided"], decided["outcome"]) == ("upheld", "2024-03-01", "The source was misread.")


class TestEditions(ListOfTheAPI):
    address = "/api/v1/editions/"
    rows = 3
    takes_q = False

    def test_newest_first_with_reason(self) -> None:
        rows = self.results()
        assert [row["number"] for row in rows] == list(range(len(rows), 0, -1))
        assert rows[0]["reason"] == build.REASON
        assert rows[0]["actor"] == build.ACTOR
