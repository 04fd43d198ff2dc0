"""Reviewed matches between records of different sources: merged where they are the same, proposed where they may be.

`fixtures/reconcile/*.yaml` lists them with a reason each. A match that an editor has undone stays undone.
"""

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


@dataclass(frozen=True, slots=True)
class Match:
    """One reviewed match: the source's record, ours, and why."""

    source: str
    external_id: str
    record: str
    action: str
    reason: str


def read_matches(folder: Path) -> list[Match]:
    """Read every match of a folder. Raises InvalidInput, naming the file, for a malformed one."""
    matches: list[Match] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506
            matches += [_match(content["source"], row) for row in content["matches"]]
        except (yaml.YAMLError, KeyError, TypeError, InvalidInput) as error:
            raise InvalidInput(f"reconcile/{path.name}: malformed ({error}).") from None
    return matches


def _match(source: str, row: dict[str, Any]) -> Match:
    match = Match(source, row["theirs"], row["ours"], row.get("action", "same"), row["reason"])
    if match.action not in ACTIONS:
        raise InvalidInput(f"“{match.action}” is not an action")
    return match


def reconcile(folder: Path) -> int:
    """Apply every match whose two records are on file and which is neither applied nor undone; return how many."""
    changes = [change for match in read_matches(folder) for change in _change(match)]
    if changes:
        publish(changes, actor="reconcile", reason="Reviewed matches between the founding world and its sources.")
    return len(changes)


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
    report = SourceKey.objects.filter(source=match.source, external_id="source").values_list("record_id", flat=True).first()
    evidence = () if report is None else (do.EvidenceDraft(report=report, kind="inference", gist=match.reason),)
    return do.AddStatement(subject=record.id, predicate="possibly_same_as", object=other.id, note=match.reason, evidence=evidence)
