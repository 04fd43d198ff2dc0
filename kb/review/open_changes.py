"""Which changes may be proposed, and by whom: everything else in a proposal is refused, whatever it calls itself.

Contributors and readers propose what is on record; fields that only the desk decides (severity, an override of a status, how
many reviewed) are open to editors. Rows of the process itself, replies and disputes, come from `reply.py` and `dispute.py`.
"""

from collections.abc import Iterable

from kb.core.errors import InvalidInput
from kb.records import changes as do
from kb.records.models.issue import DECIDED_FIELDS
from kb.review.terms import ACTS
from kb.review.wire import CODES

FOR_ALL: frozenset[type[do.Change]] = frozenset({
    do.CreateRecord, do.RenameRecord, do.AmendDetail, do.AddAlias, do.AddIdentifier, do.AddPart, do.MergeRecord, do.UnmergeRecord,
    do.AddStatement, do.AmendStatement, do.RetractStatement, do.AddEvidence, do.AmendEvidence,
})  # fmt: skip
# What only editors propose: whatever takes a record off the pages or moves what is said of it, and its way back.
FOR_EDITORS: frozenset[type[do.Change]] = FOR_ALL | {
    do.WithdrawRecord, do.RestoreRecord, do.MoveStatement, do.MoveAlias, do.RestoreStatement,
}  # fmt: skip
# Fields of details and statements that only editors propose.
_EDITORS_FIELDS = DECIDED_FIELDS | {"override", "override_reason"}
MOST_CHANGES = 200


def is_open(change: type[do.Change], *, editor: bool) -> bool:
    """Whether a person may propose changes of a kind, be they an editor or not."""
    return change in (FOR_EDITORS if editor else FOR_ALL)


def check_kind(change: type[do.Change], *, editor: bool) -> None:
    """Raise InvalidInput, in words, for a kind of change that its proposer may not propose."""
    if is_open(change, editor=editor):
        return
    whose = "can be proposed by editors alone" if is_open(change, editor=True) else "cannot be proposed"
    raise InvalidInput(f"“{ACTS[CODES[change]]}” {whose}.")


def check_open(changes: Iterable[do.Change], *, editor: bool) -> None:
    """Raise InvalidInput for a change or a field that its proposer may not propose."""
    changes = list(changes)
    if len(changes) > MOST_CHANGES:
        raise InvalidInput(f"A proposal holds at most {MOST_CHANGES} changes; this one has {len(changes)}.")
    for change in changes:
        _check(change, editor)


def _check(change: do.Change, editor: bool) -> None:
    check_kind(type(change), editor=editor)
    if isinstance(change, do.CreateRecord) and change.source_keys:
        raise InvalidInput("Source keys are bound by imports, not by proposals.")
    if not editor and isinstance(change, do.CreateRecord) and change.split_from is not None:
        raise InvalidInput("split_from: only editors decide on this.")
    if not editor and (closed := sorted(_EDITORS_FIELDS & set(_fields(change)))):
        raise InvalidInput(f"{', '.join(closed)}: only editors decide on this.")


def _fields(change: do.Change) -> Iterable[str]:
    if isinstance(change, do.CreateRecord):
        return change.detail
    return change.fields if isinstance(change, do.AmendDetail | do.AmendStatement | do.AmendEvidence | do.AddPart) else ()
