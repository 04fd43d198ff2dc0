"""The path that stands out in a lineage picture, as a strip: its steps from what came first to what was made of it.

Where nothing stands out it says why, in a sentence. The trace page, with the sources of every step, is the trace view's.
"""

from dataclasses import dataclass

from kb.lineage.answer import Edge, Node
from kb.lineage.ask import Answer
from kb.lineage.step_rows import StepRows
from kb.pages.headline import Headline
from kb.records.models import Record


@dataclass(frozen=True)
class Step:
    """One step of the path: what came of it, by which relation, from what, and how sure that is."""

    child: Record
    reads: str
    parent: Record
    status: str


@dataclass(frozen=True)
class Traced:
    """The record that was asked to be traced, the steps of its path, the page of its sources, and what must be said of it."""

    record: Record
    steps: list[Step]
    href: str = ""
    note: str = ""


def traced(headline: Headline, record: Record, *, draws_leads: bool) -> Traced:
    """Tell the path to a record, or why there is none to be seen."""
    answer, outline = headline.answer, headline.answer.outline
    node = next((one for one in (*outline.nodes, *outline.lead_nodes) if one.record == record.id), None)
    if node is None:
        return Traced(record, [], note=_why_not(headline, record))
    edges = answer.path(node)
    answer.bring(edges)
    ordered = edges if headline.downstream else edges[::-1]
    return Traced(
        record, [_step(headline.answer, edge) for edge in ordered], StepRows(answer).trace(record),
        _note(node, drawn=not node.is_lead or draws_leads or not outline.nodes),
    )  # fmt: skip


def _step(answer: Answer, edge: Edge) -> Step:
    return Step(answer.record(edge.child), answer.reads(edge), answer.record(edge.parent), edge.status)


def _note(node: Node, *, drawn: bool) -> str:
    if not node.is_lead:
        return ""
    lead = "It is a lead to check, not a finding."
    return lead if drawn else f"{lead} The picture leaves leads out: have them drawn to see it."


def _why_not(headline: Headline, record: Record) -> str:
    answer, root = headline.answer, headline.answer.root
    if record.id in (root.id, answer.world.speaker(root.id)):
        return "It is the record asked about: there is no path to trace."
    whole = headline.without_filters
    if whole and any(record.id == one.record for one in (*whole.answer.outline.nodes, *whole.answer.outline.lead_nodes)):
        return f"It is not among what the filters leave ({headline.filters}); without them a path is known."
    way = "down" if headline.downstream else "up"
    return f"No known path {way} from {root.name} leads to it, so nothing stands out. That is not evidence that there is none."
