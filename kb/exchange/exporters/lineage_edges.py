"""The steps of a lineage answer as rows: diagram, table, CSV and JSON all show these, under these numbers."""

from collections.abc import Iterable
from typing import Annotated, Literal, TypedDict

from kb.exchange.exporters.evidence_json import EvidenceRow, evidence_row
from kb.lineage.answer import Edge
from kb.lineage.ask import Answer
from kb.records.vocabularies import CARRIES, STATUSES


class EdgeRow(TypedDict):
    """One step between a child and the parent it was made from, with its evidence."""

    id: Annotated[int, "Number of the statement: /api/v1/statements/<id>/."]
    number: Annotated[int | None, "Its number on the page and in the CSV; null for steps that are shown uncounted."]
    child: Annotated[str, "Permanent id of the child."]
    child_name: str
    parent: Annotated[str, "Permanent id of the parent."]
    parent_name: str
    predicate: Annotated[str, "One of the predicates of /api/v1/vocabulary/."]
    reads: Annotated[str, "The words between child and parent."]
    carries: Annotated[str, CARRIES]
    status: Annotated[str, STATUSES]
    contested: Annotated[bool, "Whether a dispute about this step is open."]
    start: Annotated[str | None, "Partial date."]
    end: Annotated[str | None, "Partial date."]
    note: str | None
    version_not_stated: bool
    evidence: list[EvidenceRow]


def edge_rows(answer: Answer, edges: Iterable[Edge]) -> list[EdgeRow]:
    """Shape edges of an answer."""
    return [edge_row(answer, edge) for edge in edges]


def edge_row(answer: Answer, edge: Edge) -> EdgeRow:
    """Shape one edge of an answer, with the number that it has everywhere."""
    statement, child, parent = answer.statement(edge), answer.record(edge.child), answer.record(edge.parent)
    return {
        "id": edge.statement,
        "number": answer.number_of.get(edge.index),
        "child": child.public_id,
        "child_name": child.name,
        "parent": parent.public_id,
        "parent_name": parent.name,
        "predicate": statement.predicate,
        "reads": answer.predicate(edge).inverse if edge.version_not_stated else answer.predicate(edge).reads,
        "carries": edge.carries,
        "status": edge.status,
        "contested": answer.contested.holds(statement),
        "start": statement.start or None,
        "end": statement.end or None,
        "note": statement.note or None,
        "version_not_stated": edge.version_not_stated,
        "evidence": [evidence_row(row) for row in answer.evidence[edge.statement]],
    }


Part = Literal["documented", "lead"]


def numbered_edges(answer: Answer) -> list[tuple[Part, Edge]]:
    """Return every numbered edge with its part, documented ones first: the rows of tables and files."""
    drawn = answer.outline
    return [("documented", edge) for edge in drawn.edges] + [("lead", edge) for edge in drawn.lead_edges]
