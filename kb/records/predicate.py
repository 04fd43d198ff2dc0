"""What a predicate is: one row of the registry in `predicates.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kb.core.vocabulary import Vocabulary

Carries = Literal["full", "partial", "unknown", "none"]
Column = Literal["object", "value_code", "value_text", "value_integer", "value_decimal", "value_date"]
Group = Literal[
    "lineage", "family", "identity", "description", "figure", "disclosure", "availability",
    "impact", "role", "event", "coverage", "law",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Predicate:
    """One thing that may be stated.

    `reads` completes "subject … object"; `inverse` completes "object … subject".
    `is_use` marks relations that end with their dates (training never does).
    `qualifier_reads` replaces both readings where they depend on the qualifier.
    `self_report_confirms` is False where a party's word about itself stays its word.
    `evidence_kinds`, where given, are the only kinds of evidence that may support it.
    """

    code: str
    group: Group
    reads: str
    inverse: str
    subjects: frozenset[str]
    column: Column = "object"
    objects: frozenset[str] = frozenset()
    codes: Vocabulary | None = None
    qualifiers: Vocabulary | None = None
    qualifier_required: bool = False
    qualifier_reads: Mapping[str, tuple[str, str]] | None = None
    carries: Carries | None = None
    is_use: bool = False
    symmetric: bool = False
    single_valued: bool = False
    self_report_confirms: bool = True
    party_types: frozenset[str] | None = None
    evidence_kinds: frozenset[str] | None = None

    @property
    def is_lineage(self) -> bool:
        """Whether the statement draws an edge from child (subject) to parent (object)."""
        return self.group == "lineage"

    def reading(self, qualifier: str, *, inverse: bool = False) -> str:
        """Return the words between subject and object, or the other way round."""
        pair = (self.qualifier_reads or {}).get(qualifier, (self.reads, self.inverse))
        return pair[inverse]

    @property
    def label(self) -> str:
        """The predicate in words, for filters and headings."""
        return self.code.replace("_", " ")
