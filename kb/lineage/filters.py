"""Which edges an answer follows: what a reader asks beside root and direction. Pure."""

from dataclasses import dataclass

import numpy as np

from kb.lineage.codes import PREDICATE_CODES, WEAKEST, Mask
from kb.records.status import STRENGTH


@dataclass(frozen=True, slots=True)
class Filters:
    """Which edges an answer follows. `on` is the ordinal of a day; None in any place means no limit."""

    predicates: frozenset[str] | None = None
    min_status: str | None = None
    on: int | None = None

    @property
    def weakest(self) -> int:
        """The least strength that is followed."""
        return STRENGTH[self.min_status] if self.min_status else WEAKEST

    @property
    def allowed(self) -> Mask:
        """Which predicates are followed, by their place among PREDICATE_CODES."""
        return np.array([self.predicates is None or code in self.predicates for code in PREDICATE_CODES])

    @property
    def of_kind(self) -> tuple[frozenset[str] | None, int | None]:
        """What they ask beside strength, which has its levels."""
        return self.predicates, self.on
