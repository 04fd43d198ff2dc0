"""Splitting a record: what was one and is two. The part is a new record, and the statements listed move to it.

Nothing is lost on the way: each statement is retracted at the old record and added at the new one with its evidence,
replies and disputes. What was merged into the record stays with it.
"""

from collections.abc import Sequence
from dataclasses import replace

from kb.core.errors import InvalidInput, NotFound
from kb.records import changes as do
from kb.records.models import Name, Record, Statement
from kb.records.queries import members
from kb.records.tombstone import refuse_withdrawn


def split(record_id: int, new: do.CreateRecord, statements: Sequence[int], aliases: Sequence[str] = ()) -> list[do.Change]:
    """Return the changes that split a part off a record, to be published as one edition.

    `new` is the part, `statements` the numbers of those that are about it, `aliases` the other names that are its own.
    Raises NotFound, Gone or InvalidInput where the record, a statement or a name is not there to be moved.
    """
    record = _whole(record_id)
    if not statements:
        raise InvalidInput("A split says which statements are about the new record.")
    own = {member.id for member in members(record)}
    return [
        replace(new, split_from=record.id),
        *(_move(number, own, new.ref) for number in dict.fromkeys(statements)),
        *_move_names(record, aliases, new.ref),
    ]


def _whole(record_id: int) -> Record:
    record = Record.objects.filter(id=record_id).first()
    if record is None:
        raise NotFound(f"There is no record “{record_id}”.")
    refuse_withdrawn(record)
    if record.merged_into_id is not None:
        raise InvalidInput(f"{record.name} is merged into another record. Split that one, or take the merge back.")
    return record


def _move(number: int, own: set[int], to: str) -> do.MoveStatement:
    statement = Statement.objects.filter(id=number, retracted=False).first()
    if statement is None:
        raise NotFound(f"There is no statement {number}, or it was taken back.")
    end = next((end for end in (statement.subject_id, statement.object_id) if end in own), None)
    if end is None:
        raise InvalidInput(f"Statement {number} is not about this record.")
    return do.MoveStatement(record=end, statement=number, to=to)


def _move_names(record: Record, aliases: Sequence[str], to: str) -> list[do.MoveAlias]:
    known = set(Name.objects.filter(record=record, text__in=aliases).values_list("text", flat=True))
    if missing := [text for text in aliases if text not in known]:
        raise InvalidInput(f"{record.name} has no other name “{missing[0][:80]}”.")
    return [do.MoveAlias(record=record.id, text=text, to=to) for text in dict.fromkeys(aliases)]
