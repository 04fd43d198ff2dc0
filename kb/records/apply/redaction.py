"""Tombstones: what stands in the place of a text that was taken out for good, and what follows from that text.

Only the row on record is changed here. Its former versions are emptied by `kb.records.purge`.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.db.models import UniqueConstraint

from kb.core.errors import InvalidInput
from kb.core.ids import fold
from kb.ledger.models import PublicRow
from kb.records import changes as do
from kb.records.apply.statements import statement_identity
from kb.records.detail import TEXTS
from kb.records.models import Evidence, Name, Record, ReportDetail, RetiredSlug, Statement
from kb.records.workspace import Workspace

TOMBSTONE = "[removed]"
_TOMBSTONES = re.compile(r"\[removed(?: [0-9]+)?\]|removed-(?:slug-)?[0-9]+(?:-[0-9]+)?")
_SLUG = "slug"
SLUGS: Mapping[type[PublicRow], tuple[str, ...]] = {Record: (_SLUG,), RetiredSlug: (_SLUG,)}
_ADDRESSES: Mapping[type[PublicRow], tuple[str, ...]] = {ReportDetail: ("url",), Evidence: ("archive_url",)}


def is_tombstone(text: str) -> bool:
    """Whether a text stands where another one was taken out."""
    return bool(_TOMBSTONES.fullmatch(text))


def redactable() -> dict[str, tuple[type[PublicRow], tuple[str, ...]]]:
    """Map each table to its model and the columns whose text can be taken out: words, slugs and addresses."""
    found: dict[str, tuple[type[PublicRow], tuple[str, ...]]] = {}
    for registry in (TEXTS, SLUGS, _ADDRESSES):
        for model, columns in registry.items():
            assert issubclass(model, PublicRow)
            before = found.get(model._meta.db_table, (model, ()))[1]
            found[model._meta.db_table] = (model, (*before, *columns))
    return found


def columns_of(table: str) -> tuple[type[PublicRow], tuple[str, ...]]:
    """Return the model of a table and the columns whose text can be taken out. Raises InvalidInput where it has none."""
    known = redactable()
    if table not in known:
        raise InvalidInput(f"“{table[:40]}” holds no text that can be taken out. Tables are: {', '.join(sorted(known))}.")
    return known[table]


def _redact(change: do.Redact, work: Workspace) -> None:
    model, columns = columns_of(change.table)
    if unknown := sorted(set(change.columns) - set(columns)):
        raise InvalidInput(f"“{unknown[0][:40]}” of {change.table} is no text. Texts are: {', '.join(columns)}.")
    row = work.row(model, change.row)
    for column in change.columns:
        if getattr(row, column):
            work.overwrite(row, {column: _tombstone(row, column)})
            work.overwrite(row, _following(row, column))


def _tombstone(row: PublicRow, column: str) -> str:
    """A sentence where one may stand, nothing for an address, and the row's own number where no two may be the same."""
    if column == _SLUG:
        return _free_slug(row)
    if column in _ADDRESSES.get(type(row), ()):
        return ""
    return f"[removed {row.id}]" if column in _unique_columns(type(row)) else TOMBSTONE


@cache
def _unique_columns(model: type[PublicRow]) -> frozenset[str]:
    """Columns that are a part of what makes a row itself. The value of a statement is in its identity."""
    constraints = [one for one in model._meta.constraints if isinstance(one, UniqueConstraint)]
    own = {"value_text"} if model is Statement else set()
    return frozenset(own.union(*(constraint.fields for constraint in constraints)))


def _free_slug(row: PublicRow) -> str:
    """A slug that nobody has or had. The old one does not redirect: it would say again what was taken out."""
    before: str = getattr(row, _SLUG)
    if is_tombstone(before):
        return before
    stem = f"removed-slug-{row.id}" if isinstance(row, RetiredSlug) else f"removed-{row.id}"
    tried = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
    return next(slug for slug in tried if not _is_taken(slug))


def _is_taken(slug: str) -> bool:
    return Record.objects.filter(slug=slug).exists() or RetiredSlug.objects.filter(slug=slug).exists()


def _following(row: PublicRow, column: str) -> dict[str, Any]:
    following = _FOLLOWING.get((type(row), column))
    return following(row) if following else {}


def _after_name(row: Any) -> dict[str, Any]:
    """The slug is made of the name."""
    return {"folded": fold(row.name), _SLUG: _free_slug(row)}


def _after_alias(row: Any) -> dict[str, Any]:
    return {"folded": fold(row.text)}


def _after_value(row: Any) -> dict[str, Any]:
    return {"identity": statement_identity(row.subject_id, row.predicate, row.object_id, row.value_text, row.qualifier)}


_FOLLOWING: Mapping[tuple[type[PublicRow], str], Callable[[Any], dict[str, Any]]] = {
    (Record, "name"): _after_name,
    (Name, "text"): _after_alias,
    (Statement, "value_text"): _after_value,
}

HANDLERS: Mapping[type[do.Change], Callable[[Any, Workspace], None]] = {do.Redact: _redact}
