"""Erasing: what was deleted is in no byte of SQLite's files, and where that cannot be, it is said."""

import sqlite3

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from kb.accounts.models import User
from tests.raw_files import database_files, files_with

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the bytes of a server's files are not ours to read"),
]

NAME = "quagga at the gate"


def deleted_person() -> None:
    """Somebody who was stored and deleted again."""
    person = User.objects.create_user("a@example.org", credit_name=NAME)
    assert files_with(NAME, database_files())
    person.delete()


def test_erasing_leaves_no_byte_of_what_was_deleted(capsys: pytest.CaptureFixture[str]) -> None:
    deleted_person()
    call_command("erase")
    assert capsys.readouterr().out == "Erased.\n"
    assert files_with(NAME, database_files()) == []


def test_a_reader_that_holds_on_to_the_old_is_named() -> None:
    deleted_person()
    reader = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT COUNT(*) FROM accounts_user").fetchone()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    try:
        with pytest.raises(CommandError, match="Another process reads the database"):
            call_command("erase")
    finally:
        reader.close()
        connection.close()
    call_command("erase")
    assert files_with(NAME, database_files()) == []
