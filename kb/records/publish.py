"""`publish()`: the one function that writes public rows.

It takes the pen, applies typed changes to a workspace, derives statuses and hands the rows to the ledger, all in one
transaction: a change set is published whole or not at all. Who may propose what is judged before, in review.
"""

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db import transaction

from kb.core.errors import Conflict, InvalidInput
from kb.ledger.models import Edition
from kb.ledger.write import EDITION_LIMIT, take_pen, write_edition
from kb.records import changes as do
from kb.records.apply import apply
from kb.records.apply.addresses import check_addresses
from kb.records.apply.called import check_names
from kb.records.apply.statements import statement_identity
from kb.records.checks import known_predicate, typed_value
from kb.records.derive import derive_statuses
from kb.records.models import SourceKey, Statement
from kb.records.versions import record_versions
from kb.records.workspace import Workspace

__all__ = ["publish", "publish_run", "statement_identity"]


def publish(changes: Iterable[do.Change], *, actor: str, reason: str, refs: dict[str, int] | None = None) -> Edition | None:
    """Publish changes as one edition; return it, or None where they change nothing.

    `refs` maps references of records created earlier in the same run to their ids, and is added to.
    Raises InvalidInput or Conflict, and changes nothing then.
    """
    wanted = list(changes)
    if not reason.strip():
        raise InvalidInput("An edition needs a public reason.")
    # What this edition adds lies over the references of the run, which may be millions: they are not copied.
    known = ChainMap[str, int]({}, refs or {})
    with transaction.atomic():
        work = Workspace(take_pen(), known)
        work.load(wanted)
        _refuse_double_statements(work, wanted)
        _refuse_bound_keys(wanted)
        for change in wanted:
            apply(change, work)
        check_addresses(work)
        check_names(work)
        derive_statuses(work)
        if not work.writes:
            return None
        work.flush_counters()
        edition = write_edition(work.head, work.writes, actor, reason)
        record_versions(work.written(Statement), edition.number)
    if refs is not None:
        refs.update(known.maps[0])
    return edition


def publish_run(
    changes: Iterable[do.Change], *, actor: str, reason: str, refs: dict[str, int] | None = None,
    progress: Callable[[int], object] = lambda count: None,
) -> list[Edition]:  # fmt: skip
    """Publish many changes as a run of editions, each whole in itself; `progress` is told how many changes went in.

    `refs` maps the references of records on file to their ids. Changes may come from a generator: of a run nothing is
    kept but the map of its references.
    """
    refs = dict(refs or {})
    editions = []
    for chunk in _chunks(changes):
        edition = publish(chunk, actor=actor, reason=reason, refs=refs)
        editions += [edition] if edition else []
        progress(len(chunk))
    return editions


def _chunks(changes: Iterable[do.Change]) -> Iterator[list[do.Change]]:
    """Cut a run so that no edition exceeds its limit; half of it is left for statuses that follow."""
    chunk: list[do.Change] = []
    weight = 0
    for change in changes:
        size = _weight(change)
        if chunk and weight + size > EDITION_LIMIT // 2:
            yield chunk
            chunk, weight = [], 0
        chunk.append(change)
        weight += size
    if chunk:
        yield chunk


def _weight(change: do.Change) -> int:
    """How many rows a change writes at most."""
    if isinstance(change, do.CreateRecord):
        return 2 + len(change.aliases) + len(change.identifiers) + len(change.source_keys)
    if isinstance(change, do.AddStatement):
        return 1 + len(change.evidence)
    return 2


def _refuse_double_statements(work: Workspace, changes: Sequence[do.Change]) -> None:
    """Name a statement that is on file already before the database does so in its own words."""
    stated = [change for change in changes if isinstance(change, do.AddStatement)]
    identities = {}
    for change in stated:
        if all(not isinstance(ref, str) or ref in work.refs for ref in (change.subject, change.object) if ref is not None):
            identities[_identity(work, change)] = change
    keys = sorted(identities)
    for start in range(0, len(keys), 500):
        taken = Statement.objects.filter(identity__in=keys[start : start + 500]).first()
        if taken:
            raise Conflict(f"“{taken.predicate}” is already stated there: statement {taken.id}.")


def _refuse_bound_keys(changes: Sequence[do.Change]) -> None:
    """Name a source key that is bound already before the database does so in its own words."""
    keys = [key for change in changes if isinstance(change, do.CreateRecord) for key in change.source_keys]
    keys += [(change.source, change.external_id) for change in changes if isinstance(change, do.AddSourceKey)]
    for source in {source for source, _ in keys}:
        wanted = sorted(external_id for of, external_id in keys if of == source)
        for start in range(0, len(wanted), 500):
            bound = SourceKey.objects.filter(source=source, external_id__in=wanted[start : start + 500]).first()
            if bound:
                raise Conflict(f"“{bound.external_id}” of {source} is bound to a record already.")


def _identity(work: Workspace, change: do.AddStatement) -> str:
    row = known_predicate(change.predicate)
    value = None if change.value is None else typed_value(row, change.value)
    subject = work.record(change.subject).id
    return statement_identity(subject, change.predicate, work.record_id(change.object), value, change.qualifier)
