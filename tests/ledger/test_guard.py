"""The guard refuses, at the statement itself, every write of a public row that no change row announces."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction

from kb.ledger import guard
from kb.ledger.models import Change, Edition, Payload
from kb.ledger.write import _extend_chain, purge, take_pen
from kb.records.models import Name, Record, Statement, StatementVersion
from tests import build
from tests.ledger.tamper import columns, run

pytestmark = pytest.mark.usefixtures("world")

LEDGER = (Change, Edition, Payload)
NEW_ID = 10**9


def refused(sql: str, *values: Any) -> None:
    """The statement itself fails, in the guard's words; nothing waits for the commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        point = transaction.savepoint()
        with pytest.raises(DatabaseError, match="unlogged"):
            cursor.execute(sql, values)
        transaction.savepoint_rollback(point)


def rows(model: type[models.Model]) -> "models.QuerySet[Any]":
    return model._base_manager.order_by("pk")


def test_every_model_of_public_rows_is_guarded() -> None:
    assert len(guard.public_models()) >= 12
    assert {model._meta.db_table for model in guard.public_models()} <= set(guard.guarded_tables())
    assert guard.missing_triggers(connection) == []


def test_the_world_of_these_tests_has_two_rows_in_every_public_table() -> None:
    for model in guard.public_models():
        assert rows(model).count() >= 2


# what Django writes


def test_saving_a_row_is_refused() -> None:
    for model in guard.public_models():
        with pytest.raises(DatabaseError, match="unlogged update"), transaction.atomic():
            rows(model)[0].save()


def test_saving_a_new_row_is_refused() -> None:
    for model in guard.public_models():
        row = rows(model)[0]
        row.id = NEW_ID
        with pytest.raises(DatabaseError, match="unlogged insert"), transaction.atomic():
            row.save(force_insert=True)


def test_updating_a_queryset_is_refused() -> None:
    for model in guard.public_models():
        with pytest.raises(DatabaseError, match="unlogged update"), transaction.atomic():
            rows(model).update(edition=models.F("edition"))


def test_bulk_create_is_refused() -> None:
    for model in guard.public_models():
        row = rows(model)[0]
        row.id = NEW_ID
        with pytest.raises(DatabaseError, match="unlogged insert"), transaction.atomic():
            model._base_manager.bulk_create([row])


def test_bulk_update_is_refused() -> None:
    for model in guard.public_models():
        with pytest.raises(DatabaseError, match="unlogged update"), transaction.atomic():
            model._base_manager.bulk_update(rows(model)[:2], ["edition"])


def test_deleting_a_queryset_is_refused() -> None:
    for model in guard.public_models():
        with pytest.raises(DatabaseError, match="unlogged delete"), transaction.atomic():
            rows(model)._raw_delete(using="default")  # type: ignore[attr-defined]


# what anybody writes


def test_a_raw_insert_is_refused() -> None:
    for model in guard.public_models():
        names, copied = columns(model, id=str(NEW_ID))
        refused(f"INSERT INTO {model._meta.db_table} ({names}) SELECT {copied} FROM {model._meta.db_table} LIMIT 1")


def test_a_raw_update_is_refused() -> None:
    for model in guard.public_models():
        refused(f"UPDATE {model._meta.db_table} SET edition = edition + 1")


def test_a_raw_delete_is_refused() -> None:
    for model in guard.public_models():
        refused(f"DELETE FROM {model._meta.db_table}")


def test_an_insert_over_an_existing_row_is_refused() -> None:
    for model in guard.public_models():
        refused(upsert(model, *columns(model)))


def test_an_insert_that_yields_to_an_existing_row_is_refused_all_the_same() -> None:
    for model in guard.public_models():
        table, (names, copied) = model._meta.db_table, columns(model)
        verb, ending = ("INSERT OR IGNORE", "") if connection.vendor == "sqlite" else ("INSERT", " ON CONFLICT DO NOTHING")
        refused(f"{verb} INTO {table} ({names}) SELECT {copied} FROM {table} WHERE 1 = 1{ending}")


def upsert(model: type[models.Model], names: str, copied: str, conflict: str = "id") -> str:
    """Insert the rows of a table over themselves."""
    table = model._meta.db_table
    select = f"({names}) SELECT {copied} FROM {table} WHERE 1 = 1"
    if connection.vendor == "sqlite":
        return f"INSERT OR REPLACE INTO {table} {select}"
    return f"INSERT INTO {table} {select} ON CONFLICT ({conflict}) DO UPDATE SET {conflict} = EXCLUDED.{conflict}"


def test_emptying_a_guarded_table_is_refused() -> None:
    connection.check_constraints()
    for table in guard.guarded_tables():
        refused(f"TRUNCATE {table} CASCADE" if connection.vendor == "postgresql" else f"DELETE FROM {table}")


# forged announcements


def test_a_sequence_serves_one_write_only() -> None:
    row = rows(Name)[0]
    refused("UPDATE records_name SET version = version + 1, text = 'forged' WHERE id = %s", row.id)
    refused("UPDATE records_name SET text = 'forged' WHERE id = %s", row.id)


def test_the_sequence_of_another_row_announces_nothing() -> None:
    one, other = rows(Name)[:2]
    refused("UPDATE records_name SET version = version + 1, sequence = %s WHERE id = %s", other.sequence, one.id)


def test_a_sequence_that_does_not_exist_announces_nothing() -> None:
    refused("UPDATE records_name SET version = version + 1, sequence = %s WHERE id = %s", NEW_ID, rows(Name)[0].id)


def announce(table: str, row_id: int, version: int, action: str) -> int:
    """Write a change row without the row that it announces."""
    return _extend_chain(take_pen(), "test", "An announcement.", [(table, row_id, version, action, "{}")]).last_sequence


def test_an_announcement_is_good_for_its_row_table_version_and_action_alone() -> None:
    one, other = rows(Name)[:2]
    sequence = announce("records_name", one.id, one.version + 1, "update")
    write = "UPDATE {} SET version = version + {}, sequence = %s WHERE id = %s"
    refused(write.format("records_name", 1), sequence, other.id)
    refused(write.format("records_record", 1), sequence, one.id)
    refused(write.format("records_name", 2), sequence, one.id)
    refused("DELETE FROM records_name WHERE id = %s", one.id)
    run(write.format("records_name", 1), sequence, one.id)
    refused(write.format("records_name", 1), sequence, one.id)


def test_an_announced_update_may_not_move_a_row_to_another_id() -> None:
    one = rows(Name)[0]
    sequence = announce("records_name", one.id, one.version + 1, "update")
    refused("UPDATE records_name SET id = %s, version = version + 1, sequence = %s WHERE id = %s", NEW_ID, sequence, one.id)


def test_an_announced_insert_takes_no_existing_id_and_no_later_version() -> None:
    names, copied = columns(Name, id=str(NEW_ID), version="2", sequence="%s", text="'new'")
    sequence = announce("records_name", NEW_ID, 1, "insert")
    insert = f"INSERT INTO records_name ({names}) SELECT {copied} FROM records_name ORDER BY id LIMIT 1"
    refused(insert, sequence)
    run(insert.replace("2, %s", "1, %s"), sequence)
    refused(upsert(Name, *columns(Name)))


def test_a_deleted_row_does_not_come_back() -> None:
    row = rows(Name)[0]
    names, kept = columns(Name)
    run(f"CREATE TEMPORARY TABLE kept AS SELECT {kept} FROM records_name WHERE id = %s", row.id)
    announce("records_name", row.id, row.version + 1, "delete")
    run("DELETE FROM records_name WHERE id = %s", row.id)
    refused(f"INSERT INTO records_name ({names}) SELECT {kept} FROM kept")


# the ledger's own tables


def test_rows_of_the_ledger_are_never_changed() -> None:
    for model in LEDGER:
        column = {Change: "row_id", Edition: "first_sequence", Payload: "change_id"}[model]  # type: ignore[index]
        refused(f"UPDATE {model._meta.db_table} SET {column} = {column}")


def test_rows_of_the_ledger_are_never_deleted() -> None:
    for model in LEDGER:
        refused(f"DELETE FROM {model._meta.db_table}")


def test_rows_of_the_ledger_are_never_replaced_even_on_a_connection_without_recursive_triggers() -> None:
    for model in LEDGER:
        if connection.vendor == "sqlite":
            run("PRAGMA recursive_triggers = OFF")
        try:
            refused(upsert(model, *columns(model), conflict=str(model._meta.pk and model._meta.pk.column)))
        finally:
            if connection.vendor == "sqlite":
                run("PRAGMA recursive_triggers = ON")


def test_a_change_of_a_row_and_version_is_announced_once() -> None:
    names, copied = columns(Change, sequence=str(NEW_ID))
    refused(f"INSERT INTO ledger_change ({names}) SELECT {copied} FROM ledger_change WHERE sequence = 2")


def test_a_payload_is_emptied_only_where_a_purge_row_says_so() -> None:
    refused("UPDATE ledger_payload SET body = '', salt = '' WHERE change_id = 2")
    announce("ledger_payload", 2, 1, "purge")
    refused("UPDATE ledger_payload SET body = 'other' WHERE change_id = 2")
    refused("UPDATE ledger_payload SET body = '', salt = '', change_id = %s WHERE change_id = 2", NEW_ID)
    refused("UPDATE ledger_payload SET body = '', salt = '' WHERE change_id = 3")
    run("UPDATE ledger_payload SET body = '', salt = '' WHERE change_id = 2")


def test_a_change_that_only_resembles_a_purge_empties_nothing() -> None:
    announce("ledger_payload", 2, 1, "update")
    refused("UPDATE ledger_payload SET body = '', salt = '' WHERE change_id = 2")


# versions of statements


def test_a_version_is_not_rewritten() -> None:
    refused("UPDATE records_statementversion SET status = 'confirmed'")
    refused("UPDATE records_statementversion SET note = 'forged' WHERE died IS NULL")


def test_a_closed_version_is_not_reopened_nor_closed_again() -> None:
    refused("UPDATE records_statementversion SET died = NULL WHERE died IS NOT NULL")
    refused("UPDATE records_statementversion SET died = died + 1 WHERE died IS NOT NULL")


def test_an_open_version_is_closed_only_by_the_edition_of_the_next_one() -> None:
    refused("UPDATE records_statementversion SET died = 3 WHERE died IS NULL")


def test_a_version_is_not_deleted_nor_written_twice() -> None:
    refused("DELETE FROM records_statementversion")
    names, copied = columns(StatementVersion, id="id + 1000")
    refused(f"INSERT INTO records_statementversion ({names}) SELECT {copied} FROM records_statementversion")


def test_a_version_is_not_replaced_even_on_a_connection_without_recursive_triggers() -> None:
    if connection.vendor == "sqlite":
        run("PRAGMA recursive_triggers = OFF")
    try:
        names, copied = columns(StatementVersion, status="'confirmed'")
        refused(upsert(StatementVersion, names, copied))
    finally:
        if connection.vendor == "sqlite":
            run("PRAGMA recursive_triggers = ON")


def test_a_version_of_a_statement_that_was_never_announced_is_refused() -> None:
    names, copied = columns(StatementVersion, id="id + 1000", version="99")
    refused(f"INSERT INTO records_statementversion ({names}) SELECT {copied} FROM records_statementversion")


def test_a_purge_empties_the_texts_of_a_version_and_changes_nothing_else() -> None:
    statement = Statement.objects.filter(version__gt=1).order_by("id")[0]
    first = Change.objects.get(table="records_statement", row_id=statement.id, version=1)
    purge([first.sequence], "editor", "A text had to go.")
    of_first = "WHERE statement_id = %s AND version = 1"
    refused(f"UPDATE records_statementversion SET note = 'back again' {of_first}", statement.id)
    refused(f"UPDATE records_statementversion SET died = died + 1 {of_first}", statement.id)
    refused(f"UPDATE records_statementversion SET status = 'confirmed' {of_first}", statement.id)
    refused(f"UPDATE records_statementversion SET object_id = NULL {of_first}", statement.id)
    refused("UPDATE records_statementversion SET note = '' WHERE statement_id = %s AND version = 2", statement.id)


def test_what_publish_writes_passes_the_guard() -> None:
    before = Record.objects.count()
    build.dataset("Another")
    assert Record.objects.count() == before + 1
