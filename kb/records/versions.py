"""The versions of statements: typed columns between the editions in which they were born and died."""

import json
from collections.abc import Iterator, Sequence

from kb.ledger.chain import plain
from kb.ledger.models import Change
from kb.ledger.write import insert_rows
from kb.records.detail import TEXTS
from kb.records.models import Statement, StatementVersion
from kb.records.models.statement import VERSIONED_COLUMNS

# What a purge empties: the words of people among the columns that versions keep.
VERSIONED_TEXTS = tuple(column for column in TEXTS[Statement] if column in VERSIONED_COLUMNS)

_CHUNK = 500


def record_versions(statements: Sequence[Statement], edition: int) -> None:
    """Close the versions that an edition replaces and open the new ones."""
    replaced = [statement.id for statement in statements if statement.version > 1]
    for start in range(0, len(replaced), _CHUNK):
        StatementVersion.objects.filter(statement_id__in=replaced[start : start + _CHUNK], died=None).update(died=edition)
    insert_rows(StatementVersion, [version_of(statement) for statement in statements])


def version_of(statement: Statement) -> StatementVersion:
    """Return the version row of a statement as it stands."""
    columns = {column: getattr(statement, column) for column in VERSIONED_COLUMNS}
    return StatementVersion(statement_id=statement.id, version=statement.version, born=statement.edition, **columns)


def forget_texts(sequences: Sequence[int]) -> None:
    """Empty the texts of versions whose change was purged."""
    for start in range(0, len(sequences), _CHUNK):
        purged = Change.objects.filter(table=Statement._meta.db_table, sequence__in=sequences[start : start + _CHUNK])
        for statement, version in purged.values_list("row_id", "version"):
            StatementVersion.objects.filter(statement=statement, version=version).update(value_text=None, unit="", note="")


def faults() -> Iterator[str]:
    """Yield one line for each version row that does not follow from the chain."""
    changes = Change.objects.filter(table=Statement._meta.db_table).values_list("row_id", "version", "edition_id")
    born = {(row_id, version): edition for row_id, version, edition in changes.iterator()}
    seen = set()
    for version in StatementVersion.objects.order_by("id").iterator(_CHUNK):
        key = (version.statement_id, version.version)
        seen.add(key)
        if (version.born, version.died) != (born.get(key), born.get((key[0], key[1] + 1))):
            yield f"statement {key[0]} version {key[1]}: its editions are not those of the chain"
    for statement, number in sorted(set(born) - seen):
        yield f"statement {statement} version {number}: missing"
    yield from _content_faults()


def _content_faults() -> Iterator[str]:
    """A version says what its change announced; where that was purged, it holds no text."""
    last = 0
    while versions := list(StatementVersion.objects.filter(id__gt=last).order_by("id")[:_CHUNK]):
        last = versions[-1].id
        bodies = _announced(versions)
        for version in versions:
            if differing := _differing(version, bodies.get((version.statement_id, version.version))):
                yield f"statement {version.statement_id} version {version.version}: differs in {', '.join(differing)}"


def _announced(versions: Sequence[StatementVersion]) -> dict[tuple[int, int], str]:
    """The payloads of versions, by statement and version; empty where purged."""
    rows = {version.statement_id for version in versions}
    changes = Change.objects.filter(table=Statement._meta.db_table, row_id__in=rows, payload__isnull=False)
    return {(row_id, version): body for row_id, version, body in changes.values_list("row_id", "version", "payload__body")}


def _differing(version: StatementVersion, body: str | None) -> list[str]:
    """Columns in which a version differs from its payload; the chain's own check names payloads that are no payloads."""
    if not body:
        return [column for column in VERSIONED_TEXTS if body == "" and getattr(version, column)]
    try:
        said = json.loads(body)
    except ValueError:
        return []
    return [column for column in VERSIONED_COLUMNS if plain(getattr(version, column)) != said.get(column)]
