"""A generated graph as rows of the database without the door: for measuring what reads, in minutes instead of an hour.

    KB_VAR=/tmp/bench-load python -m bench.rows --size L

For SQLite. The rows are those that the door would leave, but no ledger stands behind them: history and verification find nothing
there. The first few records go through the door, and so may everything after.
"""

import argparse
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from bench import database, door, generate
from kb.ledger import guard
from kb.ledger.models import Counter
from kb.ledger.write import insert_values
from kb.lineage.graph import KIND_CODES
from kb.records import changes as do
from kb.records.models import Evidence, Record, Statement, StatementVersion
from kb.records.publish import publish

from django.core.management import call_command  # isort:skip - after what sets Django up
from django.db import connection, models, transaction  # isort:skip

_BLOCK = 50_000
_IN_HASTE = ("synchronous=OFF", "journal_mode=OFF", "cache_size=-1000000")
Row = dict[str, Any]


def main() -> None:
    """Make the database anew and fill it."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--size", choices=generate.SIZES, default="L")
    given = options.parse_args()
    database.forget()
    call_command("migrate", verbosity=0, interactive=False)
    arrays = generate.stored(given.size)
    refs: dict[str, int] = {}
    first = [*islice(door.changes(arrays, statements=False), door.REPORTS * 2 + 1), _first_statement()]
    publish(first, actor=door.ACTOR, reason=door.REASON, refs=refs)
    began = time.perf_counter()
    guard.drop(connection)
    _set(*_IN_HASTE)
    for model, rows in _tables(arrays, refs["n0"]):
        count = _insert(model, rows)
        print(f"  {count:,} rows of {model.__name__} after {time.perf_counter() - began:.0f} s", flush=True)
    _set("journal_mode=WAL")
    guard.install(connection)


def _set(*pragmas: str) -> None:
    with connection.cursor() as cursor:
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")


def _first_statement() -> do.Change:
    """A statement to copy, and a loop of the first record to itself, which says nothing."""
    evidence = do.EvidenceDraft(report="s0", kind="journalism", gist="The source says so, as generated for measuring.")
    return do.AddStatement(subject="n0", predicate="version_of", object="n0", evidence=(evidence,))


def _tables(arrays: generate.Arrays, first: int) -> Iterator[tuple[type[models.Model], Iterable[Row]]]:
    yield Record, _records(arrays, first)
    yield Statement, _statements(arrays, first)
    yield StatementVersion, _versions(arrays, first)
    yield Evidence, _evidence(arrays)


def _records(arrays: generate.Arrays, first: int) -> Iterator[Row]:
    numbers = dict(Counter.objects.filter(name__startswith="id:").values_list("name", "value"))
    for place, code in enumerate(arrays.kind.tolist()):
        kind = KIND_CODES[code]
        if place:
            numbers[f"id:{kind}"] = number = numbers.get(f"id:{kind}", 0) + 1
            name = f"Generated {kind} {place}"
            yield {
                "id": first + place, "kind": kind, "number": number, "name": name, "folded": name.lower(),
                "slug": name.lower().replace(" ", "-"),
            }  # fmt: skip
    for name, value in numbers.items():
        Counter.objects.update_or_create(name=name, defaults={"value": value})


def _statements(arrays: generate.Arrays, first: int) -> Iterator[Row]:
    for place, (child, parent, predicate, status, start, end) in enumerate(generate.rows(arrays), start=2):
        yield {
            "id": place, "subject_id": first + child, "object_id": first + parent, "predicate": predicate, "status": status,
            "start": start, "end": end, "identity": f"generated-{place:054}",
        }  # fmt: skip


def _versions(arrays: generate.Arrays, first: int) -> Iterator[Row]:
    for row in _statements(arrays, first):
        del row["identity"]
        yield {**row, "statement_id": row["id"]}


def _evidence(arrays: generate.Arrays) -> Iterator[Row]:
    reports = dict(Record.objects.filter(kind="report").values_list("slug", "id"))
    number = 1
    for statement, row in enumerate(generate.rows(arrays), start=2):
        for draft in door.evidence(row[3]):
            number += 1
            report = reports[f"generated-report-{str(draft.report)[1:]}"]
            yield {"id": number, "statement_id": statement, "report_id": report, "stance": draft.stance, "kind": draft.kind}


def _insert(model: type[models.Model], rows: Iterable[Row]) -> int:
    """Insert rows that differ from the first one of the table in the columns given."""
    template: Row = model._base_manager.order_by("-pk").values()[0]
    names = [str(field.attname) for field in model._meta.concrete_fields]
    columns = [str(field.column) for field in model._meta.concrete_fields]
    count, rows = 0, iter(rows)
    while block := list(islice(rows, _BLOCK)):
        made = [template | row for row in block]
        with transaction.atomic():
            insert_values(model, columns, [tuple(row[name] for name in names) for row in made])
        count += len(block)
    last = model._base_manager.order_by("-pk").values_list("pk", flat=True)[0]
    Counter.objects.filter(name=model._meta.db_table).update(value=last)
    return count


if __name__ == "__main__":
    main()
