"""Taking a text of the public record out for good: a tombstone in its place, and every version that held it emptied.

The chain announces both, so `verify` stays clean. Private tables and the bytes of the database are left to `kb.review.purge`.
"""

import json
from collections.abc import Iterable, Iterator

from django.db import transaction

from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.ledger.models import Change, Edition, Payload
from kb.ledger.write import purge
from kb.records.apply.redaction import columns_of, is_tombstone
from kb.records.changes import Redact
from kb.records.publish import publish

EDITIONS = Edition._meta.db_table


def text_columns(table: str, column: str = "") -> tuple[str, ...]:
    """Return the columns to be taken out: the one named, or all that hold text. Raises InvalidInput for any other."""
    _, columns = columns_of(table)
    if column and column not in columns:
        raise InvalidInput(f"“{column[:40]}” of {table} is no text. Texts are: {', '.join(columns)}.")
    return (column,) if column else columns


def texts_of_row(table: str, row_id: int, columns: Iterable[str]) -> set[str]:
    """Return every text that columns of a row hold or held. Raises NotFound where there is no such row."""
    model, _ = columns_of(table)
    row = model._base_manager.filter(id=row_id).values(*columns).first()
    if row is None:
        raise NotFound(f"{table} has no row {row_id}.")
    held = {text for _, told in _told(table, row_id, columns) for text in told}
    return {text for text in {*row.values(), *held} if text and not is_tombstone(text)}


def purge_columns(table: str, row_id: int, columns: tuple[str, ...], *, actor: str, reason: str) -> int:
    """Take out what columns of a row hold and ever held. Returns how many versions were emptied.

    Raises Conflict where they hold nothing.
    """
    with transaction.atomic():
        redacted = publish([Redact(table=table, row=row_id, columns=columns)], actor=actor, reason=reason)
        holding = [sequence for sequence, told in _told(table, row_id, columns) if told]
        if not holding and redacted is None:
            raise Conflict(f"{table} {row_id} holds no such text, and no version of it does.")
        if holding:
            purge(holding, actor, reason)
    return len(holding)


def purge_version(table: str, row_id: int, version: int, *, actor: str, reason: str) -> None:
    """Empty one former version of a row. Raises NotFound, and Conflict for the version that stands on record."""
    columns_of(table)
    versions = Change.objects.filter(table=table, row_id=row_id)
    change = versions.filter(version=version).first()
    if change is None:
        raise NotFound(f"{table} {row_id} has no version {version}.")
    if not versions.filter(version__gt=version).exists():
        raise Conflict(f"Version {version} of {table} {row_id} stands on record. Take its text out by column first.")
    purge([change.sequence], actor, reason)


def reason_text(edition: int) -> str:
    """Return the public reason of an edition. Raises NotFound where there is none, or it was purged."""
    found = Payload.objects.filter(change__table=EDITIONS, change__row_id=edition).exclude(body="").first()
    if found is None:
        raise NotFound(f"There is no edition {edition} with a reason.")
    return str(json.loads(found.body)["reason"])


def purge_reason(edition: int, *, actor: str, reason: str) -> None:
    """Empty the public reason of an edition. Raises NotFound where there is none."""
    reason_text(edition)
    purge([Edition.objects.get(number=edition).first_sequence], actor, reason)


def _told(table: str, row_id: int, columns: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each version of a row that is kept, by its change, with the texts that the columns held."""
    kept = Payload.objects.filter(change__table=table, change__row_id=row_id).exclude(body="").order_by("change_id")
    for sequence, body in kept.values_list("change_id", "body"):
        said = json.loads(body)
        held = [said.get(column) for column in columns]
        yield sequence, [text for text in held if text and not is_tombstone(text)]
