"""What is left to be seen of a withdrawn record: its id, name, the day and the public reason. Never a silent 404."""

from kb.core.dates import in_words
from kb.core.errors import Gone
from kb.ledger.history import reason_of
from kb.ledger.models import Edition
from kb.records.models import Record, Statement


def refuse_withdrawn(record: Record) -> None:
    """Raise Gone, with the tombstone, where a record was withdrawn."""
    if record.withdrawn is None:
        return
    day, reason = record.withdrawn.isoformat(), _reason(record)
    because = f" Reason: {reason}" if reason else ""
    raise Gone(
        f"{record.public_id} {record.name} was withdrawn on {in_words(day)}.{because}",
        {"id": record.public_id, "name": record.name, "date": day, "reason": reason},
    )


def refuse_withdrawn_ends(statement: Statement) -> None:
    """Raise Gone where a record at either end of a statement, read with both, was withdrawn."""
    refuse_withdrawn(statement.subject)
    if statement.object is not None:
        refuse_withdrawn(statement.object)


def _reason(record: Record) -> str:
    """The reason of the edition that withdrew the record: since then nothing has changed it. Empty where purged."""
    return reason_of(Edition.objects.get(number=record.edition))
