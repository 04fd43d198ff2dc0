"""Reading the past: rows as they were at an edition, and the editions that touched a row."""

import json
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import connection
from django.db.models import BooleanField, Max, QuerySet
from django.db.models.expressions import RawSQL

from kb.core.errors import InvalidInput
from kb.ledger.models import Change, Edition, Payload, PublicRow
from kb.ledger.write import current_edition

AnyRow = TypeVar("AnyRow", bound=PublicRow)
_CHUNK = 500


def check_edition(number: int) -> int:
    """Return the number if such an edition exists.

    Raises InvalidInput for one below 1 or of the future.
    """
    newest = current_edition()
    if not 0 < number <= newest:
        raise InvalidInput(f"There is no edition {number}. Editions run from 1 to {newest}.")
    return number


def rows_at(table: str, row_ids: Iterable[int], edition: int) -> dict[int, dict[str, Any]]:
    """Return rows as they were at an edition, by id. Rows that did not exist, and purged ones, are missing."""
    wanted = sorted(set(row_ids))
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(wanted), _CHUNK):
        newest = (
            Change.objects.filter(table=table, row_id__in=wanted[start : start + _CHUNK], edition_id__lte=edition)
            .values("row_id")
            .annotate(last=Max("sequence"))
            .values_list("last", flat=True)
        )
        payloads = Payload.objects.filter(change_id__in=list(newest)).exclude(body="").values_list("change__row_id", "body")
        found |= {row_id: json.loads(body) for row_id, body in payloads}
    return found


def rows_changed_since(table: str, edition: int) -> set[int]:
    """Return ids of rows of a table that were inserted or changed after an edition."""
    return set(Change.objects.filter(table=table, edition_id__gt=edition).values_list("row_id", flat=True))


def rewritten_since(model: type[AnyRow], edition: int) -> "QuerySet[AnyRow]":
    """Return rows that were changed after an edition, and not only inserted then. Their model has an index of such rows."""
    # The number stands in the words, as in the index: SQLite does not see that a value beside them would fit it.
    again = RawSQL(f"{connection.ops.quote_name(model._meta.db_table)}.version >= 2", (), BooleanField())  # noqa: S611
    return model._default_manager.filter(again, edition__gt=edition).order_by()


def reason_of(edition: Edition) -> str:
    """Return why an edition was made; empty where the reason was purged."""
    body = Payload.objects.filter(change_id=edition.first_sequence).values_list("body", flat=True).first()
    return str(json.loads(body)["reason"]) if body else ""


def editions_of(rows: dict[str, list[int]], limit: int = 50) -> list[Edition]:
    """Return the newest editions that touched any of the rows, given as table -> row ids."""
    numbers: set[int] = set()
    for table, row_ids in rows.items():
        touching = Change.objects.filter(table=table, row_id__in=row_ids[:_CHUNK])
        numbers |= set(touching.values_list("edition_id", flat=True))
    return list(Edition.objects.filter(number__in=sorted(numbers, reverse=True)[:limit]))
