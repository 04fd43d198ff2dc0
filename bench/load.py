"""Loading a graph through the normal door, beside plain `bulk_create` of the same rows into unguarded copies.

    KB_VAR=/tmp/bench-load python -m bench.load --size S

    KB_VAR=/tmp/bench-load python -m bench.load --size L --only door      # hours apart, on the same database
    KB_VAR=/tmp/bench-load python -m bench.load --size L --only plain

Works in a database of its own, which the door makes anew: a file under KB_VAR, or the database of BENCH_DATABASE_URL.
Prints rows per second, peak memory, and how many times what the plain insert takes the door takes.
"""

import argparse
import json
import time

from bench import database, door, generate, setup
from kb.ledger.models import Change, Edition, Payload
from kb.lineage import load
from kb.records.models import Evidence, Record, Statement, StatementVersion

from django.apps import apps  # isort:skip - after what sets Django up
from django.core.management import call_command  # isort:skip
from django.db import connection, models, transaction  # isort:skip

_TABLES: tuple[type[models.Model], ...] = (Change, Payload, Record, Statement, StatementVersion, Evidence)
_NOTE = database.PATH.with_name("bench-load.json")
_BATCH = 500
_BLOCK = 5_000


def main() -> None:
    """Load and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--size", choices=generate.SIZES, default="S")
    options.add_argument("--only", choices=("door", "plain"), help="one side; the plain side copies what the door has left")
    given = options.parse_args()
    if given.only != "plain":
        through_the_door(given.size)
    if given.only != "door":
        beside_the_door()


def through_the_door(size: str) -> None:
    """Publish the whole graph into an empty database, and note how long it took beside it."""
    database.forget()
    call_command("migrate", verbosity=0, interactive=False)
    arrays = generate.stored(size)
    before = setup.memory_mb(peak=False)
    began = time.perf_counter()
    count = door.publish_arrays(arrays, progress=Progress(began))
    took = time.perf_counter() - began
    rows = sum(model._base_manager.count() for model in _TABLES)
    _NOTE.write_text(json.dumps({"rows": rows, "seconds": took}))
    print(f"\n{count:,} changes, {rows:,} rows, {Edition.objects.count():,} editions; {setup.machine()}")
    print(f"door: {took:.1f} s, {rows / took:,.0f} rows/s, {count / took:,.0f} changes/s")
    print(f"memory: {before:.0f} MB before, {setup.memory_mb():.0f} MB at its peak")
    began = time.perf_counter()
    world = load.world_at()
    print(f"first world: {world.graph.edges.length:,} edges from rows in {time.perf_counter() - began:.1f} s", flush=True)


def beside_the_door() -> None:
    """Insert what the door has left once more, plainly, and print the ratio."""
    note = json.loads(_NOTE.read_text())
    rows, took = note["rows"], note["seconds"]
    plain = plain_insert()
    print(f"plain bulk_create of the same rows: {plain:.1f} s, {rows / plain:,.0f} rows/s; the door takes {took / plain:.2f} x")


class Progress:
    """Says every few thousand changes how it goes, so that a memory that grows is seen."""

    def __init__(self, began: float) -> None:
        self.began, self.done, self.told = began, 0, 0

    def __call__(self, count: int) -> None:
        self.done += count
        if self.done - self.told >= 50_000:
            self.told = self.done
            speed = self.done / (time.perf_counter() - self.began)
            print(f"  {self.done:,} changes, {speed:,.0f}/s, {setup.memory_mb(peak=False):.0f} MB", flush=True)


def plain_insert() -> float:
    """Insert the same rows, in blocks like editions, into copies of the tables with their indexes but without triggers."""
    took = 0.0
    for model in _TABLES:
        copy = unguarded_copy(model)
        last: object = 0
        key = model._meta.pk.attname
        while rows := list(model._base_manager.filter(**{f"{key}__gt": last}).order_by(key)[:_BLOCK].values()):
            last = rows[-1][key]
            made = [copy(**row) for row in rows]
            began = time.perf_counter()
            with transaction.atomic():
                copy._base_manager.bulk_create(made, batch_size=_BATCH)
            took += time.perf_counter() - began
    return took


def unguarded_copy(model: type[models.Model]) -> type[models.Model]:
    """A model over a table of the same columns, indexes and constraints, which no trigger watches."""
    fields = {field.attname: _cloned(field) for field in model._meta.concrete_fields}
    name = f"Plain{model.__name__}"
    options = {"app_label": "records", "db_table": f"bench_plain_{model._meta.db_table}", "indexes": _indexes(model)}
    meta = type("Meta", (), options)
    copy = type(name, (models.Model,), {**fields, "Meta": meta, "__module__": __name__})
    assert isinstance(copy, type)
    with connection.schema_editor() as editor:
        editor.create_model(copy)
    apps.clear_cache()
    return copy


def _cloned(field: "models.Field[object, object]") -> "models.Field[object, object]":
    """The field, with a plain number in place of a reference."""
    if field.is_relation:
        unique = bool(field.unique)
        return models.BigIntegerField(null=field.null, primary_key=field.primary_key, unique=unique, db_index=not unique)
    return field.clone()


def _indexes(model: type[models.Model]) -> list[models.Index]:
    """Indexes and unique constraints of several columns, as plain indexes."""
    wanted = [index.fields for index in model._meta.indexes]
    wanted += [list(one.fields) for one in model._meta.total_unique_constraints]
    columns = [[model._meta.get_field(one).attname for one in fields] for fields in wanted]
    table = _TABLES.index(model)
    return [models.Index(fields=fields, name=f"plain{table}_{place}") for place, fields in enumerate(columns)]


if __name__ == "__main__":
    main()
