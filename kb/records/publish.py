"""`publish()`: the one function that writes public rows.

It takes the pen, applies typed changes to a workspace, derives statuses and hands the rows to the ledger, all in one
transaction: a change set is published whole or not at all. Who may propose what is judged before, in review.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import singledispatch
from typing import Any

from django.db import transaction

from kb.core.errors import Conflict, InvalidInput
from kb.core.ids import fold
from kb.ledger.chain import canonical
from kb.ledger.models import Edition, PublicRow
from kb.ledger.write import EDITION_LIMIT, take_pen, write_edition
from kb.records import changes as do
from kb.records.checks import (
    check_ends,
    check_evidence,
    check_kind,
    check_override,
    check_period,
    check_statement,
    known_predicate,
    typed_value,
)
from kb.records.derive import derive_statuses
from kb.records.detail import DETAILS, PARTS, Detail
from kb.records.identifiers import check_identifier
from kb.records.issue_codes import HAZARDS
from kb.records.models import Evidence, Identifier, Name, Record, RetiredSlug, SourceKey, Statement
from kb.records.predicates import Predicate
from kb.records.sources import SOURCES
from kb.records.versions import record_versions
from kb.records.workspace import Workspace


def publish(changes: Iterable[do.Change], *, actor: str, reason: str, refs: dict[str, int] | None = None) -> Edition | None:
    """Publish changes as one edition; return it, or None where they change nothing.

    `refs` maps references of records created earlier in the same run to their ids, and is added to.
    Raises InvalidInput or Conflict, and changes nothing then.
    """
    wanted = list(changes)
    if not reason.strip():
        raise InvalidInput("An edition needs a public reason.")
    known = dict(refs or {})
    with transaction.atomic():
        work = Workspace(take_pen(), known)
        work.load(wanted)
        _refuse_double_statements(work, wanted)
        _refuse_bound_keys(wanted)
        for change in wanted:
            apply(change, work)
        derive_statuses(work)
        if not work.writes:
            return None
        work.flush_counters()
        edition = write_edition(work.head, work.writes, actor, reason)
        record_versions(work.written(Statement), edition.number)
    if refs is not None:
        refs.update(known)
    return edition


def publish_run(
    changes: Sequence[do.Change], *, actor: str, reason: str, refs: dict[str, int] | None = None,
    progress: Callable[[int], object] = lambda count: None,
) -> list[Edition]:  # fmt: skip
    """Publish many changes as a run of editions, each whole in itself; `progress` is told how many changes went in.

    `refs` maps the references of records on file to their ids.
    """
    refs = dict(refs or {})
    editions = []
    for chunk in _chunks(changes):
        edition = publish(chunk, actor=actor, reason=reason, refs=refs)
        editions += [edition] if edition else []
        progress(len(chunk))
    return editions


def _chunks(changes: Sequence[do.Change]) -> Iterator[list[do.Change]]:
    """Cut a run so that no edition exceeds its limit; half of it is left for statuses that follow."""
    chunk: list[do.Change] = []
    weight = 0
    for change in changes:
        size = _weight(change)
        if chunk and weight + size > EDITION_LIMIT // 2:
            yield chunk
            chunk, weight = [], 0
        chunk.append(change)
        weight += size
    if chunk:
        yield chunk


def _weight(change: do.Change) -> int:
    """How many rows a change writes at most."""
    if isinstance(change, do.CreateRecord):
        return 2 + len(change.aliases) + len(change.identifiers) + len(change.source_keys)
    if isinstance(change, do.AddStatement):
        return 1 + len(change.evidence)
    return 2


def statement_identity(
    subject: int, predicate: str, target: int | None, value: object, qualifier: str
) -> str:
    """Return the digest that makes a statement itself: what it says of what, without its dates."""
    parts = [subject, predicate, target, None if value is None else str(value), qualifier]
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def _refuse_double_statements(work: Workspace, changes: Sequence[do.Change]) -> None:
    """Name a statement that is on file already before the database does so in its own words."""
    stated = [change for change in changes if isinstance(change, do.AddStatement)]
    identities = {}
    for change in stated:
        if all(not isinstance(ref, str) or ref in work.refs for ref in (change.subject, change.object) if ref is not None):
            identities[_identity(work, change)] = change
    keys = sorted(identities)
    for start in range(0, len(keys), 500):
        taken = Statement.objects.filter(identity__in=keys[start : start + 500]).first()
        if taken:
            raise Conflict(f"“{taken.predicate}” is already stated there: statement {taken.id}.")


def _refuse_bound_keys(changes: Sequence[do.Change]) -> None:
    """Name a source key that is bound already before the database does so in its own words."""
    keys = [key for change in changes if isinstance(change, do.CreateRecord) for key in change.source_keys]
    keys += [(change.source, change.external_id) for change in changes if isinstance(change, do.AddSourceKey)]
    for source in {source for source, _ in keys}:
        wanted = sorted(external_id for of, external_id in keys if of == source)
        for start in range(0, len(wanted), 500):
            bound = SourceKey.objects.filter(source=source, external_id__in=wanted[start : start + 500]).first()
            if bound:
                raise Conflict(f"“{bound.external_id}” of {source} is bound to a record already.")


def _identity(work: Workspace, change: do.AddStatement) -> str:
    row = known_predicate(change.predicate)
    value = None if change.value is None else typed_value(row, change.value)
    subject = work.record(change.subject).id
    return statement_identity(subject, change.predicate, work.record_id(change.object), value, change.qualifier)


@singledispatch
def apply(change: do.Change, work: Workspace) -> None:
    """Apply one change to the workspace."""
    raise InvalidInput(f"{type(change).__name__} cannot be published.")


@apply.register
def _create_record(change: do.CreateRecord, work: Workspace) -> None:
    check_kind(change.kind)
    name = _name(change.name)
    detail = DETAILS.get(change.kind)
    if detail:
        detail.check(change.detail, complete=True)
    elif change.detail:
        raise InvalidInput(f"A {change.kind} has no fields of its own.")
    record = work.insert(
        Record, kind=change.kind, number=work.next_number(f"id:{change.kind}"), name=name, folded=fold(name)[:300],
        slug=work.take_slug(change.slug, name), hazard=change.detail.get("code") in HAZARDS,
    )  # fmt: skip
    work.keep(change.ref, record)
    if detail:
        work.insert(detail.model, record_id=record.id, **_columns(work, detail, change.detail))
        _remember_detail(work, record, change.detail)
    for text, ambiguous in change.aliases.items():
        apply(do.AddAlias(record=record.id, text=text, ambiguous=ambiguous), work)
    for scheme, value in change.identifiers:
        apply(do.AddIdentifier(record=record.id, scheme=scheme, value=value), work)
    for source, external_id in change.source_keys:
        apply(do.AddSourceKey(record=record.id, source=source, external_id=external_id), work)


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= 300:
        raise InvalidInput("A record has a name of at most 300 characters.")
    return name


def _columns(work: Workspace, detail: Detail, fields: do.Fields) -> dict[str, Any]:
    """Turn fields into columns: fields that point to records become their ids."""
    return {
        (f"{name}_id" if name in detail.records else name): work.record_id(value) if name in detail.records else value  # type: ignore[arg-type]
        for name, value in fields.items()
    }


def _remember_detail(work: Workspace, record: Record, fields: do.Fields) -> None:
    """What later changes of the same edition need to know of a party's type and of a hazard."""
    if record.kind == "party":
        work.party_types[record.id] = str(fields.get("type", "other"))
    if record.kind == "issue" and fields.get("code") in HAZARDS:
        work.hazards.add(record.id)


@apply.register
def _rename_record(change: do.RenameRecord, work: Workspace) -> None:
    record = work.record(change.record)
    values: dict[str, Any] = {}
    if change.name:
        name = _name(change.name)
        values |= {"name": name, "folded": fold(name)[:300]}
    if change.slug and change.slug != record.slug:
        values["slug"] = work.take_slug(change.slug, record.name)
        work.insert(RetiredSlug, record_id=record.id, slug=record.slug)
    work.update(record, values, hazard=record.id in work.hazards)


@apply.register
def _amend_detail(change: do.AmendDetail, work: Workspace) -> None:
    record = work.record(change.record)
    detail = DETAILS.get(record.kind)
    if detail is None:
        raise InvalidInput(f"A {record.kind} has no fields of its own.")
    detail.check(change.fields, complete=False)
    row = next((row for row in work.written(detail.model) if getattr(row, "record_id", 0) == record.id), None)
    row = row or detail.model._base_manager.get(record_id=record.id)
    work.update(row, _columns(work, detail, change.fields))
    _remember_detail(work, record, change.fields)


@apply.register
def _add_alias(change: do.AddAlias, work: Workspace) -> None:
    record = work.record(change.record)
    text = _name(change.text)
    work.claim(Name, f"The name “{text}”", owner=record, record_id=record.id, text=text)
    work.insert(
        Name, record_id=record.id, text=text, folded=fold(text)[:300], ambiguous=change.ambiguous,
        hazard=record.id in work.hazards,
    )  # fmt: skip


@apply.register
def _add_identifier(change: do.AddIdentifier, work: Workspace) -> None:
    check_identifier(change.scheme, change.value)
    record = work.record(change.record)
    columns = {"record_id": record.id, "scheme": change.scheme, "value": change.value}
    work.claim(Identifier, f"The identifier {change.value}", owner=record, **columns)
    work.insert(Identifier, hazard=record.id in work.hazards, **columns)


@apply.register
def _add_source_key(change: do.AddSourceKey, work: Workspace) -> None:
    if change.source not in SOURCES:
        raise InvalidInput(f"“{change.source[:40]}” is not a known source.")
    work.claim(SourceKey, f"The source key “{change.external_id}”", source=change.source, external_id=change.external_id)
    work.insert(SourceKey, record_id=work.record(change.record).id, source=change.source, external_id=change.external_id)


@apply.register
def _add_part(change: do.AddPart, work: Workspace) -> None:
    record, part = work.record(change.record), PARTS.get(change.part)
    if part is None or record.kind != "legislation":
        raise InvalidInput("Provisions and actions belong to legislation.")
    part.check(change.fields, complete=True)
    same = {column: change.fields[column] for column in part.identity}
    work.claim(part.model, f"This {change.part}", owner=record, record_id=record.id, **same)
    work.insert(part.model, record_id=record.id, **_columns(work, part, change.fields))


@apply.register
def _merge_record(change: do.MergeRecord, work: Workspace) -> None:
    record, into = work.record(change.record), work.record(change.into)
    if record.kind not in {into.kind, "unresolved"} or not (record.kind == into.kind or into.is_artifact):
        raise InvalidInput(f"A {record.kind} cannot be merged into a {into.kind}.")
    speaker = into
    while speaker.merged_into_id is not None:
        speaker = work.record(speaker.merged_into_id)
    if speaker.id == record.id:
        raise InvalidInput("A record cannot be merged into itself.")
    work.update(record, {"merged_into_id": into.id})


@apply.register
def _unmerge_record(change: do.UnmergeRecord, work: Workspace) -> None:
    work.update(work.record(change.record), {"merged_into_id": None})


@apply.register
def _add_statement(change: do.AddStatement, work: Workspace) -> None:
    row = known_predicate(change.predicate)
    check_statement(change, row)
    subject = work.record(change.subject)
    target = work.record(change.object) if change.object is not None else None
    party_type = work.party_types.get(target.id, "") if target else ""
    check_ends(row, subject.kind, target.kind if target else None, party_type)
    value = None if change.value is None else typed_value(row, change.value)
    hazard = subject.id in work.hazards or bool(target and target.id in work.hazards)
    identity = statement_identity(subject.id, row.code, target.id if target else None, value, change.qualifier)
    work.claim(Statement, f"“{row.code}” of {subject.name}", identity=identity)
    statement = work.insert(
        Statement, hazard=hazard, subject_id=subject.id, predicate=row.code, object_id=target.id if target else None,
        identity=identity, qualifier=change.qualifier, unit=change.unit, start=change.start, end=change.end,
        note=change.note, rank=change.rank, status="needs_source", **({row.column: value} if value is not None else {}),
    )  # fmt: skip
    for draft in change.evidence:
        _insert_evidence(work, statement, row, draft, hazard=hazard)


def _insert_evidence(work: Workspace, statement: Statement, row: Predicate, draft: do.EvidenceDraft, *, hazard: bool) -> None:
    check_evidence(draft, row)
    report = work.record(draft.report)
    cited_in, said_by = (work.record(ref) if ref is not None else None for ref in (draft.cited_in, draft.said_by))
    if report.kind != "report" or (cited_in and cited_in.kind != "report"):
        raise InvalidInput("Evidence cites a report.")
    if said_by and said_by.kind != "party":
        raise InvalidInput("Evidence is the word of a party.")
    same = {
        "statement_id": statement.id, "report_id": report.id, "stance": draft.stance, "locator": draft.locator,
        "cited_in_id": cited_in.id if cited_in else None,
    }  # fmt: skip
    work.claim(Evidence, f"This evidence from {report.name}", owner=statement, **same)
    work.insert(
        Evidence, hazard=hazard, **same, said_by_id=said_by.id if said_by else None, kind=draft.kind, gist=draft.gist.strip(),
        quotation=draft.quotation, start=draft.start, end=draft.end, confidence=draft.confidence,
        confidence_reason=draft.confidence_reason, accessed=draft.accessed, last_checked=draft.last_checked,
        first_seen=draft.first_seen,
    )  # fmt: skip


_AMENDABLE = frozenset({"start", "end", "note", "rank", "unit", "override", "override_reason"})
_AMENDABLE_EVIDENCE = frozenset(
    {"gist", "quotation", "locator", "start", "end", "confidence", "confidence_reason", "accessed", "last_checked", "last_seen"}
)


@apply.register
def _amend_statement(change: do.AmendStatement, work: Workspace) -> None:
    _refuse_other_fields(change.fields, _AMENDABLE)
    statement = work.row(Statement, change.statement)
    values = {column: getattr(statement, column) for column in _AMENDABLE} | change.fields  # type: ignore[operator]
    check_period(str(values["start"]), str(values["end"]))
    check_override(str(values["override"]), str(values["override_reason"]))
    work.update(statement, change.fields, hazard=_is_hazard(work, statement))


@apply.register
def _retract_statement(change: do.RetractStatement, work: Workspace) -> None:
    work.update(work.row(Statement, change.statement), {"retracted": True})


@apply.register
def _add_evidence(change: do.AddEvidence, work: Workspace) -> None:
    statement = work.row(Statement, change.statement)
    work.touched.add(statement.id)
    row = known_predicate(statement.predicate)
    _insert_evidence(work, statement, row, change.evidence, hazard=_is_hazard(work, statement))


@apply.register
def _amend_evidence(change: do.AmendEvidence, work: Workspace) -> None:
    _refuse_other_fields(change.fields, _AMENDABLE_EVIDENCE)
    evidence: PublicRow = work.row(Evidence, change.evidence)
    assert isinstance(evidence, Evidence)
    statement = work.row(Statement, evidence.statement_id)
    work.touched.add(statement.id)
    work.update(evidence, change.fields, hazard=_is_hazard(work, statement))


def _is_hazard(work: Workspace, statement: Statement) -> bool:
    ends = {statement.subject_id, statement.object_id} - {None}
    for record_id in ends:
        work.record(record_id or 0)
    return bool(ends & work.hazards)


def _refuse_other_fields(fields: do.Fields, allowed: frozenset[str]) -> None:
    if extra := sorted(set(fields) - allowed):
        raise InvalidInput(f"{', '.join(extra)} cannot be amended; amendable are {', '.join(sorted(allowed))}.")
