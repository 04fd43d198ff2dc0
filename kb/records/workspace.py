"""The unit of work of one edition: rows read, rows to be written, numbers drawn, references resolved.

It keeps order and identity; what a change means is said in `publish.py`.
"""

from collections.abc import Iterable, Mapping, MutableMapping
from functools import cache
from typing import Any, TypeVar

from django.db.models import CharField, Field, TextField

from kb.core.errors import Conflict, InvalidInput
from kb.core.ids import is_slug, slug_words, slugify
from kb.core.safety import UnsafeText, check_text, check_texts
from kb.ledger.models import Counter, Head, PublicRow
from kb.ledger.write import RowWrite
from kb.records.changes import Change, CreateRecord, Ref, RenameRecord
from kb.records.detail import TEXTS
from kb.records.hazards import hazards_among
from kb.records.models import PartyDetail, Record, RetiredSlug, Statement

AnyRow = TypeVar("AnyRow", bound=PublicRow)
_CHUNK = 500
# What of a slug is kept where a number follows.
_STEM_LENGTH = 60


class Workspace:
    """Rows of one edition in the making. Lives inside the transaction that holds the pen."""

    def __init__(self, head: Head, refs: MutableMapping[str, int]) -> None:
        self.head = head
        self.refs = refs
        self.writes: list[RowWrite] = []
        self.records: dict[int, Record] = {}
        self.party_types: dict[int, str] = {}
        self.hazards: set[int] = set()
        # Those of the hazards that this edition makes such.
        self.held: set[int] = set()
        self.touched: set[int] = set()
        self.regrouped: set[int] = set()
        self._rows: dict[tuple[type[PublicRow], int], PublicRow] = {}
        self._written: set[tuple[type[PublicRow], int]] = set()
        self._counters: dict[str, Counter] = {}
        self._slugs: set[str] = set()
        self._claims: set[tuple[object, ...]] = set()
        # Texts that the guard has let pass in this edition: an import says the same in many rows, and the guard is pure.
        self._safe: set[tuple[str, bool, bool]] = set()

    def load(self, changes: Iterable[Change]) -> None:
        """Read in bulk what the changes refer to: records, slugs that might collide, parties' types, hazards."""
        changes = list(changes)
        self._load_records(
            {self.refs.get(ref, ref) if isinstance(ref, str) else ref for change in changes for ref in change.references()}
        )
        self._load_slugs(changes)

    def _load_records(self, wanted: set[Ref]) -> None:
        ids = sorted(ref for ref in wanted if isinstance(ref, int) and ref not in self.records)
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            found = Record.objects.in_bulk(chunk)
            self.records |= found
            self.party_types |= dict(PartyDetail.objects.filter(record__in=chunk).values_list("record_id", "type"))
            self.hazards |= hazards_among(record.id for record in found.values() if record.kind == "issue")

    def _load_slugs(self, changes: Iterable[Change]) -> None:
        wanted = {_wanted_slug(change) for change in changes if isinstance(change, CreateRecord | RenameRecord)} - {""}
        ordered = sorted(wanted)
        for start in range(0, len(ordered), _CHUNK):
            chunk = ordered[start : start + _CHUNK]
            for model in (Record, RetiredSlug):
                self._slugs |= set(model._base_manager.filter(slug__in=chunk).values_list("slug", flat=True))

    # records

    def merges(self) -> Mapping[int, int | None]:
        """Return what each record is merged into, of those whose merges this edition changes."""
        return {record: self.record(record).merged_into_id for record in self.regrouped}

    def record(self, ref: Ref) -> Record:
        """Return a record by id or by the reference under which this run created it.

        Raises InvalidInput where there is none.
        """
        record_id = self.refs.get(ref) if isinstance(ref, str) else ref
        if record_id is not None and record_id not in self.records:
            self._load_records({record_id})
        record = self.records.get(record_id) if record_id is not None else None
        if record is None:
            raise InvalidInput(f"There is no record “{str(ref)[:80]}”.")
        return record

    def record_id(self, ref: Ref | None) -> int | None:
        """Return the id behind a reference; nothing stays nothing."""
        return None if ref is None else self.record(ref).id

    def keep(self, ref: str, record: Record) -> None:
        """Remember a record that this run creates."""
        if ref in self.refs:
            raise Conflict(f"“{ref[:80]}” is created twice.")
        self.refs[ref] = record.id
        self.records[record.id] = record

    def take_slug(self, wanted: str, name: str, *, hazard: bool) -> str:
        """Reserve a slug: the one wanted, or one made of the name that nobody has had."""
        if wanted:
            if not is_slug(wanted):
                raise InvalidInput(f"“{wanted[:80]}” is not a slug: lower-case words joined by hyphens, not shaped like an id.")
            self.check_slug(wanted, hazard=hazard)
            return self._reserve(wanted)
        base = slugify(name)
        if hazard:
            self.check_slug(base, hazard=True)  # "Aged (7)" becomes "aged-7"
        return self._reserve(self._next_free(base) if base in self._slugs else base)

    def _reserve(self, slug: str) -> str:
        if slug in self._slugs:
            raise Conflict(f"The slug “{slug}” is or was another record's.")
        self._slugs.add(slug)
        return slug

    def check_slug(self, slug: str, *, hazard: bool) -> None:
        """Raise InvalidInput where the words of a slug, which is public too, break a rule."""
        try:
            check_texts((slug, slug_words(slug)), hazard=hazard)
        except UnsafeText as refusal:
            raise InvalidInput(f"slug: {refusal}") from None

    def _next_free(self, base: str) -> str:
        stem = base[:_STEM_LENGTH].rstrip("-")
        if not is_slug(f"{stem}-2"):  # "up-d" would become "up-d-2", which is shaped like an id
            stem = f"record-{stem}"
        for model in (Record, RetiredSlug):
            taken = model._base_manager.filter(slug__startswith=f"{stem}-")
            self._slugs |= set(taken.values_list("slug", flat=True))
        number = 2
        while f"{stem}-{number}" in self._slugs:
            number += 1
        return f"{stem}-{number}"

    def claim(self, model: type[PublicRow], what: str, *, owner: PublicRow | None = None, **columns: object) -> None:
        """Refuse a row that another one, on file or of this edition, already is. `columns` are what makes it the same.

        The table is asked only where the row's `owner` was there before this edition; without one the caller has asked.
        """
        key = (model, *sorted(columns.items()))
        on_file = owner is not None and not self._is_new(owner) and model._base_manager.filter(**columns).exists()
        if on_file or key in self._claims:
            raise Conflict(f"{what} is on record already.")
        self._claims.add(key)

    def _is_new(self, row: PublicRow) -> bool:
        return row.sequence is None

    # rows

    def next_number(self, counter: str) -> int:
        """Draw the next number under a name; flushed with the edition, never given twice."""
        if counter not in self._counters:
            self._counters[counter] = Counter.objects.get_or_create(name=counter)[0]
        self._counters[counter].value += 1
        return self._counters[counter].value

    def insert(self, model: type[AnyRow], *, hazard: bool = False, **values: Any) -> AnyRow:
        """Add a new row with a fresh id."""
        row = model(id=self.next_number(model._meta.db_table), **values)
        self.check_texts(row, hazard)
        self._rows[model, row.id] = row
        self._note(row, "insert")
        return row

    def update(self, row: PublicRow, values: Mapping[str, Any], *, hazard: bool = False) -> bool:
        """Change columns of a row; a row that stays as it was is not written. Returns whether anything changed."""
        changed = self.overwrite(row, values)
        if changed:
            self.check_texts(row, hazard)
        return changed

    def overwrite(self, row: PublicRow, values: Mapping[str, Any]) -> bool:
        """Change columns of a row unread by the guard: a text can be taken out while another one waits to be."""
        changed = {column: value for column, value in values.items() if getattr(row, column) != value}
        for column, value in changed.items():
            setattr(row, column, value)
        if changed:
            self._rows[type(row), row.id] = row
            self._note(row, "update")
        return bool(changed)

    def _note(self, row: PublicRow, action: str) -> None:
        """Each row is written once in an edition, with its values as they are at the end."""
        if (type(row), row.id) not in self._written:
            self._written.add((type(row), row.id))
            self.writes.append(RowWrite(row, action))
        if isinstance(row, Statement):
            self.touched.add(row.id)

    def row(self, model: type[AnyRow], row_id: int) -> AnyRow:
        """Return a row as this edition will leave it. Raises Conflict where there is none."""
        known = self._rows.get((model, row_id))
        if known is None:
            known = model._base_manager.filter(id=row_id).first()
            if known is None:
                raise Conflict(f"There is no {model._meta.verbose_name} {row_id}.")
            self._rows[model, row_id] = known
        assert isinstance(known, model)
        return known

    def adopt(self, rows: Iterable[AnyRow]) -> list[AnyRow]:
        """Return rows that were read in bulk as this edition will leave them."""
        found = []
        for row in rows:
            known = self._rows.setdefault((type(row), row.id), row)
            assert isinstance(known, type(row))
            found.append(known)
        return found

    def written(self, model: type[AnyRow]) -> list[AnyRow]:
        """Return the rows of a table that this edition writes."""
        return [write.row for write in self.writes if isinstance(write.row, model)]

    def flush_counters(self) -> None:
        """Store how far the numbers have been drawn."""
        for counter in self._counters.values():
            counter.save(update_fields=["value"])

    def check_texts(self, row: PublicRow, hazard: bool) -> None:
        """Every column of characters holds characters and no more than it may; the safety guard reads every word."""
        for field in _character_columns(type(row)):
            _check_length(field, getattr(row, field.attname))
        for column in TEXTS.get(type(row), ()):
            text = getattr(row, column)
            asked = (text, hazard, column == "quotation")
            if text and asked not in self._safe:
                try:
                    check_text(text, hazard=hazard, quotation=column == "quotation")
                except UnsafeText as refusal:
                    raise InvalidInput(f"{row._meta.model_name} {column}: {refusal}") from None
                self._safe.add(asked)


def _wanted_slug(change: CreateRecord | RenameRecord) -> str:
    return change.slug or (slugify(change.slug_stem or change.name) if isinstance(change, CreateRecord) else "")


@cache
def _character_columns(model: type[PublicRow]) -> tuple["Field[Any, Any]", ...]:
    return tuple(field for field in model._meta.concrete_fields if isinstance(field, CharField | TextField))


def _check_length(field: "Field[Any, Any]", value: object) -> None:
    """SQLite stores what is too long, PostgreSQL fails in its own words: so it is refused here."""
    if value is None and field.null:
        return
    if not isinstance(value, str):
        raise InvalidInput(f"{field.name} must be text.")
    if field.max_length is not None and len(value) > field.max_length:
        raise InvalidInput(f"{field.name} has at most {field.max_length} characters; this one has {len(value)}.")
