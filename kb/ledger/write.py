"""Writing one edition: take the pen, write the change rows, then the rows they announce.

Everything here is mechanical. What may change, and into what, is decided above in `kb.records.publish`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, models, transaction

from kb.core.clock import now
from kb.core.errors import Conflict, InvalidInput
from kb.core.safety import UnsafeText, check_texts
from kb.ledger import chain
from kb.ledger.models import Change, Edition, Head, Payload, PublicRow

EDITION_LIMIT = 5000
_BATCH = 500
_ACTOR_LENGTH = 100

# Table, row id, version, action and canonical body of one link of the chain.
Announcement = tuple[str, int, int, str, str]


@dataclass(slots=True)
class RowWrite:
    """One row to be inserted or updated, holding its values as they shall be afterwards."""

    row: PublicRow
    action: str


def take_pen() -> Head:
    """Lock the head of the chain until the transaction ends. Call inside `transaction.atomic()`."""
    head = Head.objects.select_for_update().filter(id=1).first()
    if head is None:
        Head.objects.bulk_create([Head()], ignore_conflicts=True)
        head = Head.objects.select_for_update().get(id=1)
    return head


def write_edition(head: Head, writes: Sequence[RowWrite], actor: str, reason: str) -> Edition:
    """Write one edition of at most EDITION_LIMIT row changes; the caller holds the pen.

    Raises Conflict where there are more rows than one edition takes.
    """
    if len(writes) > EDITION_LIMIT:
        raise Conflict(f"One edition takes at most {EDITION_LIMIT} row changes; this one has {len(writes)}.")
    edition = _extend_chain(head, actor, reason, _announcements(writes))
    _apply(writes, edition.number, edition.first_sequence + 1)
    return edition


def _extend_chain(head: Head, actor: str, reason: str, announcements: Iterable[Announcement]) -> Edition:
    """Open an edition and hang its links on the chain; the first link says who opened it and why.

    Actor and reason are public: the safety guard reads them in its strict form, whatever the edition is about.
    """
    _check_words(actor, reason)
    opened_at = now()
    edition = Edition(number=head.edition + 1, actor=actor, published_at=opened_at, first_sequence=head.sequence + 1)
    note = chain.canonical({"actor": actor, "reason": reason, "at": opened_at.isoformat()})
    opening = (Edition._meta.db_table, edition.number, 1, "open", note)
    links = [_next_link(head, edition.number, *announcement) for announcement in (opening, *announcements)]
    edition.last_sequence, edition.digest = head.sequence, head.digest
    head.edition = edition.number
    edition.save(force_insert=True)
    Change.objects.bulk_create([change for change, _ in links], batch_size=_BATCH)
    Payload.objects.bulk_create([payload for _, payload in links], batch_size=_BATCH)
    head.save()
    return edition


def _check_words(actor: str, reason: str) -> None:
    if not 0 < len(actor) <= _ACTOR_LENGTH or not reason.strip():
        raise InvalidInput(f"An edition has an actor, named in at most {_ACTOR_LENGTH} characters, and a public reason.")
    try:
        check_texts((actor, reason), hazard=True)
    except UnsafeText as refusal:
        raise InvalidInput(f"edition: {refusal}") from None


def _announcements(writes: Sequence[RowWrite]) -> Iterable[Announcement]:
    for write in writes:
        row = write.row
        row.version = 1 if write.action == "insert" else row.version + 1
        yield row._meta.db_table, row.id, row.version, write.action, chain.row_body(row)


def _next_link(head: Head, edition: int, table: str, row_id: int, version: int, action: str, body: str) -> tuple[Change, Payload]:
    salt = chain.new_salt()
    digest = chain.payload_digest(salt, body)
    head.sequence += 1
    head.digest = chain.link(head.digest, head.sequence, edition, table, row_id, version, action, digest)
    change = Change(
        sequence=head.sequence, edition_id=edition, table=table, row_id=row_id, version=version,
        action=action, payload_digest=digest, digest=head.digest,
    )  # fmt: skip
    return change, Payload(change=change, salt=salt, body=body)


def _apply(writes: Sequence[RowWrite], edition: int, first_sequence: int) -> None:
    """Write the rows themselves, table by table; foreign keys are checked when the transaction ends."""
    tables: dict[tuple[type[PublicRow], str], list[PublicRow]] = {}
    for sequence, write in enumerate(writes, start=first_sequence):
        write.row.sequence, write.row.edition = sequence, edition
        tables.setdefault((type(write.row), write.action), []).append(write.row)
    for (model, action), rows in tables.items():
        if action == "insert":
            model._base_manager.bulk_create(rows, batch_size=_BATCH)
        else:
            _update(model, rows)


def _update(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    assignments = ", ".join(f"{connection.ops.quote_name(str(field.column))} = %s" for field in fields)
    statement = f"UPDATE {model._meta.db_table} SET {assignments} WHERE id = %s"  # noqa: S608
    values = [[*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields), row.pk] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def purge(sequences: Iterable[int], actor: str, reason: str) -> Edition:
    """Empty the payloads of the changes named, with a purge row for each in the chain.

    The rows' live content is not touched: amend or withdraw it first. Raises Conflict where a change does not exist.
    """
    wanted = sorted(set(sequences))
    with transaction.atomic():
        head = take_pen()
        if Payload.objects.filter(pk__in=wanted).exclude(body="").count() != len(wanted):
            raise Conflict("A change that shall be purged does not exist, or was purged before.")
        tombstones = [
            (Payload._meta.db_table, sequence, 1, "purge", chain.canonical({"purged": sequence})) for sequence in wanted
        ]
        edition = _extend_chain(head, actor, reason, tombstones)
        Payload.objects.filter(pk__in=wanted).update(salt="", body="")
        for forget in _forgetters:
            forget(wanted)
    return edition


_forgetters: list[Callable[[list[int]], None]] = []


def register_forgetter(forget: Callable[[list[int]], None]) -> None:
    """Let the owner of a derived table empty what it copied from purged payloads: it is given their sequences."""
    _forgetters.append(forget)


def current_edition() -> int:
    """Return the number of the newest edition, 0 before the first."""
    return Head.objects.filter(id=1).values_list("edition", flat=True).first() or 0


def current_head() -> tuple[int, str]:
    """Return number and digest of the newest edition; 0 and nothing before the first."""
    return Head.objects.filter(id=1).values_list("edition", "digest").first() or (0, "")
