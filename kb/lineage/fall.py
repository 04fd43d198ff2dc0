"""What falls off downstream where a step of lineage, or the merge of two records, is lost. Pure.

What stood below what is asked of `local.py`, which reads rows, or of `suppose.py`, which has two graphs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from kb.core.vocabulary import Term, Vocabulary
from kb.records.losses import LOSSES, Loss
from kb.records.predicates import PREDICATES
from kb.records.status import STRENGTH

PARTED = "parted"
MOST_FOLLOWED = 100
# A step of such a status documents descent; an inferred one is a lead, and a disputed one is told apart.
DOCUMENTED = tuple(status for status, strength in STRENGTH.items() if strength >= STRENGTH["reported"])
HOW_LOST = Vocabulary(
    "how a path was lost",
    *LOSSES.values(),
    Term(PARTED, "Merge taken back", "The two records are no longer read as one."),
)


@dataclass(frozen=True, slots=True)
class Lost:
    """One step that was lost, by numbers; or that `child` was read as one with `parent`, and is no more.

    It was `documented` where it was reported or stronger, and no membership of a family.
    """

    loss: Loss
    child: int
    parent: int
    predicate: str = ""
    documented: bool = True

    @property
    def is_parting(self) -> bool:
        """Whether a merge was taken back. No statement was lost by that."""
        return self.loss.how == PARTED

    @property
    def carries(self) -> bool:
        """Whether anything was passed on over it."""
        return self.is_parting or PREDICATES[self.predicate].carries != "none"

    @property
    def ends(self) -> tuple[int, int]:
        """The lower and the upper end. A family stands below its versions: what uses the family may have used this one."""
        return (self.parent, self.child) if self.predicate == "version_of" else (self.child, self.parent)


@dataclass(frozen=True, slots=True)
class Fall:
    """Products that fall off, and whether anything does. Nothing and not complete: there were too many to work out.

    Those `documented` had a path of which every step was reported or stronger; leads, and what a source disputes, had not.
    """

    products: frozenset[int] = frozenset()
    anything: bool = False
    complete: bool = True
    documented: frozenset[int] = frozenset()


class Falls(Protocol):
    """Two moments, and what stood below a record at each of them."""

    def cut_off(self, lower: int, upper: int, *, parted: bool) -> Fall:
        """Return what stood at or below one record before and does not stand at or below the other one afterwards.

        Of two records that were `parted`, the lower one itself does not count.
        """


Followed = tuple[Lost, Fall | None]


def followed(lost: Sequence[Lost], falls: Falls, limit: int) -> list[Followed]:
    """Return what was lost with what it cut off, as far as the limit goes. A parting that cuts nothing off loses nothing."""
    found: list[Followed] = []
    for place, one in enumerate(lost):
        fall = _fall(one, falls) if place < limit else None
        if not (one.is_parting and fall and fall.complete and not fall.anything):
            found.append((one, fall))
    return found


def _fall(lost: Lost, falls: Falls) -> Fall:
    if not lost.carries:
        return Fall()
    fall = falls.cut_off(*lost.ends, parted=lost.is_parting)
    return fall if lost.documented else replace(fall, documented=frozenset())
