"""Typed changes told to people: what each would say, of which records, on whose evidence. No JSON, no numbers of rows.

Read by the desk, by the party that is asked, and by whoever checks a submission before sending it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from kb.records import changes as do
from kb.records.models import Evidence, Record, Statement
from kb.records.predicates import PREDICATES, Predicate
from kb.records.queries import records_by_id
from kb.review.terms import ACTS, code_label, field_label, kind_label
from kb.review.wire import CODES

# Fields that the sentence tells already, or that say nothing to a reader.
_IN_THE_SENTENCE = frozenset(
    {"subject", "predicate", "object", "value", "qualifier", "record", "ref", "evidence", "statement", "kind", "into", "to"}
)
_REFERENCES = frozenset({"split_from", "publisher", "report", "said_by", "cited_in"})
# What holds unless somebody says otherwise.
_AS_USUAL = [("rank", "normal")]


@dataclass(frozen=True, slots=True)
class End:
    """One end of what is said: a record on file, or the name of one that the same proposal creates."""

    name: str
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class EvidenceTold:
    """One source's word in a proposal."""

    report: End
    draft: do.EvidenceDraft
    said_by: End | None = None
    cited_in: End | None = None

    @property
    def kind(self) -> str:
        """The kind of evidence in words."""
        return code_label("kind", self.draft.kind, "evidence")

    @property
    def stance(self) -> str:
        """The stance in words."""
        return code_label("stance", self.draft.stance)

    @property
    def confidence(self) -> str:
        """The confidence in words."""
        return code_label("confidence", self.draft.confidence)


@dataclass(frozen=True, slots=True)
class Told:
    """One change: what it is, "subject reads object" or a value, what else it says, and its evidence."""

    act: str
    subject: End | None
    reads: str
    object: End | None
    value: str
    details: tuple[tuple[str, str], ...]
    evidence: tuple[EvidenceTold, ...]

    def __str__(self) -> str:
        said = (self.subject.name if self.subject else "", self.reads, self.object.name if self.object else self.value)
        return f"{self.act}: {' '.join(filter(None, said))}".removesuffix(": ")


def told(changes: Sequence[do.Change]) -> list[Told]:
    """Tell every change of one proposal, in its order."""
    teller = _Teller(changes)
    return [teller.tell(change) for change in changes]


class _Teller:
    """Reads what the changes refer to, once for all of them."""

    def __init__(self, changes: Sequence[do.Change]) -> None:
        self._created = {change.ref: change.name for change in changes if isinstance(change, do.CreateRecord)}
        self._evidence = Evidence.objects.in_bulk(_rows(changes, "evidence"))
        wanted = _rows(changes, "statement") | {row.statement_id for row in self._evidence.values()}
        self._statements = Statement.objects.in_bulk(wanted)
        ids = {ref for change in changes for ref in change.references() if isinstance(ref, int)}
        ids |= {end for row in self._statements.values() for end in (row.subject_id, row.object_id) if end is not None}
        self._records = records_by_id(ids)

    def tell(self, change: do.Change) -> Told:
        subject, reads, target, value = self._sentence(change)
        drafts = _drafts(change)
        return Told(
            ACTS.get(CODES[type(change)], CODES[type(change)]), subject, reads, target, value,
            tuple(self._details(change)), tuple(map(self._evidence_told, drafts)),
        )  # fmt: skip

    def _evidence_told(self, draft: do.EvidenceDraft) -> EvidenceTold:
        return EvidenceTold(self._end(draft.report), draft, self._optional(draft.said_by), self._optional(draft.cited_in))

    def _sentence(self, change: do.Change) -> tuple[End | None, str, End | None, str]:
        if isinstance(change, do.AddStatement):
            row = PREDICATES.get(change.predicate)
            reads = _reading(row, change.qualifier) if row else change.predicate
            value = "" if change.value is None else _value(row, change.value)
            return self._end(change.subject), reads, self._optional(change.object), value
        if (statement := self._statement(change)) is not None:
            return self._of_statement(statement, self._optional(getattr(change, "to", None)))
        if isinstance(change, do.CreateRecord):
            return End(change.name), f"is a new {kind_label(change.kind).lower()}", None, ""
        if isinstance(change, do.OnRecord):
            reads, target = _READS.get(type(change), ""), getattr(change, "into", None) or getattr(change, "to", None)
            return self._end(change.record), reads, self._optional(target), ""
        return None, "", None, ""

    def _statement(self, change: do.Change) -> Statement | None:
        if isinstance(change, do.AmendEvidence):
            row = self._evidence.get(change.evidence)
            return self._statements.get(row.statement_id) if row else None
        number = getattr(change, "statement", None)
        return self._statements.get(number) if isinstance(number, int) else None

    def _of_statement(self, row: Statement, to: End | None) -> tuple[End, str, End | None, str]:
        predicate = PREDICATES[row.predicate]
        value = "" if row.object_id else _value(predicate, getattr(row, predicate.column))
        subject = self._end(row.subject_id)
        return (to or subject), _reading(predicate, row.qualifier), self._optional(row.object_id), value

    def _details(self, change: do.Change) -> Iterable[tuple[str, str]]:
        of = self._kind_of(change)
        for field in fields(change):
            value = getattr(change, field.name)
            if field.name in _told_already(change) or value in (None, "", (), {}, False) or (field.name, value) in _AS_USUAL:
                continue
            pairs = _fields_of(field.name, value)
            yield from ((field_label(name), self._text(name, one, of)) for name, one in pairs if one not in (None, "", []))

    def _kind_of(self, change: do.Change) -> str:
        """The kind of what a change has fields of."""
        if isinstance(change, do.CreateRecord):
            return change.kind
        if isinstance(change, do.AmendEvidence):
            return "evidence"
        ref = getattr(change, "record", None)
        record = self._records.get(ref) if isinstance(ref, int) else None
        return record.kind if record else ""

    def _text(self, name: str, value: object, of: str) -> str:
        if isinstance(value, tuple | list):
            return ", ".join(
                " ".join(map(str, one)) if isinstance(one, tuple | list) else self._text(name, one, of) for one in value
            )
        if isinstance(value, bool):
            return "yes" if value else "no"
        if name in _REFERENCES and isinstance(value, int) and value in self._records:
            return self._records[value].name
        return self._created.get(str(value)) or code_label(name, str(value), of)

    def _optional(self, ref: do.Ref | None) -> End | None:
        return None if ref is None else self._end(ref)

    def _end(self, ref: do.Ref) -> End:
        if isinstance(ref, str):
            return End(self._created.get(ref, ref))
        record = self._records.get(ref)
        return End(record.name, record) if record else End(f"record {ref}")


_READS: Mapping[type[do.Change], str] = {
    do.MergeRecord: "is spoken for by", do.UnmergeRecord: "speaks for itself again", do.WithdrawRecord: "is withdrawn",
    do.RestoreRecord: "is restored",
}  # fmt: skip


def _told_already(change: do.Change) -> frozenset[str]:
    return _IN_THE_SENTENCE | {"name"} if isinstance(change, do.CreateRecord) else _IN_THE_SENTENCE


def _fields_of(name: str, value: object) -> Iterable[tuple[str, object]]:
    """The fields within a field, such as those of a detail; other names of a record are a list of them."""
    if not isinstance(value, Mapping):
        return [(name, value)]
    return [(name, list(value))] if name == "aliases" else list(value.items())


def _reading(row: Predicate, qualifier: str) -> str:
    """The words between subject and object; a qualifier that they do not say already follows them."""
    own = row.qualifiers.label(qualifier) if row.qualifiers else qualifier
    return f"{row.reading(qualifier)} ({own})" if own and qualifier not in (row.qualifier_reads or {}) else row.reading(qualifier)


def _value(row: Predicate | None, value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return row.codes.label(str(value)) if row and row.codes else str(value)


def _drafts(change: do.Change) -> tuple[do.EvidenceDraft, ...]:
    if isinstance(change, do.AddStatement):
        return change.evidence
    return (change.evidence,) if isinstance(change, do.AddEvidence) else ()


def _rows(changes: Iterable[do.Change], name: str) -> set[int]:
    return {number for change in changes if isinstance(number := getattr(change, name, None), int)}
