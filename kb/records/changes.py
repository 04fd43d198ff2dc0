"""The typed changes that `publish()` takes: what may be done to the record, and nothing else.

A reference is the id of a record on file, or the `ref` under which the same run creates one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from kb.records.change import Change, Fields, OnRecord, Ref, Value, given
from kb.records.response_changes import AmendDispute, AmendReply, OpenDispute, RecordReply

__all__ = [
    "AddAlias",
    "AddEvidence",
    "AddIdentifier",
    "AddPart",
    "AddSourceKey",
    "AddStatement",
    "AmendDetail",
    "AmendDispute",
    "AmendEvidence",
    "AmendReply",
    "AmendStatement",
    "Change",
    "CreateRecord",
    "EvidenceDraft",
    "Fields",
    "MergeRecord",
    "MoveAlias",
    "MoveStatement",
    "OnRecord",
    "OpenDispute",
    "RecordReply",
    "Redact",
    "Ref",
    "RenameRecord",
    "RestoreRecord",
    "RestoreStatement",
    "RetractStatement",
    "UnmergeRecord",
    "Value",
    "WithdrawRecord",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRecord(Change):
    """Create a record with its names and the fields of its kind.

    Without a slug one is made of `slug_stem`, or of the name, with a number where another record has it. `split_from`
    is the record that it was a part of; `kb.records.split` draws up the rest of a split.
    """

    ref: str
    kind: str
    name: str
    slug: str = ""
    slug_stem: str = ""
    detail: Fields = field(default_factory=dict)
    aliases: Mapping[str, bool] = field(default_factory=dict)
    identifiers: tuple[tuple[str, str], ...] = ()
    source_keys: tuple[tuple[str, str], ...] = ()
    split_from: Ref | None = None

    def references(self) -> Iterator[Ref]:
        """Yield the publisher of a report and the record that this one is split from."""
        yield from given(self.detail.get("publisher"))
        yield from given(self.split_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameRecord(OnRecord):
    """Change what a record is called, or its slug; the old slug redirects for good."""

    name: str = ""
    slug: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendDetail(OnRecord):
    """Change fields that only records of this kind have."""

    fields: Fields

    def references(self) -> Iterator[Ref]:
        """Yield the record and the publisher of a report."""
        yield self.record
        yield from given(self.fields.get("publisher"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAlias(OnRecord):
    """Give a record another name."""

    text: str
    ambiguous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAlias(OnRecord):
    """Let another record have an alias of this one."""

    text: str
    to: Ref

    def references(self) -> Iterator[Ref]:
        """Yield both records."""
        yield self.record
        yield self.to


@dataclass(frozen=True, slots=True, kw_only=True)
class AddIdentifier(OnRecord):
    """Give a record an identifier of a known scheme."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSourceKey(OnRecord):
    """Bind a source's record to ours."""

    source: str
    external_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPart(OnRecord):
    """Add a provision or an action to legislation; `part` names which."""

    part: str
    fields: Fields

    def references(self) -> Iterator[Ref]:
        """Yield the record and the report that the part is read from."""
        yield self.record
        yield from given(self.fields.get("report"))


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRecord(OnRecord):
    """Let another record of the same kind speak for this one, or for an unresolved name; no statement is rewritten."""

    into: Ref

    def references(self) -> Iterator[Ref]:
        """Yield both records."""
        yield self.record
        yield self.into


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmergeRecord(OnRecord):
    """Take a merge back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawRecord(OnRecord):
    """Withdraw a record and take back every statement at either end of which it stands; nothing is deleted.

    Its page answers with a tombstone: id, name, day, and the reason of the edition.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRecord(OnRecord):
    """Take a withdrawal back. Statements stay retracted: each that shall stand again needs a RestoreStatement of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redact(Change):
    """Put a tombstone in the place of texts of one row. What the ledger keeps of them is emptied by `kb.records.purge`."""

    table: str
    row: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceDraft:
    """One source's word, before it is published."""

    report: Ref
    kind: str
    gist: str
    stance: str = "supports"
    quotation: str = ""
    locator: str = ""
    cited_in: Ref | None = None
    said_by: Ref | None = None
    start: str = ""
    end: str = ""
    confidence: str = ""
    confidence_reason: str = ""
    accessed: date | None = None
    last_checked: date | None = None
    first_seen: date | None = None

    def references(self) -> Iterator[Ref]:
        """Yield the report and whoever else is named."""
        yield self.report
        yield from given(self.cited_in)
        yield from given(self.said_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddStatement(Change):
    """State something, with its evidence; exactly one of `object` and `value` is given."""

    subject: Ref
    predicate: str
    object: Ref | None = None
    value: Value | None = None
    qualifier: str = ""
    unit: str = ""
    start: str = ""
    end: str = ""
    note: str = ""
    rank: str = "normal"
    evidence: tuple[EvidenceDraft, ...] = ()

    def references(self) -> Iterator[Ref]:
        """Yield subject, object and everything the evidence names."""
        yield self.subject
        yield from given(self.object)
        for draft in self.evidence:
            yield from draft.references()


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendStatement(Change):
    """Change dates, note, unit, rank or an override of a statement; what it states is its identity and stays."""

    statement: int
    fields: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractStatement(Change):
    """Take a statement back. The reason of the edition is the public reason."""

    statement: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreStatement(Change):
    """Let a statement that was taken back stand again."""

    statement: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveStatement(OnRecord):
    """Retract a statement at this record and add it at another with all its evidence, replies and disputes."""

    statement: int
    to: Ref

    def references(self) -> Iterator[Ref]:
        """Yield both records."""
        yield self.record
        yield self.to


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEvidence(Change):
    """Add a source's word to a statement on file."""

    statement: int
    evidence: EvidenceDraft

    def references(self) -> Iterator[Ref]:
        """Yield everything the evidence names."""
        yield from self.evidence.references()


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendEvidence(Change):
    """Change how a source's word is told, when it was checked, or until when the source said it."""

    evidence: int
    fields: Fields
