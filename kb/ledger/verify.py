"""Verification: replay the chain and compare it with what the database holds. Reads, never mends."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import Exists, Max, OuterRef

from kb.ledger import chain, guard
from kb.ledger.models import Change, Edition, Head, Payload, PublicRow

_CHUNK = 900


def faults() -> Iterator[str]:
    """Yield one line for each fault: triggers, links, continuity, payloads, live rows, version rows."""
    yield from _missing_triggers()
    yield from _chain_faults()
    yield from _edition_faults()
    for model in guard.public_models():
        yield from _row_faults(model)
    for table, check in _extra_checks.items():
        for line in check():
            yield f"{table}: {line}"


_extra_checks: dict[str, Any] = {}


def register_check(table: str, check: Any) -> None:
    """Let the owner of a derived table say how its rows follow from the chain: a function that yields faults."""
    _extra_checks[table] = check


def _missing_triggers() -> Iterator[str]:
    for name in guard.missing_triggers(connection):
        yield f"trigger {name} is missing"


def _chain_faults() -> Iterator[str]:
    """Replay links: sequence without gaps, each digest over the one before, payloads match or are purged."""
    expected, digest = 1, ""
    purged = set(Change.objects.filter(action="purge").values_list("row_id", flat=True))
    for change in Change.objects.order_by("sequence").select_related("payload").iterator(_CHUNK):
        if change.sequence != expected:
            yield f"change {expected}: missing, the chain goes on at {change.sequence}"
        digest = chain.link(
            digest, change.sequence, change.edition_id, change.table, change.row_id, change.version,
            change.action, change.payload_digest,
        )  # fmt: skip
        if digest != change.digest:
            yield f"change {change.sequence}: its digest does not follow from the link before it"
            digest = change.digest
        yield from _payload_faults(change, purged)
        expected = change.sequence + 1
    head = Head.objects.filter(id=1).first() or Head()
    if (head.sequence, head.digest) != (expected - 1, digest):
        yield f"head: says change {head.sequence}, the chain ends at {expected - 1}"
    stray = Payload.objects.exclude(Exists(Change.objects.filter(sequence=OuterRef("change_id"))))
    for sequence in stray.order_by("change_id").values_list("change_id", flat=True):
        yield f"change {sequence}: it does not exist, its payload row does"


def _payload_faults(change: Change, purged: set[int]) -> Iterator[str]:
    payload = getattr(change, "payload", None)
    if payload is None:
        yield f"change {change.sequence}: its payload row is missing"
    elif not payload.body:
        if change.sequence not in purged:
            yield f"change {change.sequence}: its payload is empty and no purge row says why"
    elif chain.payload_digest(payload.salt, payload.body) != change.payload_digest:
        yield f"change {change.sequence} ({change.table} {change.row_id}): its payload does not match its digest"


def _edition_faults() -> Iterator[str]:
    """Editions are numbered without gaps and cover the chain from end to end."""
    number, sequence = 0, 0
    for edition in Edition.objects.order_by("number").iterator(_CHUNK):
        if edition.number != number + 1:
            yield f"edition {number + 1}: missing, the editions go on at {edition.number}"
        if edition.first_sequence != sequence + 1:
            yield f"edition {edition.number}: begins at change {edition.first_sequence}, expected {sequence + 1}"
        yield from _edition_end_faults(edition)
        number, sequence = edition.number, edition.last_sequence
    head = Head.objects.filter(id=1).first() or Head()
    if (head.edition, head.sequence) != (number, sequence):
        yield f"head: says edition {head.edition} and change {head.sequence}, the editions end at {number} and {sequence}"


def _edition_end_faults(edition: Edition) -> Iterator[str]:
    last = Change.objects.filter(sequence=edition.last_sequence).values_list("digest", flat=True).first()
    if last != edition.digest:
        yield f"edition {edition.number}: its digest is not that of its last change"
    opening = Payload.objects.filter(change_id=edition.first_sequence).values_list("body", flat=True).first()
    if opening:
        note = _columns(opening)
        if (note.get("actor"), note.get("at")) != (edition.actor, edition.published_at.isoformat()):
            yield f"edition {edition.number}: its actor or time is not what the chain says"


def _row_faults(model: type[PublicRow]) -> Iterator[str]:
    """Live rows and the rows that the chain says are live must be the same, column by column."""
    table = model._meta.db_table
    newest = Change.objects.filter(table=table).values("row_id").annotate(last=Max("sequence"))
    last_of = dict(newest.values_list("row_id", "last"))
    for rows in _batches(model):
        announced = {
            change.sequence: change
            for change in Change.objects.select_related("payload").filter(sequence__in=[row.sequence for row in rows])
        }
        for row in rows:
            if fault := _row_fault(row, last_of.pop(row.id, None), announced.get(row.sequence)):
                yield f"{table} {row.id}: {fault}"
    deleted = set(Change.objects.filter(table=table, action="delete").values_list("row_id", flat=True))
    for row_id in sorted(set(last_of) - deleted):
        yield f"{table} {row_id}: the chain has it, the table does not"


def _batches(model: type[PublicRow]) -> Iterator[list[PublicRow]]:
    last_id = 0
    while rows := list(model._base_manager.filter(id__gt=last_id).order_by("id")[:_CHUNK]):
        yield rows
        last_id = rows[-1].id


def _row_fault(row: PublicRow, newest: int | None, change: Change | None) -> str:
    """Compare a live row with the change it names, which must be the newest one of that row."""
    if newest is None:
        return "no change row announces it"
    if change is None or row.sequence != newest or (row.version, row.edition) != (change.version, change.edition_id):
        return f"it names change {row.sequence}, version {row.version}; its newest change is {newest}"
    body = chain.row_body(row)
    announced = change.payload.body if hasattr(change, "payload") else ""
    if announced and announced != body:
        before, after = _columns(announced), json.loads(body)
        columns = sorted(column for column in after if before.get(column) != after[column])
        # A column that came later is not in older payloads, and is empty in the row.
        return f"it was edited outside the ledger ({', '.join(columns)})" if columns else ""
    return ""


def _columns(body: str) -> dict[str, Any]:
    """Read a payload; one that was tampered with until it is no JSON object says nothing."""
    try:
        columns = json.loads(body)
    except ValueError:
        return {}
    return columns if isinstance(columns, dict) else {}
