"""What changed in the lineage of a record, as JSON: artifacts and steps gained, lost with the reason, and changed."""

from collections.abc import Iterable
from typing import Annotated, TypedDict

from kb.exchange.exporters.lineage_edges import EdgeRow, edge_row, edge_rows
from kb.exchange.exporters.lineage_json import DIRECTIONS, NodeRow, node_row
from kb.exchange.exporters.reference import RecordReference, optional_reference, record_reference
from kb.lineage.answer import Edge, Node
from kb.lineage.ask import Answer
from kb.lineage.ask_diff import FATES, Difference, Span
from kb.lineage.diff import Changes
from kb.lineage.fall import HOW_LOST
from kb.lineage.on_the_way import Losing, lost_between_ends

SAME = "Nothing changed in between."
SAME_ENDS = "The two moments do not differ; what was lost on the way between them is listed."
DIFFERS = "What Upstream knows at the later moment and did not at the earlier, and the other way round."


class Moments(TypedDict):
    """The two moments that are compared: editions or days."""

    from_edition: int | None
    to_edition: int | None
    from_date: str | None
    to_date: str | None


class WhyLost(TypedDict):
    """Why a step is gone, and the edition that took it away with its public reason, where one did."""

    how: Annotated[str, FATES]
    edition: int | None
    reason: str | None


class LostNode(NodeRow):
    """An artifact that is no longer reached, as it was before."""

    merged_into: Annotated[RecordReference | None, "The record that speaks for it now, where it was merged."]
    broken_at: Annotated[int | None, "The lost step at which its path of before broke."]
    because: WhyLost | None


class LostEdge(EdgeRow):
    """A step that is no longer followed, as it was before."""

    because: WhyLost


class ChangedNode(TypedDict):
    """An artifact whose status or path class changed."""

    before: NodeRow
    after: NodeRow


class ChangedEdge(TypedDict):
    """A step whose status, ends or class changed."""

    before: EdgeRow
    after: EdgeRow


class NodeChanges(TypedDict):
    """Artifacts gained, lost and changed; leads among them have a path with an inferred step."""

    gained: list[NodeRow]
    lost: list[LostNode]
    changed: list[ChangedNode]


class EdgeChanges(TypedDict):
    """Steps gained, lost and changed."""

    gained: list[EdgeRow]
    lost: list[LostEdge]
    changed: list[ChangedEdge]


class LostStep(TypedDict):
    """A step that an edition lost, or a merge that it took back, as it was before."""

    statement: Annotated[int | None, "Number of the statement; null where a merge was taken back."]
    child: RecordReference
    parent: RecordReference
    reads: Annotated[str, "The words between child and parent."]
    how: Annotated[str, HOW_LOST]


class LosingEdition(TypedDict):
    """An edition that lost steps, with its public reason."""

    edition: int
    reason: str | None
    lost: Annotated[int, "How many steps it lost here; the first of them are listed."]
    steps: list[LostStep]


class DiffAnswer(TypedDict):
    """What changed in the lineage of a record between two editions or two days."""

    root: RecordReference
    direction: Annotated[str, DIRECTIONS]
    moments: Moments
    statement: Annotated[str, "What the answer means, in one sentence to be quoted with it."]
    products: NodeChanges
    others: Annotated[NodeChanges, "Datasets, models and names whose kind nobody has said."]
    edges: EdgeChanges
    no_longer_asserted: Annotated[list[EdgeRow], "Steps that stand, though every source that said so says it no longer."]
    on_the_way: Annotated[
        list[LosingEdition],
        "Editions between the two that lost steps here, newest first: also what came after the first or has come back since.",
    ]


def diff_answer(found: Difference) -> DiffAnswer:
    """Shape a difference."""
    found.bring(found.diff)
    after = found.after
    empty = found.diff.is_empty and not found.silent
    way = [_losing(one) for one in lost_between_ends(found).editions]
    same = SAME_ENDS if way else SAME
    return {
        "root": record_reference(after.record(after.world.speaker(after.root.id))),
        "direction": after.question.direction,
        "moments": _moments(found.span),
        "statement": same if empty else DIFFERS,
        "products": _nodes(found, found.diff.products),
        "others": _nodes(found, found.diff.others),
        "edges": _edges(found),
        "no_longer_asserted": edge_rows(after, found.silent),
        "on_the_way": way,
    }


def _losing(one: Losing) -> LosingEdition:
    steps: list[LostStep] = [
        {
            "statement": edge.loss.statement or None, "child": record_reference(edge.child),
            "parent": record_reference(edge.parent), "reads": edge.reads, "how": edge.loss.how,
        }
        for edge in one.edges
    ]  # fmt: skip
    return {"edition": one.edition.number, "reason": one.reason or None, "lost": one.total, "steps": steps}


def _moments(span: Span) -> Moments:
    first, last = span.editions or (None, None)
    since, until = span.days or (None, None)
    return {
        "from_edition": first, "to_edition": last,
        "from_date": since.isoformat() if since else None, "to_date": until.isoformat() if until else None,
    }  # fmt: skip


def _nodes(found: Difference, changes: Changes[Node]) -> NodeChanges:
    return {
        "gained": _node_rows(found.after, changes.gained),
        "lost": [_lost_node(found, node) for node in changes.lost],
        "changed": [
            {"before": node_row(found.before, pair.before), "after": node_row(found.after, pair.after)}
            for pair in changes.changed
        ],
    }


def _node_rows(answer: Answer, nodes: Iterable[Node]) -> list[NodeRow]:
    return [node_row(answer, node) for node in nodes]


def _lost_node(found: Difference, node: Node) -> LostNode:
    broken = found.diff.broken.get(node.record)
    return {
        **node_row(found.before, node),
        "merged_into": optional_reference(found.merged.get(node.record)),
        "broken_at": broken,
        "because": _why(found, broken) if broken is not None else None,
    }


def _edges(found: Difference) -> EdgeChanges:
    changes = found.diff.edges
    return {
        "gained": edge_rows(found.after, changes.gained),
        "lost": [_lost_edge(found, edge) for edge in changes.lost],
        "changed": [
            {"before": edge_row(found.before, pair.before), "after": edge_row(found.after, pair.after)}
            for pair in changes.changed
        ],
    }


def _lost_edge(found: Difference, edge: Edge) -> LostEdge:
    return {**edge_row(found.before, edge), "because": _why(found, edge.statement)}


def _why(found: Difference, statement: int) -> WhyLost:
    fate = found.fates[statement]
    return {"how": fate.code, "edition": fate.edition, "reason": fate.reason or None}
