"""How an issue stands to an artifact, as JSON: the class, where it comes from and the path that decides it."""

from typing import Annotated, TypedDict

from kb.core.vocabulary import plain
from kb.exchange.exporters.reference import RecordReference, record_reference
from kb.lineage.reach import Reach
from kb.records.responses import Contested
from kb.records.vocabularies import CARRIES, IMPACTS, STATUSES

EXPOSURES = plain(
    "exposure", present="Present", inherited="Inherited", possibly_inherited="Possibly inherited", remediated="Remediated"
)  # fmt: skip


class StepRow(TypedDict):
    """One step of the path that decides how an issue stands to an artifact."""

    statement: int
    parent: RecordReference
    child: RecordReference
    reads: str
    carries: Annotated[str, CARRIES]
    status: Annotated[str, STATUSES]
    contested: Annotated[bool, "Whether a dispute about this step is open."]


class ReachRow(TypedDict):
    """One issue and one artifact. Descent is not presence: only `present` says that the issue is in the artifact."""

    issue: RecordReference
    artifact: RecordReference
    exposure: Annotated[str, EXPOSURES]
    mitigated: bool
    contested: Annotated[bool, "Whether a dispute about the issue, or about its impact on the origin, is open."]
    origin: Annotated[RecordReference, "The artifact that the issue was found in."]
    impact: Annotated[int, "Number of the statement that says so."]
    own_impact: Annotated[str | None, IMPACTS]
    path: Annotated[list[StepRow], "The deciding path, from the origin to the artifact."]
    weakest: Annotated[int | None, "The statement of the step that decides how sure it is."]


def reach_row(reach: Reach, disputed: Contested) -> ReachRow:
    """Shape how one issue stands to one artifact; `disputed` is what is contested at that edition."""
    return {
        "issue": record_reference(reach.issue),
        "artifact": record_reference(reach.record),
        "exposure": reach.category,
        "mitigated": reach.mitigated,
        "contested": disputed.holds(reach.impact) or bool(reach.own and disputed.holds(reach.own)),
        "origin": record_reference(reach.origin),
        "impact": reach.impact.statement_id,
        "own_impact": reach.own.qualifier if reach.own else None,
        "path": [
            {
                "statement": step.statement, "parent": record_reference(step.parent), "child": record_reference(step.child),
                "reads": step.reads, "carries": step.carries, "status": step.status,
                "contested": step.statement in disputed.statements,
            }
            for step in reach.path
        ],
        "weakest": reach.weakest.statement if reach.weakest else None,
    }  # fmt: skip
