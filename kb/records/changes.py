"""The typed changes that `publish()` takes: what may be done to the record, and nothing else.

A reference is the id of a record on file, or the `ref` under which the same run creates one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Ref = int | str
Value = str | int | Decimal
Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The base of every change."""

    def references(self) -> Iterator[Ref]:
        """Yield every record that the change refers to."""
        yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRecord(Change):
    """Create a record with its names and the fields of its kind.

    Without a slug one is made of `slug_stem`, or of the name, with a number where another record has it.
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

    def references(self) -> Iterator[Ref]:
        """Yield the publisher of a report."""
        yield from _given(self.detail.get("publisher"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord(Change):
    """The base of changes to one record."""

    record: Ref

    def references(self) -> Iterator[Ref]:
        """Yield the record."""
        yield self.record


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
        yield from _given(self.fields.get("publisher"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAlias(OnRecord):
    """Give a record another name."""

    text: str
    ambiguous: bool = False


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
        yield from _given(self.fields.get("report"))


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
        yield from _given(self.cited_in)
        yield from _given(self.said_by)


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
        yield from _given(self.object)
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


def _given(reference: object) -> Iterator[Ref]:
    if isinstance(reference, int | str) and reference != "":
        yield reference
