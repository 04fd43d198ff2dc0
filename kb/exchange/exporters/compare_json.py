"""Two artifacts side by side, as JSON."""

from collections.abc import Iterable
from typing import Annotated, TypedDict

from kb.exchange.exporters.lineage_json import NodeRow, node_row
from kb.exchange.exporters.reach_json import EXPOSURES, ReachRow, reach_row
from kb.exchange.exporters.reference import RecordReference, record_reference
from kb.lineage.answer import Node
from kb.lineage.ask import Answer
from kb.lineage.compare import Comparison, Shared
from kb.lineage.reach import Reach

STATEMENT = "What Upstream knows of each; what nobody disclosed is missing, and different counts do not rank the two."


class SharedRow(TypedDict):
    """One ancestor of both, as each reaches it."""

    record: RecordReference
    a: NodeRow
    b: NodeRow


class IssueRow(TypedDict):
    """Issues of one class, as they reach each of the two. Classes are never added up."""

    exposure: Annotated[str, EXPOSURES]
    a: list[ReachRow]
    b: list[ReachRow]


class CompareAnswer(TypedDict):
    """What two artifacts are built on, together and alone, and the issues that reach each."""

    edition: Annotated[int, "The edition that the answer was made from."]
    a: RecordReference
    b: RecordReference
    statement: Annotated[str, "What the answer means, in one sentence to be quoted with it."]
    shared: Annotated[list[SharedRow], "Ancestors on a documented path up from both."]
    shared_leads: Annotated[list[SharedRow], "Ancestors of both where an inferred step leads to them from one at least."]
    only_a: list[NodeRow]
    only_b: list[NodeRow]
    leads_a: Annotated[list[NodeRow], "Leads of the first alone: to be checked, never counted in."]
    leads_b: list[NodeRow]
    undisclosed: Annotated[list[RecordReference], "Those of the two and of their ancestors whose training data is not disclosed."]
    issues: list[IssueRow]


def compare_answer(found: Comparison) -> CompareAnswer:
    """Shape a comparison."""
    a, b, split = found.a, found.b, found.split
    return {
        "edition": a.edition,
        "a": record_reference(a.root),
        "b": record_reference(b.root),
        "statement": STATEMENT,
        "shared": _shared(found, split.shared),
        "shared_leads": _shared(found, split.shared_leads),
        "only_a": _nodes(a, split.only_a),
        "only_b": _nodes(b, split.only_b),
        "leads_a": _nodes(a, split.leads_a),
        "leads_b": _nodes(b, split.leads_b),
        "undisclosed": [record_reference(record) for record in found.undisclosed],
        "issues": [{"exposure": one.category, "a": _reaches(a, one.of_a), "b": _reaches(b, one.of_b)} for one in found.issues],
    }


def _shared(found: Comparison, both: Iterable[Shared]) -> list[SharedRow]:
    return [
        {
            "record": record_reference(found.a.record(one.of_a.record)),
            "a": node_row(found.a, one.of_a),
            "b": node_row(found.b, one.of_b),
        }
        for one in both
    ]


def _nodes(answer: Answer, nodes: Iterable[Node]) -> list[NodeRow]:
    return [node_row(answer, node) for node in nodes]


def _reaches(answer: Answer, reaches: Iterable[Reach]) -> list[ReachRow]:
    return [reach_row(one, answer.contested) for one in reaches]
