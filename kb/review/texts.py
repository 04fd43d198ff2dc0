"""The private tables and their texts: every column of characters or JSON is either read by the guard or listed as no text.

A re-scan reads them and a purge overwrites them. What stands on record is listed in `kb.records.detail`.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import models

from kb.accounts.models import CacheRow, Representation, RepresentationRequest, Session, Token, User
from kb.jobs import mail
from kb.jobs.models import Job, Seen
from kb.ledger.models import Change, Counter, Edition, Head, Payload
from kb.records.models import SourceRun, StatementVersion
from kb.records.places import CHUNK, Hazards, Place
from kb.review.models import (
    Approval,
    Decision,
    DisputeCase,
    GuardCount,
    Invitation,
    Message,
    Note,
    Opening,
    Proposal,
    ProposedChange,
    ReplyRequest,
    RestrictedEvidence,
    Scan,
)

ADDRESS, QUOTATION = "url", "quotation"


@dataclass(frozen=True, slots=True)
class Private:
    """The texts of one private table, and the other columns of characters, which hold none.

    `hazard` leads to the flag of the proposal that a row belongs to, `record` and `statement` to what it is about.
    """

    texts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    hazard: str = ""
    record: str = ""
    statement: str = ""

    def pointers(self) -> tuple[str, ...]:
        """The columns that say whether the strict rules hold."""
        return tuple(filter(None, (self.hazard, self.record, self.statement)))

    def is_strict(self, row: Mapping[str, Any], hazards: Hazards) -> bool:
        """Whether the strict rules hold for the texts of a row."""
        about = row.get(self.record) in hazards.issues or row.get(self.statement) in hazards.statements
        return about or bool(row.get(self.hazard))


_OF_PROPOSAL = "proposal__hazard"
PRIVATE: dict[type[models.Model], Private] = {
    Proposal: Private(
        ("title", "reason", "filing", "credit_name", "coordinator", "duplicate_of", "severity"),
        ("key", "kind", "origin", "state", "receipt", "credit", "email", "sent_by", "sent_digest"), "hazard", "record_id",
    ),
    ProposedChange: Private(("body", "reason"), ("state",), _OF_PROPOSAL),
    Decision: Private(("reason",), ("action", "before", "after"), _OF_PROPOSAL),
    Approval: Private(),
    GuardCount: Private((), ("rule",)),
    DisputeCase: Private(
        ("name", "text", "ground", "outcome"), ("key", "receipt", "sent_by", "state", "email"), "", "record_id", "statement_id"
    ),
    Invitation: Private(("verified_how",), ("token", "email"), _OF_PROPOSAL, "record_id"),
    Opening: Private(),
    ReplyRequest: Private(("text", "shown", "reason"), ("state", "about"), _OF_PROPOSAL, "record_id"),
    Message: Private(("text",), (), _OF_PROPOSAL),
    Note: Private(("text",), (), _OF_PROPOSAL),
    RestrictedEvidence: Private(("description", "held_by"), (), _OF_PROPOSAL),
    Scan: Private(),
    # Of jobs the key is a number, a random name or the id of a mail, which is made of digits.
    Job: Private(("payload", "last_error"), ("kind", "key", "state")),
    Seen: Private((), ("name",)),
    User: Private(("credit_name",), ("username", "email", "role", "password")),
    Representation: Private(("how_verified",)),
    RepresentationRequest: Private(("reason", "answer"), ("work_email",)),
    Token: Private(("name", "scopes"), ("prefix", "digest")),
    Session: Private((), ("session_key", "session_data")),
    CacheRow: Private((), ("cache_key", "value")),
    LogEntry: Private(("object_repr", "change_message"), ("object_id",)),
    SourceRun: Private(("message", "counts"), ("source", "outcome")),
    # Of the ledger, payloads and versions are read as what is on record.
    Head: Private((), ("digest",)),
    Edition: Private(("actor",), ("digest",)),
    Change: Private((), ("table", "action", "payload_digest", "digest")),
    Payload: Private((), ("salt", "body")),
    Counter: Private((), ("name",)),
    StatementVersion: Private(
        (),
        ("predicate", "value_code", "value_text", "value_date", "unit", "qualifier", "start", "end", "rank", "status", "note"),
    ),
}  # fmt: skip


def private_places() -> Iterator[Place]:
    """Yield every text of the private tables."""
    hazards = Hazards.on_record()
    for model, private in PRIVATE.items():
        if private.texts:
            yield from _places(model, private, hazards)


def _places(model: type[models.Model], private: Private, hazards: Hazards) -> Iterator[Place]:
    table = model._meta.db_table
    kinds = ("kind",) if model is Job else ()
    for row in model._base_manager.order_by("pk").values("pk", *private.texts, *private.pointers(), *kinds).iterator(CHUNK):
        strict = private.is_strict(row, hazards)
        for column in private.texts:
            for field, text in read_column(model, column, row[column], row.get("kind", "")):
                if field != ADDRESS:
                    yield Place(table, row["pk"], None, column, "private", text, strict, field == QUOTATION)


def read_column(model: type[models.Model], column: str, value: object, kind: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text that a column holds, with the name of its field where it is JSON."""
    if model is Job and column == "payload":
        yield from _texts_of_job(str(value), kind)
    elif model is Token and column == "name":
        yield "", str(value)
    elif value is not None:
        yield from texts_within(value)


# What software writes into a mail itself: addresses of this site, and headers.
_MAIL_FIELDS = ("subject", "body")


def _texts_of_job(payload: str, kind: str) -> Iterator[tuple[str, str]]:
    said = json.loads(payload) if payload else {}
    if kind != mail.KIND:
        yield from texts_within(said)
        return
    for field in _MAIL_FIELDS:
        yield field, _own_address().sub(" ", str(said.get(field, "")))
    yield from texts_within([content for content, _ in said.get("alternatives", [])])


def _own_address() -> re.Pattern[str]:
    return re.compile(re.escape(settings.SITE_ADDRESS) + r"[\w/=?&.:-]*")


def texts_within(value: object) -> Iterator[tuple[str, str]]:
    """Yield every text in a piece of JSON, however deep, with the name of its field; names of fields are texts as well."""
    waiting: list[tuple[str, object]] = [("", value)]
    while waiting:
        field, one = waiting.pop()
        if isinstance(one, str):
            if one:
                yield field, one
        elif isinstance(one, Mapping):
            waiting += [("", str(name)) for name in one] + [(str(name), inner) for name, inner in one.items()]
        elif isinstance(one, list | tuple):
            waiting += [(field, inner) for inner in one]


def rewritten(value: Any, rewrite: Callable[[str], str]) -> Any:
    """Return a piece of JSON with every text in it rewritten, names of fields as well."""
    if isinstance(value, str):
        return rewrite(value)
    if isinstance(value, Mapping):
        return {rewrite(str(name)): rewritten(inner, rewrite) for name, inner in value.items()}
    return [rewritten(inner, rewrite) for inner in value] if isinstance(value, list | tuple) else value
