"""The guard stands again after migrations, and a system check reports where it does not."""

import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection, models

from kb.ledger import guard
from kb.ledger.verify import faults
from kb.records.models import Name
from tests import build
from tests.ledger.tamper import run

pytestmark = pytest.mark.django_db(transaction=True)

REBUILDING = """
from django.db import migrations, models

def rewrite(apps, schema_editor):
    schema_editor.execute("UPDATE records_name SET text = text")

class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [
        migrations.AlterField("name", "text", models.CharField(max_length=400)),
        migrations.RunPython(rewrite, migrations.RunPython.noop),
    ]
"""


def reported() -> list[str]:
    return [message.id or "" for message in run_checks(databases=["default"])]


def test_the_guard_stands_in_a_test_that_commits() -> None:
    assert guard.missing_triggers(connection) == []


def test_a_missing_trigger_is_reported_until_the_next_migrate() -> None:
    on_table = " ON records_name" if connection.vendor == "postgresql" else ""
    assert "ledger.E001" not in reported()
    run(f"DROP TRIGGER guard_records_name_update{on_table}")
    assert "ledger.E001" in reported()
    call_command("migrate", verbosity=0)
    assert "ledger.E001" not in reported()


def test_a_table_rebuilt_outside_a_migration_is_reported_where_it_lost_its_triggers() -> None:
    build.dataset("LAION-5B", aliases={"LAION 5B": False})
    narrow = Name._meta.get_field("text")
    wide = models.CharField(max_length=400)
    wide.set_attributes_from_name("text")
    wide.model = Name
    with connection.schema_editor() as editor:
        editor.alter_field(Name, narrow, wide)
    assert ("ledger.E001" in reported()) == (connection.vendor == "sqlite")
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.alter_field(Name, wide, narrow)
    call_command("migrate", verbosity=0)
    assert list(faults()) == []


def test_a_migration_may_rebuild_a_table_and_the_guard_stands_afterwards(
    tmp_path: Path, settings: "pytest.FixtureRequest", monkeypatch: pytest.MonkeyPatch
) -> None:
    build.dataset("LAION-5B", aliases={"LAION 5B": False})
    folder = tmp_path / "rebuilding_migrations"
    folder.mkdir()
    (folder / "__init__.py").touch()
    initial = Path(sys.modules["kb.records"].__path__[0]) / "migrations" / "0001_initial.py"
    (folder / "0001_initial.py").write_text(initial.read_text())
    (folder / "0002_rebuild.py").write_text(REBUILDING)
    monkeypatch.syspath_prepend(str(tmp_path))
    settings.MIGRATION_MODULES = {"records": "rebuilding_migrations"}  # type: ignore[attr-defined]
    call_command("migrate", "records", "0002", verbosity=0)
    assert list(faults()) == []
    call_command("migrate", "records", "0001", verbosity=0)
    assert list(faults()) == []
