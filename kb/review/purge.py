"""The purge (SAFETY 8): takes a text out for good, on record and in the private tables, and says where else it stands.

The chain announces every step; `manage.py verify` stays clean. The bytes go with `kb.ledger.erase`.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.db.models import F

from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.jobs.models import Job
from kb.records import purge as on_record
from kb.records.apply.redaction import TOMBSTONE
from kb.records.models import StatementVersion
from kb.records.places import CHUNK, Place, public_places
from kb.review.models import Decision, Proposal, ProposedChange
from kb.review.states import ENDED
from kb.review.texts import PRIVATE, read_column, rewritten
from kb.review.words import Words

ACTOR = "operator"
_LEDGER = ("ledger_payload", StatementVersion._meta.db_table)


@dataclass(slots=True)
class Purged:
    """What a purge did: versions emptied, private rows overwritten, the tables touched, and where the same words still stand."""

    versions: int = 0
    private_rows: int = 0
    tables: set[str] = field(default_factory=set)
    elsewhere: list[Place] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which text goes: one column of a row or all, or one former version. `everywhere`: wherever else it stands as well."""

    table: str
    row: int
    column: str = ""
    version: int | None = None
    everywhere: bool = False


def purge(wanted: Wanted, reason: str) -> Purged:
    """Take a text out. Raises NotFound, InvalidInput or Conflict, and changes nothing then.

    Call `kb.ledger.erase` with the tables afterwards, outside of a transaction.
    """
    done = Purged()
    with transaction.atomic():
        words = _take_out(wanted, reason, done)
        if words.within(reason):
            raise InvalidInput("The reason repeats the text that shall go.")
        _overwrite_private(words, reason, done)
        done.elsewhere = [place for place in public_places() if words.within(place.text)]
        if wanted.everywhere:
            _take_out_elsewhere(reason, done)
    return done


def _take_out(wanted: Wanted, reason: str, done: Purged) -> Words:
    """Take out what was named, and return its words, so that they can be found elsewhere."""
    private = {model._meta.db_table: model for model in PRIVATE if PRIVATE[model].texts}
    if wanted.table == on_record.EDITIONS:
        words = Words.of([on_record.reason_text(wanted.row)])
        on_record.purge_reason(wanted.row, actor=ACTOR, reason=reason)
        done.versions += 1
        done.tables |= {*_LEDGER}
        return words
    if wanted.table in private:
        return _take_out_private(private[wanted.table], wanted, reason, done)
    return _take_out_public(wanted, reason, done)


def _take_out_public(wanted: Wanted, reason: str, done: Purged) -> Words:
    columns = on_record.text_columns(wanted.table, wanted.column)
    done.tables |= {wanted.table, *_LEDGER}
    if wanted.version is not None:
        on_record.purge_version(wanted.table, wanted.row, wanted.version, actor=ACTOR, reason=reason)
        done.versions += 1
        return Words(())
    words = Words.of(on_record.texts_of_row(wanted.table, wanted.row, columns))
    done.versions += on_record.purge_columns(wanted.table, wanted.row, columns, actor=ACTOR, reason=reason)
    return words


def _take_out_elsewhere(reason: str, done: Purged) -> None:
    """Take out every place that was found: what stands on record by column, with all its versions, then versions alone."""
    live = {(place.table, place.row, place.column) for place in done.elsewhere if place.where == "on record"}
    versions = {
        (place.table, place.row, place.version)
        for place in done.elsewhere
        if place.where != "on record" and (place.table, place.row, place.column) not in live
    }
    for table, row, column in sorted(live):
        done.versions += on_record.purge_columns(table, row, (column,), actor=ACTOR, reason=reason)
    for table, row, version in sorted(versions):
        _empty(table, row, version or 0, reason)
        done.versions += 1
    done.tables |= {table for table, _, _ in live} | {*_LEDGER}
    done.elsewhere = []


def _empty(table: str, row: int, version: int, reason: str) -> None:
    if table == on_record.EDITIONS:
        on_record.purge_reason(row, actor=ACTOR, reason=reason)
    else:
        on_record.purge_version(table, row, version, actor=ACTOR, reason=reason)


# What stands in the place of JSON; a change that was purged can no longer be proposed.
_EMPTIED: Mapping[tuple[type[models.Model], str], Mapping[str, Any]] = {
    (ProposedChange, "body"): {"body": {}, "state": "declined", "reason": TOMBSTONE},
    (Job, "payload"): {"payload": "{}"},
}


def _take_out_private(model: type[models.Model], wanted: Wanted, reason: str, done: Purged) -> Words:
    columns = _private_columns(model, wanted)
    row = model._base_manager.filter(pk=wanted.row).first()
    if row is None:
        raise NotFound(f"{wanted.table} has no row {wanted.row}.")
    kind = str(getattr(row, "kind", ""))
    words = Words.of(text for column in columns for _, text in read_column(model, column, getattr(row, column), kind))
    values: dict[str, Any] = {}
    for column in columns:
        if getattr(row, column):
            values |= _EMPTIED.get((model, column)) or {column: _empty_value(model, column)}
    if not values:
        raise Conflict(f"{wanted.table} {wanted.row} holds no such text.")
    _write(model, row.pk, values, reason, done)
    return words


def _private_columns(model: type[models.Model], wanted: Wanted) -> tuple[str, ...]:
    columns = PRIVATE[model].texts
    if wanted.version is not None:
        raise InvalidInput(f"{wanted.table} keeps no versions.")
    if wanted.column and wanted.column not in columns:
        raise InvalidInput(f"“{wanted.column[:40]}” of {wanted.table} is no text. Texts are: {', '.join(columns)}.")
    return (wanted.column,) if wanted.column else columns


def _empty_value(model: type[models.Model], column: str) -> object:
    kept = model._meta.get_field(column)
    return kept.get_default() if isinstance(kept, models.JSONField) else TOMBSTONE[: getattr(kept, "max_length", None)]


def _overwrite_private(words: Words, reason: str, done: Purged) -> None:
    """Put the tombstone in the place of the words wherever a private table holds them."""
    for model, private in PRIVATE.items():
        if not private.texts or not words.texts:
            continue
        for row in model._base_manager.order_by("pk").values("pk", *private.texts).iterator(CHUNK):
            values = _rewritten(model, row, private.texts, words)
            if values:
                _write(model, row["pk"], values, reason, done)


def _rewritten(model: type[models.Model], row: Mapping[str, Any], columns: Iterable[str], words: Words) -> dict[str, Any]:
    """The columns of a row that hold the words, without them."""
    values: dict[str, Any] = {}
    for column in columns:
        packed = model is Job and column == "payload" and bool(row[column])
        before = json.loads(row[column]) if packed else row[column]
        after = rewritten(before, words.replaced)
        if after != before:
            values[column] = json.dumps(after) if packed else after
    return values


def _write(model: type[models.Model], row_id: int, values: Mapping[str, Any], reason: str, done: Purged) -> None:
    rows = model._base_manager.filter(pk=row_id)
    rows.update(**values)
    done.private_rows += 1
    done.tables.add(model._meta.db_table)
    if model is Proposal and "filing" in values:
        _void(row_id, reason, done)
    if model is ProposedChange and "body" in values:
        _void(ProposedChange.objects.values_list("proposal", flat=True).get(pk=row_id), reason, done)


def _void(proposal_id: int, reason: str, done: Purged) -> None:
    """What would be published is another thing now: approvals of it do not hold, and the log says why."""
    proposal = Proposal.objects.get(id=proposal_id)
    if proposal.state not in ENDED:
        Proposal.objects.filter(id=proposal_id).update(revision=F("revision") + 1)
    Decision.objects.create(proposal=proposal, action="purge", before=proposal.state, after=proposal.state, reason=reason)
    done.tables |= {Proposal._meta.db_table, Decision._meta.db_table}
