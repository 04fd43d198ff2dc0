"""Reading now, and as it was at an edition."""

import pytest

from kb.ledger.write import current_edition, purge
from kb.records import changes as do
from kb.records.models import Record
from kb.records.queries import (
    editions_touching,
    matching,
    records_by_id,
    same_name,
    statements_about,
    versions_by_statement,
)
from tests import build

pytestmark = pytest.mark.django_db


def test_a_record_is_read_as_it_was_at_an_edition() -> None:
    record = build.dataset("LAION-5B")
    before = current_edition()
    build.publishing(do.RenameRecord(record=record.id, name="LAION 5 billion"))
    later = build.dataset("Later")
    ids = [record.id, later.id, 999]
    assert {row.name for row in records_by_id(ids).values()} == {"LAION 5 billion", "Later"}
    past = records_by_id(ids, before)
    assert {row.id: (row.name, row.public_id, row.slug) for row in past.values()} == {
        record.id: ("LAION-5B", "UP-D-1", "laion-5b")
    }


def test_what_was_purged_is_missing_from_the_past_and_there_now() -> None:
    record = build.dataset("LAION-5B")
    build.publishing(do.RenameRecord(record=record.id, name="LAION 5 billion"))
    purge([2], "editor", "A name had to go.")
    assert records_by_id([record.id], 1) == {}
    assert records_by_id([record.id])[record.id].name == "LAION 5 billion"


def test_a_statement_has_the_version_that_was_alive_at_an_edition() -> None:
    statement = build.state(build.model("Net"), "trained_on", build.dataset("Data"))
    born = current_edition()
    amended = build.amend(statement, note="A note.")
    build.dataset("Something else")
    alive = {edition: versions_by_statement([statement.id], edition) for edition in range(1, current_edition() + 1)}
    assert [edition for edition in alive if not alive[edition]] == list(range(1, born))
    assert alive[born][statement.id].note == ""
    assert {alive[edition][statement.id].note for edition in range(amended.edition, current_edition() + 1)} == {"A note."}


def test_many_ids_are_read_in_chunks() -> None:
    refs: dict[str, int] = {}
    changes = [do.CreateRecord(ref=str(number), kind="dataset", name=f"Data {number}") for number in range(1100)]
    build.publishing(*changes, refs=refs)
    assert len(records_by_id(refs.values())) == len(records_by_id(refs.values(), 1)) == 1100


def test_records_are_found_by_name_alias_identifier_and_id() -> None:
    record = build.dataset("Größe", aliases={"The Size": False}, identifiers=[("wikidata", "Q42")])
    build.dataset("Other")
    for text in ("grosse", "GRÖSSE", "the siz", "q42", "UP-D-1", " up-d-1 "):
        assert list(matching(Record.objects.all(), text)) == [record], text
    for text in ("", "  ", "!!", "nothing"):
        assert record not in matching(Record.objects.exclude(identifiers__isnull=False), text)


def test_records_of_the_same_name_point_to_each_other_unless_it_is_ambiguous() -> None:
    one, other = build.dataset("Dragonfly"), build.model("DRAGON-FLY", aliases={"Dragonfly": False})
    build.product("Insect", aliases={"Dragonfly": True})
    assert same_name(one) == [other]
    build.merge(build.dataset("dragonfly"), one)
    assert same_name(one) == [other]


def test_statements_and_editions_of_a_record_are_those_of_both_ends() -> None:
    data, net = build.dataset("Data"), build.model("Net")
    link = build.state(net, "trained_on", data)
    elsewhere = build.state(build.model("Other"), "trained_on", build.dataset("More"))
    assert [row.id for row in statements_about([data])] == [row.id for row in statements_about([net])] == [link.id]
    numbers = [edition.number for edition in editions_touching([data])]
    assert numbers == sorted({data.edition, link.edition}, reverse=True)
    assert elsewhere.edition not in numbers
