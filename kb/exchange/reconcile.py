"""Reviewed matches between records of different sources: merged where they are the same, proposed where they may be.

`fixtures/reconcile/*.yaml` lists them with a reason each, and the dependencies of a source that a reviewed statement of
ours says more exactly: those are deprecated. What an editor has undone stays undone.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kb.core.errors import InvalidInput
from kb.ledger.models import Payload
from kb.records import changes as do
from kb.records.models import Record, SourceKey, Statement
from kb.records.publish import publish, statement_identity

ACTIONS = ("same", "propose")
_NOT_HELD = ("needs_source", "refuted", "retracted")


@dataclass(frozen=True, slots=True)
class Match:
    """One reviewed match: the source's record, ours, and why."""

    source: str
    external_id: str
    record: str
    action: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refinement:
    """A dependency of the source, by external ids, and the statement of ours that says it more exactly."""

    source: str
    child: str
    parent: str
    subject: str
    predicate: str
    object: str
    reason: str


def read_reviewed(folder: Path) -> tuple[list[Match], list[Refinement]]:
    """Read every match and refinement of a folder. Raises InvalidInput, naming the file, for a malformed one."""
    matches: list[Match] = []
    refinements: list[Refinement] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            matches += [_match(content["source"], row) for row in content["matches"]]
            refinements += [_refinement(content["source"], row) for row in content.get("refined") or ()]
        except (yaml.YAMLError, KeyError, TypeError, ValueError, InvalidInput) as error:
            raise InvalidInput(f"reconcile/{path.name}: malformed ({error}).") from None
    return matches, refinements


def _match(source: str, row: dict[str, Any]) -> Match:
    match = Match(source, row["theirs"], row["ours"], row.get("action", "same"), row["reason"])
    if match.action not in ACTIONS:
        raise InvalidInput(f"“{match.action}” is not an action")
    return match


def _refinement(source: str, row: dict[str, Any]) -> Refinement:
    subject, predicate, target = row["ours"]
    child, parent = row["theirs"]
    return Refinement(source, child, parent, subject, predicate, target, row["reason"])


def reconcile(folder: Path) -> int:
    """Apply everything reviewed whose records are on file and which is neither applied nor undone; return how many."""
    matches, refinements = read_reviewed(folder)
    changes = [change for match in matches for change in _change(match)]
    if changes:
        publish(changes, actor="reconcile", reason="Reviewed matches between the founding world and its sources.")
    return len(changes) + _refine(refinements)


def _refine(refinements: list[Refinement]) -> int:
    """Deprecate refined dependencies, in one edition for each reason, which is the public one."""
    by_reason: dict[str, list[do.Change]] = defaultdict(list)
    for refinement in refinements:
        by_reason[refinement.reason] += [
            do.AmendStatement(statement=row, fields={"rank": "deprecated"}) for row in _refined(refinement)
        ]
    for reason, changes in by_reason.items():
        publish(changes, actor="reconcile", reason=reason)
    return sum(map(len, by_reason.values()))


def _refined(refinement: Refinement) -> list[int]:
    """The statement of the source, where ours stands and nobody has put theirs back."""
    ours = Statement.objects.filter(
        subject__slug=refinement.subject, predicate=refinement.predicate, object__slug=refinement.object
    )
    if not ours.exclude(rank="deprecated").exclude(status__in=_NOT_HELD).exists():
        return []
    child, parent = (_bound(refinement.source, key) for key in (refinement.child, refinement.parent))
    theirs = Statement.objects.filter(subject=child, predicate="depends_on", object=parent).exclude(rank="deprecated")
    return [row for row in theirs.values_list("id", flat=True) if not _was_deprecated(row)]


def _bound(source: str, external_id: str) -> int | None:
    return SourceKey.objects.filter(source=source, external_id=external_id).values_list("record_id", flat=True).first()


def _was_deprecated(statement: int) -> bool:
    past = Payload.objects.filter(change__table=Statement._meta.db_table, change__row_id=statement)
    return past.filter(body__contains='"rank":"deprecated"').exists()


def _change(match: Match) -> Iterator[do.Change]:
    theirs = SourceKey.objects.filter(source=match.source, external_id=match.external_id).select_related("record").first()
    ours = Record.objects.filter(slug=match.record).first()
    if theirs is None or ours is None:
        return
    if match.action == "same" and not _was_merged(theirs.record, ours):
        yield do.MergeRecord(record=theirs.record_id, into=ours.id)
    if match.action == "propose" and not _is_proposed(theirs.record, ours):
        yield _proposal(match, theirs.record, ours)


def _was_merged(record: Record, into: Record) -> bool:
    """Whether this merge stands, or stood once and was taken back."""
    if record.merged_into_id is not None:
        return True
    past = Payload.objects.filter(change__table=Record._meta.db_table, change__row_id=record.id)
    return past.filter(body__contains=f'"merged_into_id":{into.id},').exists()


def _is_proposed(record: Record, other: Record) -> bool:
    identity = statement_identity(record.id, "possibly_same_as", other.id, None, "")
    return Statement.objects.filter(identity=identity).exists()


def _proposal(match: Match, record: Record, other: Record) -> do.AddStatement:
    report = _bound(match.source, "source")
    evidence = () if report is None else (do.EvidenceDraft(report=report, kind="inference", gist=match.reason),)
    return do.AddStatement(subject=record.id, predicate="possibly_same_as", object=other.id, note=match.reason, evidence=evidence)
