"""The rows that a change set writes, for a readable diff: whose they are, and what differs, as plain values.

Ids become names and codes become words. Columns that only follow from others, numbers that are drawn at publication, and
what the sentence of a statement says already are left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from django.db.models import Field, ForeignKey

from kb.ledger import history
from kb.ledger.chain import plain
from kb.ledger.guard import public_models
from kb.ledger.models import PublicRow
from kb.lineage.announced import Announced, Body, Written
from kb.records import vocabularies as words
from kb.records.kinds import KINDS
from kb.records.models import Evidence, Provision, Record, ReportDetail, Statement
from kb.records.models.statement import VALUE_COLUMNS
from kb.records.predicates import PREDICATES

Value = str | int | bool | None
Key = tuple[str, int]
_PURGED = "(purged)"
_SAID = {"subject_id", "predicate", "qualifier", "object_id", *VALUE_COLUMNS}
_LEFT_OUT = frozenset({"id", "number", "folded", "identity", "record_id", "statement_id", *_SAID})


class _Labelled(Protocol):
    @property
    def label(self) -> str: ...


_WORDS: Mapping[str, Mapping[str, _Labelled]] = {
    "status": words.STATUSES, "override": words.STATUSES, "rank": words.RANKS, "stance": words.STANCES,
    "confidence": words.CONFIDENCES, "harm_status": words.HARM_STATUSES, "found_by": words.FOUND_BY,
    "independence": words.INDEPENDENCE,
}  # fmt: skip
_WORDS_OF: Mapping[tuple[type[PublicRow], str], Mapping[str, _Labelled]] = {
    (Record, "kind"): KINDS, (Evidence, "kind"): words.EVIDENCE_KINDS, (Provision, "kind"): words.PROVISION_KINDS,
    (ReportDetail, "type"): words.REPORT_TYPES, (ReportDetail, "stage"): words.REPORT_STAGES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One column that differs; nothing before or after where it is empty."""

    name: str
    label: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that is inserted or updated: the record it belongs to, and the statement in words where it is about one."""

    table: str
    row_id: int
    noun: str
    action: str
    record: Record | None
    about: str
    fields: tuple[FieldChange, ...]


def row_changes(announced: Announced, before: int) -> tuple[RowChange, ...]:
    """Describe every row, in the order in which rows were first written; `before` is the edition they are compared with."""
    return tuple(_Described(announced, before).changes())


class _Described:
    """Announced rows beside what they were, with the names of what they mention."""

    def __init__(self, announced: Announced, before: int) -> None:
        self.announced = announced
        self.models = {model._meta.db_table: model for model in public_models()}
        self.stood = _stood(announced, before)
        self.statements = _statements(announced)
        self.names = announced.named(set(self._mentioned()))

    def changes(self) -> Iterator[RowChange]:
        for (table, row_id), row in self.announced.rows.items():
            model = self.models[table]
            said = self.statements.get(row_id if model is Statement else row.body.get("statement_id") or 0)
            owner = row_id if model is Record else row.body.get("record_id") or (said["subject_id"] if said else 0)
            yield RowChange(
                table, row_id, str(model._meta.verbose_name), "insert" if row.is_new else "update", self.names.get(owner),
                self._sentence(said) if said else "", tuple(self._differing(model, row)),
            )  # fmt: skip

    def _mentioned(self) -> Iterator[int]:
        bodies = [*self.statements.values(), *self.stood.values(), *(row.body for row in self.announced.rows.values())]
        columns = {column for model in self.models.values() for column in _to_records(model)}
        yield from (body[column] for body in bodies for column in columns & body.keys() if body[column] is not None)
        yield from (row_id for table, row_id in self.announced.rows if table == Record._meta.db_table)

    def _sentence(self, said: Body) -> str:
        """A statement in words."""
        row = PREDICATES[said["predicate"]]
        value = self._name(said["object_id"]) if row.column == "object" else str(said[row.column])
        value = row.codes.label(value) if row.codes else value
        qualifier = row.qualifiers.label(said["qualifier"]) if row.qualifiers and not row.qualifier_reads else ""
        return " ".join(filter(None, (self._name(said["subject_id"]), row.reading(said["qualifier"]), qualifier, value)))

    def _differing(self, model: type[PublicRow], row: Written) -> Iterator[FieldChange]:
        stood: Body | None = {} if row.is_new else self.stood.get((model._meta.db_table, row.row_id))
        for field in _fields(model):
            name = field.attname
            after = self._shown(model, field, row.body.get(name))
            before = _PURGED if stood is None else self._shown(model, field, stood.get(name))
            if before != after:
                yield FieldChange(name, str(field.verbose_name), before, after)

    def _shown(self, model: type[PublicRow], field: "Field[Any, Any]", value: Any) -> Value:
        if value is None or value in ("", []) or value is False:
            return None
        if field.attname in _to_records(model):
            return self._name(value)
        if isinstance(value, list):
            return ", ".join(words.FRAMES.label(one) for one in value)
        vocabulary = _WORDS_OF.get((model, field.attname)) or _WORDS.get(field.attname, {})
        known = vocabulary.get(value) if isinstance(value, str) else None
        shown: Value = known.label if known else value
        return shown

    def _name(self, record_id: int) -> str:
        """A record as it is told apart: one that is yet to be created has no id to be told."""
        record = self.names.get(record_id)
        if record is None:
            return _PURGED
        return f"{record.name} ({'new' if record.version is None else record.public_id})"


def _stood(announced: Announced, edition: int) -> dict[Key, Body]:
    """The rows as they were; one whose payload was purged is missing."""
    wanted: dict[str, list[int]] = {}
    for (table, row_id), row in announced.rows.items():
        if not row.is_new:
            wanted.setdefault(table, []).append(row_id)
    found = ((table, history.rows_at(table, ids, edition)) for table, ids in wanted.items())
    return {(table, row_id): body for table, bodies in found for row_id, body in bodies.items()}


def _statements(announced: Announced) -> Mapping[int, Body]:
    """The statements that rows are, or are about."""
    written = announced.of(Statement)
    about = {row.body["statement_id"] for row in announced.rows.values() if row.body.get("statement_id")}
    return {row.pk: _body(row) for row in Statement.objects.in_bulk(about - written.keys()).values()} | written


def _body(row: PublicRow) -> Body:
    return {field.attname: plain(getattr(row, field.attname)) for field in row._meta.concrete_fields}


@cache
def _fields(model: type[PublicRow]) -> tuple["Field[Any, Any]", ...]:
    left_out = _LEFT_OUT | {"version", "sequence", "edition"}
    return tuple(field for field in model._meta.concrete_fields if field.attname not in left_out)


@cache
def _to_records(model: type[PublicRow]) -> frozenset[str]:
    """The columns that point to records."""
    fields: Iterable[Any] = model._meta.concrete_fields
    return frozenset(one.attname for one in fields if isinstance(one, ForeignKey) and issubclass(one.related_model, Record))
