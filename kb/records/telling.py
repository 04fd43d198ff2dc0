"""How evidence is told: whose word it is, which piece comes first, and who confirms a confirmed statement.

Pages and exports ask here, so that they name the same source first. What a status is follows from `status.py`.
"""

from collections.abc import Sequence

from kb.records.models import Evidence, Record
from kb.records.status import CONFIRMING_KINDS, DISCLOSING_KINDS
from kb.records.vocabularies import STANCES

_STANCES = tuple(STANCES)


def statement_path(number: int) -> str:
    """Where a statement stands with all that is told of it."""
    return f"/statements/{number}/"


def voice_of(row: Evidence) -> Record | None:
    """Return whose word a piece of evidence is: the party named, or else the publisher of the report."""
    return row.said_by or row.report.report.publisher


def in_order(rows: Sequence[Evidence]) -> list[Evidence]:
    """Return evidence as it is told: the best piece first.

    Support before dispute, what confirms the statement first, then what would confirm or disclose by its kind, inference
    last; what was read before what was cited, and the oldest row.
    """
    return sorted(rows, key=_rank)


def best_of(rows: Sequence[Evidence]) -> Evidence | None:
    """Return the piece that is named where there is room for one."""
    return min(rows, key=_rank, default=None)


def confirmed_by(rows: Sequence[Evidence]) -> str:
    """Return whose word confirms a confirmed statement: it is never called so without saying by whom."""
    return next((voice.name for row in in_order(rows) if row.confirms and (voice := voice_of(row))), "")


def confirms(row: Evidence, responsible: frozenset[int], *, self_report_confirms: bool) -> bool:
    """Whether this piece is one that confirms its statement, by the words of the status rule."""
    if row.stance != "supports" or row.cited_in_id is not None:
        return False
    voice = voice_of(row)
    own = self_report_confirms and row.kind in DISCLOSING_KINDS and voice is not None and voice.id in responsible
    return row.kind in CONFIRMING_KINDS or own


def _rank(row: Evidence) -> tuple[int, bool, int, bool, int]:
    kinds = (row.kind in CONFIRMING_KINDS, row.kind in DISCLOSING_KINDS, row.kind != "inference", True)
    return _STANCES.index(row.stance), not row.confirms, kinds.index(True), row.cited_in_id is not None, row.id
