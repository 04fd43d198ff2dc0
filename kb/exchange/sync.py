"""Bringing a source's drafts and the record together: find what is bound, publish only what differs.

drafts -> changes -> publish_run: data flows one way. Running it twice changes nothing; what a source no longer says
is closed, never deleted.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from kb.core.clock import today
from kb.core.errors import InvalidInput, UserError
from kb.exchange.drafts import EvidenceSaid, RecordDraft, Said
from kb.exchange.withdrawn import withdrawn_keys, without_withdrawn
from kb.ledger.models import Edition
from kb.records import changes as do
from kb.records.checks import known_predicate, typed_value
from kb.records.detail import DETAILS, PARTS, Detail
from kb.records.models import Evidence, Record, SourceKey, Statement
from kb.records.publish import publish_run, statement_identity
from kb.records.sources import Source

_CHUNK = 500
# Parties publish reports, and evidence cites reports: they are created first.
_ORDER = ("party", "report")


@dataclass(slots=True)
class Outcome:
    """What a run did: counts of changes by kind, and the editions it made."""

    counts: Counter[str] = field(default_factory=Counter)
    editions: list[Edition] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes that a run would publish; `refs` are the records of the source that are on file, by their keys."""

    changes: tuple[do.Change, ...]
    refs: dict[str, int]


def sync(
    source: Source, drafts: Sequence[RecordDraft], *, actor: str, reason: str, closes: str = "",
    progress: Callable[[int, int], object] = lambda done, total: None,
) -> Outcome:  # fmt: skip
    """Publish what a source says and the record does not yet.

    `closes` is the key of the report through which this source speaks: evidence from it that is no longer among the
    drafts is closed with today's date. Raises UserError, naming the record, where a draft cannot be published.
    """
    return carry_out(plan(source, drafts, closes), actor=actor, reason=reason, progress=progress)


def plan(source: Source, drafts: Sequence[RecordDraft], closes: str = "") -> Plan:
    """Compare what a source says with the record. Raises UserError, naming the record, where a draft cannot stand."""
    comparison = _Comparison(source, drafts, closes)
    return Plan(tuple(comparison.changes()), comparison.known)


def carry_out(
    wanted: Plan, *, actor: str, reason: str, progress: Callable[[int, int], object] = lambda done, total: None
) -> Outcome:
    """Publish what was planned."""
    done = 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        progress(done, len(wanted.changes))

    editions = publish_run(wanted.changes, actor=actor, reason=reason, refs=dict(wanted.refs), progress=step)
    return Outcome(Counter(type(change).__name__ for change in wanted.changes), editions)


class _Comparison:
    """One source's drafts beside what is on record of them."""

    def __init__(self, source: Source, drafts: Sequence[RecordDraft], closes: str) -> None:
        self.source = source
        self.closes = closes
        self.known = dict(SourceKey.objects.filter(source=source.code).values_list("external_id", "record_id"))
        standing = without_withdrawn(drafts, withdrawn_keys(self.known))
        self.drafts = sorted(standing, key=lambda draft: _ORDER.index(draft.kind) if draft.kind in _ORDER else len(_ORDER))
        self.records = _in_bulk(Record, [self.known[draft.key] for draft in drafts if draft.key in self.known])
        self.stated = self._stated()
        self.evidence = self._evidence()
        self.still_said: set[int] = set()

    def _stated(self) -> dict[str, Statement]:
        """Statements on file that the drafts make too, by identity."""
        identities = [identity for draft in self.drafts for said in draft.statements if (identity := self._identity(draft, said))]
        found: dict[str, Statement] = {}
        for start in range(0, len(identities), _CHUNK):
            rows = Statement.objects.filter(identity__in=identities[start : start + _CHUNK])
            found |= {row.identity: row for row in rows}
        return found

    def _evidence(self) -> dict[int, list[Evidence]]:
        grouped: dict[int, list[Evidence]] = {}
        ids = sorted(row.id for row in self.stated.values())
        for start in range(0, len(ids), _CHUNK):
            for row in Evidence.objects.filter(statement__in=ids[start : start + _CHUNK]):
                grouped.setdefault(row.statement_id, []).append(row)
        return grouped

    def _identity(self, draft: RecordDraft, said: Said) -> str | None:
        """The identity of a statement whose ends are both on record, or None."""
        subject, target = self.known.get(draft.key), self.known.get(said.object)
        if subject is None or (said.object and target is None):
            return None
        value = None if said.value is None else typed_value(known_predicate(said.predicate), said.value)
        return statement_identity(subject, said.predicate, target, value, said.qualifier)

    def changes(self) -> Iterator[do.Change]:
        """Yield every change that brings the record to what the source says: records first, then statements."""
        for draft in self.drafts:
            yield from self._named(draft, self._record_changes(draft))
        for draft in self.drafts:
            yield from self._named(draft, self._statement_changes(draft))
        yield from self._closed()

    def _named(self, draft: RecordDraft, changes: Iterable[do.Change]) -> Iterator[do.Change]:
        try:
            yield from changes
        except UserError as error:
            raise InvalidInput(f"{draft.key}: {error}") from None

    def _record_changes(self, draft: RecordDraft) -> Iterator[do.Change]:
        record = self.records.get(self.known.get(draft.key, 0))
        if record is None:
            yield do.CreateRecord(
                ref=draft.key, kind=draft.kind, name=draft.name, slug=draft.slug, aliases=draft.aliases, detail=draft.detail,
                identifiers=draft.identifiers, source_keys=((self.source.code, draft.key),),
                slug_stem=f"{self.source.slug_prefix} {draft.name}" if self.source.slug_prefix else "",
            )  # fmt: skip
            for part, fields in draft.parts:
                yield do.AddPart(record=draft.key, part=part, fields=fields)
            return
        if record.kind != draft.kind:
            raise InvalidInput(f"{record.public_id} is a {record.kind}, and the source now calls it a {draft.kind}.")
        yield from self._record_differences(record, draft)

    def _record_differences(self, record: Record, draft: RecordDraft) -> Iterator[do.Change]:
        if draft.name != record.name:
            yield do.RenameRecord(record=record.id, name=draft.name)
        if draft.slug and draft.slug != record.slug:
            yield do.RenameRecord(record=record.id, slug=draft.slug)
        aliases = set(record.names.values_list("text", flat=True)) if draft.aliases else set()
        for text, ambiguous in draft.aliases.items():
            if text not in aliases:
                yield do.AddAlias(record=record.id, text=text, ambiguous=ambiguous)
        identifiers = set(record.identifiers.values_list("scheme", "value")) if draft.identifiers else set()
        for scheme, value in draft.identifiers:
            if (scheme, value) not in identifiers:
                yield do.AddIdentifier(record=record.id, scheme=scheme, value=value)
        yield from self._detail_differences(record, draft)
        yield from self._part_differences(record, draft)

    def _detail_differences(self, record: Record, draft: RecordDraft) -> Iterator[do.Change]:
        detail = DETAILS.get(draft.kind)
        if detail is None or not draft.detail:
            return
        row = self._rows_of(detail, record).get()
        fields = {
            name: value
            for name, value in draft.detail.items()
            if getattr(row, f"{name}_id" if name in detail.records else name) != self._stored(detail, name, value)
        }
        if fields:
            yield do.AmendDetail(record=record.id, fields=fields)

    def _rows_of(self, detail: Detail, record: Record) -> QuerySet[Any]:
        """The rows of a detail table that belong to a record; each such table points to it by this column."""
        owned: dict[str, Any] = {"record_id": record.id}
        return detail.model._base_manager.filter(**owned)

    def _stored(self, detail: Detail, name: str, value: object) -> object:
        """A field's value as its column holds it; a record that the run has yet to create is none there."""
        return self.known.get(str(value)) if name in detail.records else value

    def _part_differences(self, record: Record, draft: RecordDraft) -> Iterator[do.Change]:
        for part, detail in PARTS.items():
            columns = detail.identity
            offered = [fields for name, fields in draft.parts if name == part]
            if not offered:
                continue
            stored = set(self._rows_of(detail, record).values_list(*columns))
            for fields in offered:
                if tuple(fields[column] for column in columns) not in stored:
                    yield do.AddPart(record=record.id, part=part, fields=fields)

    def _statement_changes(self, draft: RecordDraft) -> Iterator[do.Change]:
        for said in draft.statements:
            identity = self._identity(draft, said)
            statement = self.stated.get(identity) if identity else None
            if statement is None:
                yield self._new_statement(draft, said)
            else:
                yield from self._differences(statement, said)

    def _new_statement(self, draft: RecordDraft, said: Said) -> do.AddStatement:
        row = known_predicate(said.predicate)
        return do.AddStatement(
            subject=draft.key, predicate=said.predicate, object=said.object or None,
            value=None if said.value is None else typed_value(row, said.value), qualifier=said.qualifier, unit=said.unit,
            start=said.start, end=said.end, note=said.note, rank=said.rank,
            evidence=tuple(_draft(evidence) for evidence in said.evidence),
        )  # fmt: skip

    def _differences(self, statement: Statement, said: Said) -> Iterator[do.Change]:
        """An editor's rank stays: a source that says something again does not revive it."""
        wanted = {"unit": said.unit, "start": said.start, "end": said.end, "note": said.note}
        fields = {column: value for column, value in wanted.items() if getattr(statement, column) != value}
        if fields:
            yield do.AmendStatement(statement=statement.id, fields=fields)
        for evidence in said.evidence:
            yield from self._evidence_changes(statement, evidence)

    def _evidence_changes(self, statement: Statement, said: EvidenceSaid) -> Iterator[do.Change]:
        key = (self.known.get(said.report), said.stance, said.locator, self.known.get(said.cited_in))
        rows = self.evidence.get(statement.id, ())
        row = next((row for row in rows if (row.report_id, row.stance, row.locator, row.cited_in_id) == key), None)
        if row is None:
            yield do.AddEvidence(statement=statement.id, evidence=_draft(said))
            return
        self.still_said.add(row.id)
        wanted: dict[str, object] = {
            "gist": said.gist, "start": said.start, "confidence": said.confidence,
            "confidence_reason": said.confidence_reason, "last_seen": None,
        }  # fmt: skip
        if said.last_checked:
            wanted["last_checked"] = said.last_checked
        fields = {column: value for column, value in wanted.items() if getattr(row, column) != value}
        if fields:
            yield do.AmendEvidence(evidence=row.id, fields=fields)

    def _closed(self) -> Iterator[do.Change]:
        """Close what this source's report said before and says no longer."""
        report = self.known.get(self.closes) if self.closes else None
        if report is None:
            return
        ends = {"statement__subject__withdrawn": None, "statement__object__withdrawn": None}
        for row in Evidence.objects.filter(report=report, last_seen=None, **ends).exclude(kind="inference"):
            if row.id not in self.still_said:
                yield do.AmendEvidence(evidence=row.id, fields={"last_seen": today()})


def _draft(said: EvidenceSaid) -> do.EvidenceDraft:
    return do.EvidenceDraft(
        report=said.report, kind=said.kind, gist=said.gist, stance=said.stance, locator=said.locator,
        cited_in=said.cited_in or None, said_by=said.said_by or None, start=said.start, confidence=said.confidence,
        confidence_reason=said.confidence_reason, accessed=said.last_checked, last_checked=said.last_checked, first_seen=today(),
    )  # fmt: skip


def _in_bulk(model: type[Record], ids: list[int]) -> dict[int, Record]:
    found: dict[int, Record] = {}
    for start in range(0, len(ids), _CHUNK):
        found |= model.objects.in_bulk(ids[start : start + _CHUNK])
    return found
