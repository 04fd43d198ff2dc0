"""The versions of statements: typed columns between the editions in which they were born and died."""

from collections.abc import Iterator, Sequence

from kb.ledger.models import Change
from kb.records.models import Statement, StatementVersion
from kb.records.models.statement import VERSIONED_COLUMNS

_CHUNK = 500


def record_versions(statements: Sequence[Statement], edition: int) -> None:
    """Close the versions that an edition replaces and open the new ones."""
    replaced = [statement.id for statement in statements if statement.version > 1]
    for start in range(0, len(replaced), _CHUNK):
        StatementVersion.objects.filter(statement_id__in=replaced[start : start + _CHUNK], died=None).update(died=edition)
    StatementVersion.objects.bulk_create([version_of(statement) for statement in statements], batch_size=_CHUNK)


def version_of(statement: Statement) -> StatementVersion:
    """Return the version row of a statement as it stands."""
    columns = {column: getattr(statement, column) for column in VERSIONED_COLUMNS}
    return StatementVersion(statement_id=statement.id, version=statement.version, born=statement.edition, **columns)


def faults() -> Iterator[str]:
    """Yield one line for each version row that does not follow from the chain."""
    changes = Change.objects.filter(table=Statement._meta.db_table).values_list("row_id", "version", "edition_id")
    born = {(row_id, version): edition for row_id, version, edition in changes.iterator()}
    seen = set()
    for statement, version, edition, died in StatementVersion.objects.values_list(
        "statement_id", "version", "born", "died"
    ).iterator():
        seen.add((statement, version))
        if (edition, died) != (born.get((statement, version)), born.get((statement, version + 1))):
            yield f"statement {statement} version {version}: its editions are not those of the chain"
    for statement, version in sorted(set(born) - seen):
        yield f"statement {statement} version {version}: missing"
    yield from _live_faults()


def _live_faults() -> Iterator[str]:
    """The open version of a statement says what the statement says."""
    for version in StatementVersion.objects.filter(died=None).select_related("statement").iterator():
        differing = [column for column in VERSIONED_COLUMNS if getattr(version, column) != getattr(version.statement, column)]
        if differing:
            yield f"statement {version.statement_id} version {version.version}: differs in {', '.join(differing)}"
