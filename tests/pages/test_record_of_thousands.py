"""The page of a record with very many statements: bounded lists, exact counts, and pages on which all of them stand."""

import re
from collections.abc import Iterable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.pages import reached, record_lines, statements_page
from kb.records.models import Statement
from tests import build
from tests.pages.hubs import make_hub
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db
AVAILABILITY_CODES = ("available", "gated", "restricted", "withdrawn", "taken_down")


def hub(name: str, children: int) -> str:
    """The address of a dataset with so many models."""
    return f"/r/{make_hub(name, children)}/"


def numbers_on(client: Client, path: str) -> list[int]:
    """The statements that have a place on a page, in their order."""
    return [int(number) for number in re.findall(r'<li class="line" id="s(\d+)"', client.get(path).content.decode())]


def everywhere(client: Client, path: str, pages: Iterable[int]) -> list[int]:
    return [number for page in pages for number in numbers_on(client, f"{path}statements/?page={page}")]


def test_a_long_list_shows_sixty_lines_says_how_many_more_there_are_and_leads_to_all_of_them(client: Client) -> None:
    path = hub("Hub", 230)
    said = text_of(client, path)
    assert len(numbers_on(client, path)) == 60
    assert "170 more are not shown here. All 230 stand in a list with their evidence , and those that lineage follows in" in said
    html = client.get(path).content.decode()
    assert '<a href="/r/hub/statements/#children">' in html
    assert '<a href="/lineage/hub/steps/?direction=downstream&amp;depth=1">' in html
    steps = text_of(client, "/lineage/hub/steps/?direction=downstream&depth=1")
    assert "230 documented steps" in steps


def test_every_statement_stands_once_on_the_pages_of_all_of_them(client: Client) -> None:
    path = hub("Hub", 230)
    found = everywhere(client, path, (1, 2, 3))
    assert sorted(found) == sorted(Statement.objects.values_list("id", flat=True))
    assert len(numbers_on(client, f"{path}statements/")) == 100
    first, last = text_of(client, f"{path}statements/"), text_of(client, f"{path}statements/?page=3")
    assert "All statements about Hub 230 statements , each with its evidence." in first
    assert "Built into (230)" in first and "Page 1 of 3" in first
    assert "Built into (230, continued)" in last and "Hub model 0229" in last
    assert client.get(f"{path}statements/?page=4").status_code == 404


def test_the_page_and_its_statements_need_as_many_queries_for_hundreds_as_for_a_few(client: Client, nothing_kept: None) -> None:
    counts: dict[str, list[int]] = {"": [], "statements/": []}
    for name, children in (("Small", 61), ("Large", 700)):
        path = hub(name, children)
        for below, queries in counts.items():
            client.get(path + below)
            with CaptureQueriesContext(connection) as counted:
                client.get(path + below)
            queries.append(len(counted))
    assert all(large <= small for small, large in counts.values()), counts


def test_a_page_within_the_limit_says_nothing_of_more(client: Client) -> None:
    path = hub("Hub", 60)
    assert len(numbers_on(client, path)) == 60
    assert "more are not shown" not in text_of(client, path)


def test_what_anybody_disputed_is_never_among_what_is_not_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_lines, "MOST", 3)
    path = hub("Hub", 9)
    last = Statement.objects.order_by("-id")[0]
    assert last.id not in numbers_on(client, path)
    build.dispute(last.subject, statement=last)
    shown = numbers_on(client, path)
    assert len(shown) == 3 and last.id in shown and shown == sorted(shown)
    assert "6 more are not shown here. All 9 stand" in text_of(client, path)


def test_what_the_page_itself_points_to_is_always_on_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_lines, "MOST", 2)
    data = build.dataset("Hub")
    for day, code in enumerate(AVAILABILITY_CODES, 1):
        build.state(data, "availability", code, start=f"2024-01-{day:02}")
    for word in ("one", "two", "three", "four"):
        build.state(data, "described_as", f"Described in {word}.")
    html = client.get("/r/hub/").content.decode()
    pointed = set(re.findall(r'href="#(s\d+)"', html))
    assert len(pointed) == 2
    assert pointed <= set(re.findall(r' id="(s\d+)"', html))
    assert "3 more are not shown here. All 5 stand" in text_of(client, "/r/hub/")


def test_a_statement_leads_to_where_it_stands_even_where_the_page_has_no_room_for_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_lines, "MOST", 2)
    monkeypatch.setattr(record_lines, "A_PAGE", 2)
    monkeypatch.setattr(statements_page, "A_PAGE", 2)
    data = build.dataset("Hub")
    for day, code in enumerate(AVAILABILITY_CODES, 1):
        build.state(data, "availability", code, start=f"2024-01-{day:02}")
    for number in Statement.objects.values_list("id", flat=True):
        html = client.get(f"/statements/{number}/").content.decode()
        (address,) = re.findall(r'<a class="sm" href="([^"]+)">where it stands there</a>', html)
        page, _, anchor = address.partition("#")
        assert anchor == f"s{number}"
        assert number in numbers_on(client, page)


def test_the_counts_of_a_finding_hold_for_all_of_its_impacts(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_lines, "MOST", 2)
    monkeypatch.setattr(reached, "MOST", 2)
    issue = build.issue("Bias")
    for number in range(5):
        build.state(issue, "impact", build.model(f"Model {number}"), qualifier="affected")
    said = text_of(client, f"/r/{issue.slug}/")
    assert "3 more are not shown here. All 5 stand in a list" in said
    assert "Present in it (5)" in said
    assert "3 more are not shown here. All of them are in the record's JSON ." in said


def test_a_former_name_leads_to_the_statements_of_the_record(client: Client) -> None:
    record = build.dataset("Hub")
    answer = client.get(f"/r/{record.public_id}/statements/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/r/hub/statements/")
    assert "No statement is on record." in text_of(client, "/r/hub/statements/")
