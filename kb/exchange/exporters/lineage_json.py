"""An answer of lineage as JSON: the nodes and edges that the page draws, under the same numbers."""

from typing import Annotated, TypedDict, cast

from kb.core.vocabulary import Term, Vocabulary
from kb.exchange.exporters.lineage_edges import EdgeRow, edge_rows
from kb.exchange.exporters.reference import RecordReference, record_reference
from kb.lineage.answer import Node
from kb.lineage.ask import Answer
from kb.lineage.asked import filters_in_words
from kb.lineage.graph import Direction
from kb.records.vocabularies import CARRIES, STATUSES

NO_PATH = "No known path."
SCOPE: dict[Direction, str] = {
    "downstream": "Products with a documented path known to Upstream; no market census.",
    "upstream": "Datasets, models and products with a documented path known to Upstream; what nobody disclosed is missing.",
}
DIRECTIONS = Vocabulary(
    "direction",
    Term("downstream", "Downstream", "From a record to what was made from it."),
    Term("upstream", "Upstream", "From a record to what it was made from."),
)


class NodeRow(RecordReference):
    """An artifact on the way. Its status is that of the weakest step of its best path."""

    depth: Annotated[int, "Fewest steps from the root."]
    status: Annotated[str, STATUSES]
    carries: Annotated[str, CARRIES]
    path: Annotated[list[int], "Ids of the edges of the best path, from the root on."]
    version_not_stated: Annotated[bool, "Whether a source on the path names only the family, not the version."]
    undisclosed_training_data: Annotated[bool, "Whether it is on record that its training data is not disclosed."]


class SourceSearched(TypedDict):
    """A source that was searched, and until when."""

    source: str
    title: str
    licence: str
    searched_until: Annotated[str, "Time of the end of the last good run, UTC."]


class Filters(TypedDict, total=False):
    """The filters that were given."""

    kind: list[str]
    predicate: list[str]
    min_status: Annotated[str, STATUSES]
    depth: int
    on: Annotated[str, "The day that the date given was read as."]
    edition: int


class Counts(TypedDict):
    """Counts of artifacts."""

    nodes: int
    by_kind: dict[str, int]
    by_status: dict[str, int]
    undisclosed_training_data: int


class LeadCounts(Counts):
    """Counts of leads."""

    version_not_stated: int


class Leads(TypedDict):
    """What is only inferred: leads to check, never counted in."""

    counts: LeadCounts
    nodes: list[NodeRow]
    edges: list[EdgeRow]


class LineageAnswer(TypedDict):
    """Everything that a record reaches, up or down, with evidence for every step."""

    edition: Annotated[int, "The edition that the answer was made from."]
    root: RecordReference
    direction: Annotated[str, DIRECTIONS]
    filters: Filters
    statement: Annotated[str, "What the answer means, in one sentence to be quoted with it."]
    complete: Annotated[bool, "False where the reader asked for a limit of depth."]
    counts: Counts
    nodes: list[NodeRow]
    edges: list[EdgeRow]
    leads: Leads
    not_carried: Annotated[list[EdgeRow], "Tools and tests one step from the root, which pass nothing on."]
    sources: list[SourceSearched]


def lineage_answer(answer: Answer) -> LineageAnswer:
    """Shape an answer."""
    drawn = answer.outline
    return {
        **head(answer),
        "direction": answer.question.direction,
        "statement": said_of(answer, found=bool(drawn.nodes or drawn.lead_nodes)),
        "counts": cast(Counts, answer.counts),
        "nodes": [node_row(answer, node) for node in drawn.nodes],
        "edges": edge_rows(answer, drawn.edges),
        "leads": {
            "counts": cast(LeadCounts, answer.lead_counts),
            "nodes": [node_row(answer, node) for node in drawn.lead_nodes],
            "edges": edge_rows(answer, drawn.lead_edges),
        },
        "not_carried": edge_rows(answer, drawn.not_carried),
    }


def said_of(answer: Answer, *, found: bool) -> str:
    """Say what an answer means. Under filters it names them, and never reads as if it were all that is known."""
    asked = ", ".join(filters_in_words(answer))
    if not asked:
        return SCOPE[answer.question.direction] if found else NO_PATH
    on = answer.question.on is not None
    dates = " A step without a date counts as always." if on else ""
    if not found:
        return f"{NO_PATH.removesuffix('.')} under this question ({asked}).{dates}"
    listed = "Datasets, models and products" if _lists_others(answer) else "Products"
    return f"Under this question ({asked}): {listed} with a documented path known to Upstream; not all that is known.{dates}"


def _lists_others(answer: Answer) -> bool:
    """Whether more than products is meant: upstream, or where kinds or records were asked for."""
    question = answer.question
    return question.direction == "upstream" or bool(question.records) or bool(question.kinds - {"product"})


class Head(TypedDict):
    """What every answer of lineage begins with."""

    edition: int
    root: RecordReference
    filters: Filters
    complete: bool
    sources: list[SourceSearched]


def head(answer: Answer) -> Head:
    """Shape what every answer of lineage begins with."""
    root = answer.record(answer.world.speaker(answer.root.id))
    return {
        "edition": answer.edition,
        "root": record_reference(root),
        "filters": cast(Filters, answer.question.as_given),
        "complete": answer.question.depth is None,
        "sources": [_source_row(answer, place) for place in range(len(answer.sources))],
    }


def _source_row(answer: Answer, place: int) -> SourceSearched:
    source, until = answer.sources[place]
    searched = until.isoformat(timespec="seconds")
    return {"source": source.code, "title": source.title, "licence": source.licence, "searched_until": searched}


def node_row(answer: Answer, node: Node) -> NodeRow:
    """Shape one artifact of an answer."""
    return {
        **record_reference(answer.record(node.record)),
        "depth": node.depth,
        "status": node.status,
        "carries": node.carries,
        "path": [edge.statement for edge in answer.path(node)],
        "version_not_stated": node.version_not_stated,
        "undisclosed_training_data": answer.is_undisclosed(node.record),
    }
