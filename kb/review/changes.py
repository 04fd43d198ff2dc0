"""The typed changes of a proposal: stored as JSON, read back, and tried out as they would be published."""

from collections.abc import Iterable, Sequence

from kb.core.errors import Conflict
from kb.lineage.rehearse import Rehearsal, rehearse
from kb.records import changes as do
from kb.records.models import Record
from kb.records.publish import publish
from kb.review.models import Proposal, ProposedChange
from kb.review.wire import Json, read_change, write_change

_ACTOR, _REASON = "rehearsal", "A rehearsal that is rolled back."


def stored(changes: Iterable[do.Change]) -> list[Json]:
    """Write changes as they are stored: records on file by their permanent id."""
    changes = list(changes)
    ids = {ref for change in changes for ref in change.references() if isinstance(ref, int)}
    names = {record.id: record.public_id for record in Record.objects.filter(id__in=ids)}
    return [write_change(change, names.__getitem__) for change in changes]


def put_changes(proposal: Proposal, changes: Sequence[do.Change]) -> None:
    """Let a proposal hold these changes instead of those before. Call it inside a transaction."""
    proposal.changes.all().delete()
    rows = [ProposedChange(proposal=proposal, position=place, body=body) for place, body in enumerate(stored(changes), start=1)]
    ProposedChange.objects.bulk_create(rows)


def standing(proposal: Proposal) -> list[do.Change]:
    """Return the changes of a proposal that nobody declined. Raises InvalidInput where a record is gone since."""
    return [read_change(item.body) for item in proposal.changes.exclude(state="declined")]


def try_out(changes: Sequence[do.Change]) -> Rehearsal:
    """Publish changes, look at what they do, and take them back. Raises what `publish()` raises, and Conflict for nothing."""
    rehearsal = rehearse(lambda: publish(changes, actor=_ACTOR, reason=_REASON))
    if not rehearsal.row_changes:
        raise Conflict("This changes nothing: all of it is on record already.")
    return rehearsal
