"""Prepared queries find what the ORM finds, and make their words once."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db.models import QuerySet

from kb.core.prepared import CHUNK, Prepared
from kb.ledger.models import Change
from kb.records.models import Evidence, Record
from tests import build

pytestmark = pytest.mark.django_db


def by_id(ids: list[int]) -> "QuerySet[Record]":
    return Record.objects.filter(id__in=ids).order_by("id")


def counting(build: "Callable[..., QuerySet[Record]]") -> "tuple[Callable[..., QuerySet[Record]], list[int]]":
    """The same, and the length of the list each time that it was called."""
    calls: list[int] = []

    def built(ids: list[int]) -> "QuerySet[Record]":
        calls.append(len(ids))
        return build(ids)

    return built, calls


@pytest.mark.parametrize("length", range(6))
def test_models_are_found_as_the_orm_finds_them(length: int) -> None:
    records = [build.dataset(f"Data {place}") for place in range(6)]
    ids = [record.id for record in records[:length]]
    found = Prepared(by_id).among([*reversed(ids), *ids])
    columns = [field.attname for field in Record._meta.concrete_fields]
    shown = [[getattr(row, column) for column in columns] for row in found]
    assert shown == [[getattr(row, column) for column in columns] for row in by_id(ids)]
    assert all(row._state.db == "default" and not row._state.adding for row in found)


def test_what_was_found_can_be_followed_to_other_records() -> None:
    statement = build.state(build.model("SD"), "trained_on", build.dataset("LAION"))
    row = Prepared(lambda ids: Evidence.objects.filter(statement__in=ids)).among([statement.id])[0]
    assert row.statement == statement and row.report.report.publisher is not None


def test_values_are_what_the_fields_hold() -> None:
    days = Prepared(lambda kind: Evidence.objects.filter(stance=kind).values_list("id", "accessed", "report__withdrawn"))
    build.state(build.model("SD"), "trained_on", build.dataset("LAION"), evidence=[build.says(accessed=date(2026, 3, 4))])
    assert [(accessed, withdrawn) for _, accessed, withdrawn in days("supports")] == [(date(2026, 3, 4), None)]


def test_flat_lists_are_flat() -> None:
    records = [build.dataset("One"), build.dataset("Two")]
    names = Prepared(lambda ids: Record.objects.filter(id__in=ids).order_by("name").values_list("name", flat=True))
    assert names.among([record.id for record in records]) == ["One", "Two"]


def test_more_numbers_than_a_database_takes_are_asked_for_in_parts() -> None:
    record = build.dataset("Far away")
    built, calls = counting(by_id)
    assert [row.id for row in Prepared(built).among(range(record.id - CHUNK * 2, record.id + 1))][-1] == record.id
    assert calls == [CHUNK, 1]


def test_the_words_are_made_once_for_lists_of_about_the_same_length() -> None:
    build.dataset("One")
    built, calls = counting(by_id)
    query = Prepared(built)
    for ids in ([1, 2, 3], [4, 5, 6, 7], [8, 9, 10], [1]):
        query.among(ids)
    assert calls == [4, 1]


def test_numbers_texts_and_a_list_each_go_to_their_places() -> None:
    one, other = build.dataset("One"), build.dataset("Other")
    query = Prepared(
        lambda ids, table, edition: Change.objects.filter(table=table, row_id__in=ids, edition_id__lte=edition).values_list(
            "row_id"
        )
    )
    assert query.among([one.id, other.id], "records_record", one.edition) == [(one.id,)]
    assert query.among([one.id], "records_name", one.edition) == []


def test_a_query_that_leaves_a_value_out_is_refused() -> None:
    query = Prepared(lambda ids, kind: Record.objects.filter(id__in=ids))
    with pytest.raises(ValueError, match="use all of its values"):
        query.among([1], "dataset")
