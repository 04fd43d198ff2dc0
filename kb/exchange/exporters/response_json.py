"""Replies to Upstream and disputes as JSON, and what every claim carries of them."""

from typing import Annotated, TypedDict

from kb.exchange.exporters.evidence_json import day
from kb.exchange.exporters.reference import RecordReference, optional_reference, record_reference
from kb.records.models import Dispute, Reply
from kb.records.response_words import dispute_in_words, reply_in_words
from kb.records.responses import Responses
from kb.records.vocabularies import DISPUTE_STATES, RIGHT_OF_REPLY


class ReplyRow(TypedDict):
    """How one party stands to its right of reply. A public statement made elsewhere is evidence, never a reply."""

    id: Annotated[int, "Number of the reply."]
    record: Annotated[RecordReference, "What it is about."]
    statement: Annotated[int | None, "Number of the very statement that it is about, where it is about one."]
    party: RecordReference
    state: Annotated[str, RIGHT_OF_REPLY]
    asked: Annotated[str | None, "Day on which Upstream asked."]
    due: Annotated[str | None, "Day until which the party may reply."]
    answered: Annotated[str | None, "Day on which the party replied, or declined to."]
    text: Annotated[str | None, "The reply to Upstream, verbatim."]
    cut: Annotated[bool, "Whether moderation left something out, marked “[…]” in the text."]
    reason: Annotated[str | None, "Why something was left out, or why the party was not asked."]
    summary: Annotated[str, "How it stands, in a sentence to be quoted with it."]


class DisputeRow(TypedDict):
    """One dispute. While it is under review what it is about is contested."""

    id: Annotated[int, "Number of the dispute."]
    record: Annotated[RecordReference, "What it is about."]
    statement: Annotated[int | None, "Number of the very statement that it is about, where it is about one."]
    party: Annotated[RecordReference | None, "Who disputes, where that is a party."]
    ground: Annotated[str, "What is contested, in Upstream's words."]
    state: Annotated[str, DISPUTE_STATES]
    opened: str
    decided: Annotated[str | None, "Day on which it was decided or taken back."]
    outcome: Annotated[str | None, "The public reason of the decision."]
    summary: Annotated[str, "The same in a sentence, to be quoted with what it is about."]


class Answered(TypedDict):
    """What a claim carries of those it is about."""

    contested: Annotated[bool, "Whether a dispute about it is open."]
    replies: Annotated[list[ReplyRow], "Replies to Upstream about it, and that none came where one was asked for."]
    disputes: Annotated[list[DisputeRow], "Disputes of it, open and decided."]


def answered(responses: Responses, *, contested: bool) -> Answered:
    """Shape what stands beside a claim."""
    return {
        "contested": contested,
        "replies": [reply_row(row) for row in responses.replies],
        "disputes": [dispute_row(row) for row in responses.disputes],
    }


def reply_row(row: Reply) -> ReplyRow:
    """Shape one reply, read with its record and party."""
    return {
        "id": row.id,
        "record": record_reference(row.record),
        "statement": row.statement_id,
        "party": record_reference(row.party),
        "state": row.state,
        "asked": day(row.asked),
        "due": day(row.due),
        "answered": day(row.answered),
        "text": row.text or None,
        "cut": row.cut,
        "reason": row.reason or None,
        "summary": reply_in_words(row),
    }


def dispute_row(row: Dispute) -> DisputeRow:
    """Shape one dispute, read with its record and party."""
    return {
        "id": row.id,
        "record": record_reference(row.record),
        "statement": row.statement_id,
        "party": optional_reference(row.party),
        "ground": row.ground,
        "state": row.state,
        "opened": row.opened.isoformat(),
        "decided": day(row.decided),
        "outcome": row.outcome or None,
        "summary": dispute_in_words(row),
    }
