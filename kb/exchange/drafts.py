"""What a source says, in the shape that every importer produces: records by key, with statements and evidence.

Keys are the source's own; `sync.py` finds what they are bound to and publishes only what differs.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kb.records.changes import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSaid:
    """One report's word on a statement; reports and parties are keys of the same source."""

    report: str
    kind: str
    gist: str
    stance: str = "supports"
    locator: str = ""
    cited_in: str = ""
    said_by: str = ""
    start: str = ""
    confidence: str = ""
    confidence_reason: str = ""
    last_checked: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One statement about the record it stands in; `object` is a key of the same source."""

    predicate: str
    object: str = ""
    value: Value | None = None
    qualifier: str = ""
    unit: str = ""
    start: str = ""
    end: str = ""
    note: str = ""
    rank: str = "normal"
    evidence: tuple[EvidenceSaid, ...] = ()


@dataclass(slots=True, kw_only=True)
class RecordDraft:
    """One record as a source has it. `parts` are provisions and actions of a law: which, and its fields."""

    key: str
    kind: str
    name: str
    slug: str = ""
    aliases: dict[str, bool] = field(default_factory=dict)
    identifiers: tuple[tuple[str, str], ...] = ()
    detail: Mapping[str, object] = field(default_factory=dict)
    statements: list[Said] = field(default_factory=list)
    parts: list[tuple[str, dict[str, object]]] = field(default_factory=list)


# What was met and what became of it, as (heading, item): nothing that a source says is left out without being counted.
Counts = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A source read from end to end."""

    drafts: list[RecordDraft]
    counts: Counts
