"""Changes of records: their names, slugs, identifiers, source keys, fields, parts and merges."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kb.core.errors import InvalidInput
from kb.core.ids import fold
from kb.records import changes as do
from kb.records.apply.strict import hold_strictly
from kb.records.checks import check_kind
from kb.records.detail import DETAILS, PARTS, Detail
from kb.records.identifiers import check_identifier
from kb.records.issue_codes import HAZARDS
from kb.records.kinds import KINDS
from kb.records.merged import groups
from kb.records.models import Identifier, Name, Record, RetiredSlug, SourceKey
from kb.records.sources import SOURCES
from kb.records.workspace import Workspace


def _create_record(change: do.CreateRecord, work: Workspace) -> None:
    check_kind(change.kind)
    name = _name(change.name)
    detail = DETAILS.get(change.kind)
    if detail:
        detail.check(change.detail, complete=True)
    elif change.detail:
        raise InvalidInput(f"A {change.kind} has no fields of its own.")
    hazard = change.detail.get("code") in HAZARDS
    record = work.insert(
        Record, kind=change.kind, number=work.next_number(f"id:{change.kind}"), name=name, folded=fold(name)[:300],
        slug=work.take_slug(change.slug, change.slug_stem or name, hazard=hazard), hazard=hazard,
        split_from_id=_whole(work, change),
    )  # fmt: skip
    work.keep(change.ref, record)
    if detail:
        work.insert(detail.model, hazard=hazard, record_id=record.id, **_columns(work, detail, change.detail))
        _remember_type(work, record, change.detail)
    if hazard:
        work.hazards.add(record.id)
    for text, ambiguous in change.aliases.items():
        _add_alias(do.AddAlias(record=record.id, text=text, ambiguous=ambiguous), work)
    for scheme, value in change.identifiers:
        _add_identifier(do.AddIdentifier(record=record.id, scheme=scheme, value=value), work)
    for source, external_id in change.source_keys:
        _add_source_key(do.AddSourceKey(record=record.id, source=source, external_id=external_id), work)


def _whole(work: Workspace, change: do.CreateRecord) -> int | None:
    """The record that a new one was a part of. Raises InvalidInput where no part of it can be of that kind."""
    if change.split_from is None:
        return None
    whole = work.record(change.split_from)
    if whole.kind != change.kind and not (whole.is_artifact and KINDS[change.kind].artifact):
        raise InvalidInput(f"A {change.kind} cannot be split off from a {whole.kind}.")
    return whole.id


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= 300:
        raise InvalidInput("A record has a name of at most 300 characters.")
    return name


def _columns(work: Workspace, detail: Detail, fields: do.Fields) -> dict[str, Any]:
    """Turn fields into columns: fields that point to records become their ids."""
    return {
        (f"{name}_id" if name in detail.records else name): _pointed_at(work, detail, name, value)
        if name in detail.records
        else value
        for name, value in fields.items()
    }


def _pointed_at(work: Workspace, detail: Detail, name: str, ref: object) -> int | None:
    if ref is None:
        return None
    if not isinstance(ref, int | str):
        raise InvalidInput(f"{name} is a record.")
    record = work.record(ref)
    if record.kind != detail.records[name]:
        raise InvalidInput(f"{name} is a {detail.records[name]}, not a {record.kind}.")
    return record.id


def _remember_type(work: Workspace, record: Record, fields: do.Fields) -> None:
    """What later changes of the same edition need to know of a party."""
    if record.kind == "party":
        work.party_types[record.id] = str(fields.get("type", "other"))


def _rename_record(change: do.RenameRecord, work: Workspace) -> None:
    record = work.record(change.record)
    values: dict[str, Any] = {}
    if change.name:
        name = _name(change.name)
        values |= {"name": name, "folded": fold(name)[:300]}
    if change.slug and change.slug != record.slug:
        values["slug"] = work.take_slug(change.slug, record.name, hazard=record.id in work.hazards)
        work.insert(RetiredSlug, record_id=record.id, slug=record.slug)
    work.update(record, values, hazard=record.id in work.hazards)


def _amend_detail(change: do.AmendDetail, work: Workspace) -> None:
    record = work.record(change.record)
    detail = DETAILS.get(record.kind)
    if detail is None:
        raise InvalidInput(f"A {record.kind} has no fields of its own.")
    detail.check(change.fields, complete=False)
    row = next((row for row in work.written(detail.model) if getattr(row, "record_id", 0) == record.id), None)
    of_record: dict[str, Any] = {"record_id": record.id}
    row = row or detail.model._base_manager.get(**of_record)
    work.update(row, _columns(work, detail, change.fields), hazard=record.id in work.hazards)
    if change.fields.get("code") in HAZARDS:
        hold_strictly(work, record)
    _remember_type(work, record, change.fields)


def _add_alias(change: do.AddAlias, work: Workspace) -> None:
    record = work.record(change.record)
    text = _name(change.text)
    work.claim(Name, f"The name “{text}”", owner=record, record_id=record.id, text=text)
    work.insert(
        Name, record_id=record.id, text=text, folded=fold(text)[:300], ambiguous=change.ambiguous,
        hazard=record.id in work.hazards,
    )  # fmt: skip


def _add_identifier(change: do.AddIdentifier, work: Workspace) -> None:
    check_identifier(change.scheme, change.value)
    record = work.record(change.record)
    columns = {"record_id": record.id, "scheme": change.scheme, "value": change.value}
    work.claim(Identifier, f"The identifier {change.value}", owner=record, **columns)
    work.insert(Identifier, hazard=record.id in work.hazards, **columns)


def _add_source_key(change: do.AddSourceKey, work: Workspace) -> None:
    if change.source not in SOURCES:
        raise InvalidInput(f"“{change.source[:40]}” is not a known source.")
    if not change.external_id.strip():
        raise InvalidInput("A source key says what the source calls the record.")
    work.claim(SourceKey, f"The source key “{change.external_id}”", source=change.source, external_id=change.external_id)
    work.insert(SourceKey, record_id=work.record(change.record).id, source=change.source, external_id=change.external_id)


def _add_part(change: do.AddPart, work: Workspace) -> None:
    record, part = work.record(change.record), PARTS.get(change.part)
    if part is None or record.kind != "legislation":
        raise InvalidInput("Provisions and actions belong to legislation.")
    part.check(change.fields, complete=True)
    same = {column: change.fields[column] for column in part.identity}
    work.claim(part.model, f"This {change.part}", owner=record, record_id=record.id, **same)
    work.insert(part.model, record_id=record.id, **_columns(work, part, change.fields))


def _merge_record(change: do.MergeRecord, work: Workspace) -> None:
    record, into = work.record(change.record), work.record(change.into)
    if record.kind not in {into.kind, "unresolved"} or not (record.kind == into.kind or into.is_artifact):
        raise InvalidInput(f"A {record.kind} cannot be merged into a {into.kind}.")
    if any(speaker.id == record.id for speaker in _chain(work, into)):
        raise InvalidInput("A record cannot be merged into itself, nor into one that was merged into it.")
    work.update(record, {"merged_into_id": into.id})
    work.regrouped |= {record.id, into.id}
    if not work.hazards.isdisjoint(groups(work, {into.id})):
        hold_strictly(work, into)


def _chain(work: Workspace, record: Record) -> Iterator[Record]:
    """A record, the one it was merged into, the one that was merged into, and so on."""
    yield record
    while record.merged_into_id is not None:
        record = work.record(record.merged_into_id)
        yield record


def _unmerge_record(change: do.UnmergeRecord, work: Workspace) -> None:
    record = work.record(change.record)
    work.regrouped |= {record.id} | ({record.merged_into_id} if record.merged_into_id is not None else set())
    work.update(record, {"merged_into_id": None})


HANDLERS: Mapping[type[do.Change], Callable[[Any, Workspace], None]] = {
    do.CreateRecord: _create_record,
    do.RenameRecord: _rename_record,
    do.AmendDetail: _amend_detail,
    do.AddAlias: _add_alias,
    do.AddIdentifier: _add_identifier,
    do.AddSourceKey: _add_source_key,
    do.AddPart: _add_part,
    do.MergeRecord: _merge_record,
    do.UnmergeRecord: _unmerge_record,
}
