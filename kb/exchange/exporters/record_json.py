"""Records as exports show them: what they are called, where they come from, and the fields of their kind."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, TypedDict

from kb.core.vocabulary import Term, Vocabulary
from kb.exchange.exporters.kind_fields import FIELDS_OF, Fields
from kb.exchange.exporters.reference import RecordReference, record_reference
from kb.records.identifiers import SCHEMES, identifier_link
from kb.records.models import Identifier, Name, Record, SourceKey
from kb.records.sources import SOURCES

SCHEME_WORDS = Vocabulary("identifier scheme", *(Term(scheme.code, scheme.label) for scheme in SCHEMES.values()))
SOURCE_WORDS = Vocabulary("source", *(Term(source.code, source.title) for source in SOURCES.values()))


class NameRow(TypedDict):
    """Another name of a record."""

    text: str
    ambiguous: Annotated[bool, "Whether the name also means other things."]


class IdentifierRow(TypedDict):
    """An identifier in somebody else's scheme."""

    scheme: Annotated[str, SCHEME_WORDS]
    label: Annotated[str, "What the scheme is called."]
    value: str
    link: Annotated[str | None, "Where the identifier leads, if its scheme has public addresses."]


class SourceRow(TypedDict):
    """Where a record comes from."""

    source: Annotated[str, SOURCE_WORDS]
    external_id: Annotated[str, "What the source calls the record."]
    title: str
    licence: Annotated[str, "The licence under which facts were taken."]
    note: Annotated[str, "Whether Upstream has reviewed it."]


class RecordRow(RecordReference):
    """A record as lists show it."""

    names: list[NameRow]
    identifiers: list[IdentifierRow]
    fields: Annotated[Fields | None, "The fields that only records of its kind have."]
    sources: list[SourceRow]
    edition: Annotated[int, "The edition that last changed the record itself."]


def record_rows(records: Sequence[Record]) -> list[RecordRow]:
    """Shape records read along with FIELD_TABLES.

    Names, identifiers and sources are read as plain tuples: Django's prefetching takes longer than all the rest.
    """
    ids = [record.id for record in records]
    names = _by_record(Name.objects.filter(record__in=ids).order_by("id").values_list("record_id", "text", "ambiguous"))
    identifiers = Identifier.objects.filter(record__in=ids).order_by("scheme", "value")
    called = _by_record(identifiers.values_list("record_id", "scheme", "value"))
    keys = SourceKey.objects.filter(record__in=ids).order_by("id")
    sources = _by_record(keys.values_list("record_id", "source", "external_id"))
    return [_record_row(record, names[record.id], called[record.id], sources[record.id]) for record in records]


def _by_record(rows: Iterable[tuple[int, str, Any]]) -> dict[int, list[tuple[str, Any]]]:
    grouped: dict[int, list[tuple[str, Any]]] = defaultdict(list)
    for record, *columns in rows:
        grouped[record].append((columns[0], columns[1]))
    return grouped


_Pairs = list[tuple[str, Any]]


def _record_row(record: Record, names: _Pairs, identifiers: _Pairs, sources: _Pairs) -> RecordRow:
    shape = FIELDS_OF.get(record.kind)
    return {
        **record_reference(record),
        "names": [{"text": text, "ambiguous": ambiguous} for text, ambiguous in names],
        "identifiers": [_identifier_row(scheme, value) for scheme, value in identifiers],
        "fields": shape(record) if shape else None,
        "sources": [_source_row(source, external_id) for source, external_id in sources],
        "edition": record.edition,
    }


def _identifier_row(scheme: str, value: str) -> IdentifierRow:
    return {"scheme": scheme, "label": SCHEME_WORDS.label(scheme), "value": value, "link": identifier_link(scheme, value) or None}


def _source_row(code: str, external_id: str) -> SourceRow:
    source = SOURCES[code]
    return {
        "source": code, "external_id": external_id, "title": source.title, "licence": source.licence, "note": source.note,
    }  # fmt: skip
