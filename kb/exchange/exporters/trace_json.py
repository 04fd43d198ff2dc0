"""A trace as JSON: everything that its page and its file show, with the digest by which it is cited."""

import hashlib
from typing import Annotated, TypedDict

from kb.exchange.exporters.evidence_json import EvidenceRow, evidence_row
from kb.exchange.exporters.lineage_json import NO_PATH
from kb.exchange.exporters.reference import RecordReference, record_reference
from kb.exchange.exporters.response_json import Answered, answered
from kb.ledger.chain import canonical
from kb.ledger.models import Edition
from kb.lineage.answer import Edge
from kb.lineage.ask_paths import Route
from kb.lineage.trace import Party, Trace
from kb.records.responses import Responses, responses_to_statements
from kb.records.telling import confirmed_by, in_order
from kb.records.vocabularies import CARRIES, STATUSES

ROLES_NOTE = "Who did what at each step. A role is not a finding of fault."
SCOPE = "A path documented in the sources named here, as known to Upstream."
LEAD = "A lead to check: a step of this path is only inferred."


class PartyRow(TypedDict):
    """A party with a role on the child of a step."""

    party: RecordReference
    role: str
    reads: Annotated[str, "The words between the child and the party."]
    status: Annotated[str, STATUSES]


class TraceStep(Answered):
    """One step: the child reads the parent, who says so, who replied or disputes, and who had a role on the child."""

    number: int
    statement: int
    child: RecordReference
    parent: RecordReference
    predicate: Annotated[str, "One of the predicates of /api/v1/vocabulary/."]
    reads: str
    status: Annotated[str, STATUSES]
    confirmed_by: str | None
    weakest: Annotated[bool, "Whether this step is weaker than another one and the path no stronger than it."]
    carries: Annotated[str, CARRIES]
    start: str | None
    end: str | None
    note: str | None
    version_not_stated: bool
    parties: list[PartyRow]
    evidence: Annotated[list[EvidenceRow], "Every source, the best one first."]


TraceContent = TypedDict(
    "TraceContent",
    {
        "from": RecordReference, "to": RecordReference, "edition": int, "published_at": str, "statement": str,
        "filters": Annotated[dict[str, object], "What narrowed which steps were followed; empty where nothing did."],
        "path": int, "status": str | None, "carries": str | None, "roles_note": str, "steps": list[TraceStep],
    },
)  # fmt: skip


def trace_content(made: Trace) -> TraceContent:
    """Shape a trace: the part that the digest is taken of."""
    answer, route = made.routes.answer, made.route
    edition = Edition.objects.get(number=answer.edition)
    responses = responses_to_statements((edge.statement for edge in made.edges), answer.question.edition)
    return {
        "from": record_reference(made.first),
        "to": record_reference(made.last),
        "edition": answer.edition,
        "published_at": edition.published_at.isoformat(timespec="seconds"),
        "statement": _scope(route),
        "filters": {name: value for name, value in answer.question.as_given.items() if name != "edition"},
        "path": made.number,
        "status": route.status if route else None,
        "carries": route.carries if route else None,
        "roles_note": ROLES_NOTE,
        "steps": [_step(made, number, edge, responses[edge.statement]) for number, edge in enumerate(made.edges, start=1)],
    }


def digest(content: TraceContent) -> str:
    """Return the SHA-256 of the canonical JSON of a trace: sorted keys, no spaces, UTF-8."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _scope(route: Route | None) -> str:
    if route is None:
        return NO_PATH
    return LEAD if route.is_lead else SCOPE


def _step(made: Trace, number: int, edge: Edge, responses: Responses) -> TraceStep:
    answer = made.routes.answer
    statement, row = answer.statement(edge), answer.predicate(edge)
    evidence = in_order(answer.evidence[edge.statement])
    return {
        "number": number,
        "statement": edge.statement,
        "child": record_reference(answer.record(edge.child)),
        "parent": record_reference(answer.record(edge.parent)),
        "predicate": statement.predicate,
        "reads": row.inverse if edge.version_not_stated else row.reads,
        "status": edge.status,
        "confirmed_by": (confirmed_by(evidence) or None) if edge.status == "confirmed" else None,
        "weakest": made.route is not None and edge.status == made.route.status and _differ(made.edges),
        "carries": edge.carries,
        "start": statement.start or None,
        "end": statement.end or None,
        "note": statement.note or None,
        "version_not_stated": edge.version_not_stated,
        "parties": [_party(party) for party in made.parties.get(edge.statement, ())],
        "evidence": [evidence_row(piece) for piece in evidence],
        **answered(responses, contested=answer.contested.holds(statement)),
    }


def _differ(edges: tuple[Edge, ...]) -> bool:
    return len({edge.status for edge in edges}) > 1


def _party(party: Party) -> PartyRow:
    return {
        "party": record_reference(party.record), "role": party.role.code, "reads": party.role.reads, "status": party.status,
    }  # fmt: skip
