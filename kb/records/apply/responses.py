"""Changes of replies to Upstream and of disputes. Deadlines and requests themselves are private and kept in review."""

from collections.abc import Callable, Mapping
from typing import Any

from kb.core.errors import InvalidInput
from kb.records import changes as do
from kb.records.apply.statements import is_hazard, refuse_other_fields
from kb.records.merged import speakers
from kb.records.models import Dispute, Record, Reply, Statement
from kb.records.response_checks import DISPUTE_STEPS, REPLY_STEPS, check_dispute, check_reply, check_step
from kb.records.vocabularies import DISPUTE_STATES, RIGHT_OF_REPLY
from kb.records.workspace import Workspace

_REPLY_FIELDS = frozenset({"state", "due", "answered", "text", "cut", "reason"})
_DISPUTE_FIELDS = frozenset({"ground", "state", "decided", "outcome"})


def _record_reply(change: do.RecordReply, work: Workspace) -> None:
    record, party = work.record(change.record), _party(work, change.party)
    columns = {
        "record_id": record.id, "statement_id": _statement_of(work, record, change.statement), "party_id": party.id,
        "asked": change.asked,
    }  # fmt: skip
    values = {name: getattr(change, name) for name in _REPLY_FIELDS}
    check_reply(Reply(**columns, **values))
    # A party may be asked twice on one day, or left unasked twice for two reasons: the same answer is the same in all of it.
    work.claim(Reply, f"That answer of {party.name}", owner=record, **columns, **values)
    work.insert(Reply, hazard=_hazard(work, record.id, change.statement), **columns, **values)


def _amend_reply(change: do.AmendReply, work: Workspace) -> None:
    refuse_other_fields(change.fields, _REPLY_FIELDS)
    reply = work.row(Reply, change.reply)
    fields = change.fields
    check_step(RIGHT_OF_REPLY, REPLY_STEPS, reply.state, fields.get("state", reply.state))
    check_reply(_as_amended(reply, fields))
    work.update(reply, fields, hazard=_hazard(work, reply.record_id, reply.statement_id))


def _open_dispute(change: do.OpenDispute, work: Workspace) -> None:
    record = work.record(change.record)
    columns = {
        "record_id": record.id, "statement_id": _statement_of(work, record, change.statement),
        "party_id": _party(work, change.party).id if change.party is not None else None,
        "ground": change.ground.strip(), "opened": change.opened,
    }  # fmt: skip
    check_dispute(Dispute(**columns))
    work.insert(Dispute, hazard=_hazard(work, record.id, change.statement), **columns)


def _amend_dispute(change: do.AmendDispute, work: Workspace) -> None:
    refuse_other_fields(change.fields, _DISPUTE_FIELDS)
    dispute = work.row(Dispute, change.dispute)
    fields = change.fields
    check_step(DISPUTE_STATES, DISPUTE_STEPS, dispute.state, fields.get("state", dispute.state))
    check_dispute(_as_amended(dispute, fields))
    work.update(dispute, fields, hazard=_hazard(work, dispute.record_id, dispute.statement_id))


def _as_amended(row: Any, fields: Mapping[str, object]) -> Any:
    """A copy of the row with its fields as they will be; the words among them must be words."""
    changed = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
    for name, value in fields.items():
        if isinstance(getattr(row, name), str) and not isinstance(value, str):
            raise InvalidInput(f"{name} must be text.")
        setattr(changed, name, value)
    return changed


def _party(work: Workspace, ref: do.Ref) -> Record:
    party = work.record(ref)
    if party.kind != "party":
        raise InvalidInput(f"{party.name} is a {party.kind}; a party replies or disputes.")
    return party


def _statement_of(work: Workspace, record: Record, number: int | None) -> int | None:
    """The number of a live statement with the record, or one merged with it, at an end. Raises InvalidInput."""
    if number is None:
        return None
    statement = work.row(Statement, number)
    ends = {end for end in (statement.subject_id, statement.object_id) if end is not None}
    same = speakers(work, {record.id, *ends})
    if same[record.id] not in {same[end] for end in ends}:
        raise InvalidInput(f"Statement {number} is not about {record.name}.")
    if statement.retracted:
        raise InvalidInput(f"Statement {number} was taken back.")
    return number


def _hazard(work: Workspace, record: int, statement: int | None) -> bool:
    """Whether a hazard issue is spoken of, so that the strict rules of the guard hold."""
    work.record(record)
    return record in work.hazards or (statement is not None and is_hazard(work, work.row(Statement, statement)))


HANDLERS: Mapping[type[do.Change], Callable[[Any, Workspace], None]] = {
    do.RecordReply: _record_reply,
    do.AmendReply: _amend_reply,
    do.OpenDispute: _open_dispute,
    do.AmendDispute: _amend_dispute,
}
