"""The guard: triggers that make the database itself refuse a write that no change row announces.

Immediate BEFORE triggers, since a deferred constraint fires at commit and accepts another row's number.
A change row serves exactly one write: it names table, row, action and version, and versions only grow.
Which tables are guarded is registered by the apps that own them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from kb.ledger.models import Change, Edition, Payload, PublicRow

EVENTS = ("insert", "update", "delete")
PREFIX = "guard"

_tables: dict[str, "Rules"] = {}


@dataclass(frozen=True, slots=True)
class Rules:
    """When a table refuses an insert, an update and a delete: SQL conditions over NEW and OLD."""

    insert: str
    update: str
    delete: str


def _announced(row: str, table: str, action: str, version: str, row_id: str = "id") -> str:
    return (
        f"SELECT 1 FROM ledger_change c WHERE c.\"table\" = '{table}' AND c.row_id = {row}.{row_id} "
        f"AND c.action = '{action}' AND c.version = {version}"
    )


def _public_rules(table: str) -> Rules:
    """A public row: announced with this sequence, row, action and version; never over an existing id."""
    return Rules(
        insert=(
            f"NOT EXISTS ({_announced('NEW', table, 'insert', '1')} AND c.sequence = NEW.sequence) OR NEW.version <> 1 "
            f"OR EXISTS (SELECT 1 FROM {table} r WHERE r.id = NEW.id) "
            f"OR EXISTS (SELECT 1 FROM ledger_change c WHERE c.\"table\" = '{table}' AND c.row_id = NEW.id AND c.version > 1)"
        ),
        update=(
            "NEW.id <> OLD.id OR NEW.version <> OLD.version + 1 "
            f"OR NOT EXISTS ({_announced('NEW', table, 'update', 'NEW.version')} AND c.sequence = NEW.sequence)"
        ),
        delete=f"NOT EXISTS ({_announced('OLD', table, 'delete', 'OLD.version + 1')})",
    )


def _history_rules(table: str, announced_as: str, row_id: str, texts: Iterable[str], others: Iterable[str]) -> Rules:
    """A version row: written once with its change, closed once by the next one, never deleted; a purge empties its texts."""
    return Rules(
        insert=f"EXISTS (SELECT 1 FROM {table} r WHERE r.{row_id} = NEW.{row_id} AND r.version = NEW.version) "
        f"OR NOT EXISTS ({_announced('NEW', announced_as, 'insert', 'NEW.version', row_id)} AND c.edition_id = NEW.born) "
        f"AND NOT EXISTS ({_announced('NEW', announced_as, 'update', 'NEW.version', row_id)} AND c.edition_id = NEW.born)",
        update=f"NEW.id <> OLD.id OR NEW.born <> OLD.born OR NEW.{row_id} <> OLD.{row_id} OR NEW.version <> OLD.version "
        f"OR NOT ({_closes(announced_as, row_id)} OR {_empties(announced_as, row_id, texts, others)})",
        delete="1 = 1",
    )


def _closes(announced_as: str, row_id: str) -> str:
    return (
        "(OLD.died IS NULL AND NEW.died IS NOT NULL AND EXISTS "
        f"(SELECT 1 FROM ledger_change c WHERE c.\"table\" = '{announced_as}' AND c.row_id = OLD.{row_id} "
        "AND c.version = OLD.version + 1 AND c.edition_id = NEW.died))"
    )


def _empties(announced_as: str, row_id: str, texts: Iterable[str], others: Iterable[str]) -> str:
    emptied = [f"COALESCE(NEW.{column}, '') = ''" for column in texts]
    kept = [f"COALESCE(CAST(NEW.\"{one}\" AS TEXT), '') = COALESCE(CAST(OLD.\"{one}\" AS TEXT), '')" for one in others]
    return (
        f"({' AND '.join((*emptied, *kept))} AND EXISTS "
        "(SELECT 1 FROM ledger_change c JOIN ledger_change p ON p.row_id = c.sequence "
        f"WHERE c.\"table\" = '{announced_as}' AND c.row_id = OLD.{row_id} AND c.version = OLD.version "
        "AND p.\"table\" = 'ledger_payload' AND p.action = 'purge'))"
    )


_PURGED = (
    "NEW.change_id = OLD.change_id AND NEW.body = '' AND NEW.salt = '' AND EXISTS "
    "(SELECT 1 FROM ledger_change c WHERE c.\"table\" = 'ledger_payload' AND c.row_id = OLD.change_id AND c.action = 'purge')"
)


def register(model: type[models.Model]) -> None:
    """Guard a model's table."""
    _tables[model._meta.db_table] = _public_rules(model._meta.db_table)


def register_history(model: type[models.Model], of: type[models.Model], row_id: str, texts: Iterable[str]) -> None:
    """Guard a table that keeps the versions of another one; `texts` are the columns that a purge empties."""
    table = model._meta.db_table
    others = sorted({str(field.column) for field in model._meta.concrete_fields} - set(texts))
    _tables[table] = _history_rules(table, of._meta.db_table, row_id, texts, others)


def register_ledger() -> None:
    """Make the ledger's own tables append-only; a payload may be emptied where a purge row says so."""
    for model in (Change, Edition):
        _tables[model._meta.db_table] = Rules(insert=_taken(model), update="1 = 1", delete="1 = 1")
    _tables[Payload._meta.db_table] = Rules(insert=_taken(Payload), update=f"NOT ({_PURGED})", delete="1 = 1")


def _taken(model: type[models.Model]) -> str:
    """An insert over an existing row: `INSERT OR REPLACE` fires delete triggers only where a connection asks for it."""
    unique = [(model._meta.pk.column,), *(constraint.fields for constraint in model._meta.total_unique_constraints)]
    same = (" AND ".join(f'r."{column}" = NEW."{column}"' for column in columns) for columns in unique)
    return f"EXISTS (SELECT 1 FROM {model._meta.db_table} r WHERE {' OR '.join(f'({one})' for one in same)})"


def guarded_tables() -> list[str]:
    """Names of all guarded tables."""
    return sorted(_tables)


def public_models() -> list[type[PublicRow]]:
    """Models whose live rows must equal their last payload."""
    return [model for model in apps.get_models() if issubclass(model, PublicRow) and not model._meta.proxy]


def _message(table: str, event: str) -> str:
    return f"unlogged {event} of {table}: public rows are written by publish() alone"


def _sqlite(table: str, rules: Rules) -> Iterable[str]:
    for event in EVENTS:
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {PREFIX}_{table}_{event} BEFORE {event.upper()} ON {table} "
            f"WHEN {getattr(rules, event)} BEGIN SELECT RAISE(ABORT, '{_message(table, event)}'); END"
        )


def _postgresql(table: str, rules: Rules) -> Iterable[str]:
    for event in EVENTS:
        name = f"{PREFIX}_{table}_{event}"
        result = "OLD" if event == "delete" else "NEW"
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {getattr(rules, event)} "
            f"THEN RAISE EXCEPTION '{_message(table, event)}'; END IF; RETURN {result}; END $$"
        )
        yield f"CREATE OR REPLACE TRIGGER {name} BEFORE {event.upper()} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    name = f"{PREFIX}_{table}_truncate"
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_message(table, 'truncate')}'; END $$"
    )
    yield f"CREATE OR REPLACE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"


_WRITERS = {"sqlite": _sqlite, "postgresql": _postgresql}


def expected_triggers(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Map the name of every trigger that must stand to its table."""
    events = (*EVENTS, "truncate") if connection.vendor == "postgresql" else EVENTS
    return {f"{PREFIX}_{table}_{event}": table for table in _tables for event in events}


def standing_triggers(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of the guard's triggers that the database has and that are switched on."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall() if name.startswith(f"{PREFIX}_")}


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of triggers that should stand and do not."""
    return sorted(set(expected_triggers(connection)) - standing_triggers(connection))


def install(connection: BaseDatabaseWrapper) -> None:
    """Put up every trigger whose table exists; what stands already is renewed."""
    drop(connection)
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, rules in _tables.items():
            if table in existing:
                for statement in _WRITERS[connection.vendor](table, rules):
                    cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take down every trigger: before migrations, and before tests that commit are flushed."""
    expected = expected_triggers(connection)
    with connection.cursor() as cursor:
        for name in standing_triggers(connection):
            on_table = f" ON {expected.get(name, '')}" if connection.vendor == "postgresql" else ""
            if name in expected or not on_table:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")
