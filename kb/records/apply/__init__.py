"""What each typed change means: `apply()` turns one into rows of the workspace, or refuses it.

Order, transaction and ledger are the business of `kb.records.publish`.
"""

from kb.core.errors import InvalidInput
from kb.records.apply import moves, records, redaction, responses, statements, withdrawal
from kb.records.changes import Change
from kb.records.workspace import Workspace

HANDLERS = {
    **records.HANDLERS, **statements.HANDLERS, **responses.HANDLERS, **moves.HANDLERS, **withdrawal.HANDLERS,
    **redaction.HANDLERS,
}  # fmt: skip


def apply(change: Change, work: Workspace) -> None:
    """Apply one change to the workspace. Raises InvalidInput or Conflict where it may not be."""
    handler = HANDLERS.get(type(change))
    if handler is None:
        raise InvalidInput(f"{type(change).__name__} cannot be published.")
    withdrawal.refuse_withdrawn_references(change, work)
    handler(change, work)
