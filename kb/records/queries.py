"""Reading records, statements and evidence: now, and as they were at an edition.

Every function returns evaluated rows; nothing lazy travels upwards.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from django.db import connection, models
from django.db.models import Max, Prefetch, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from kb.core.errors import NotFound
from kb.core.ids import fold, is_slug, parse_public_id
from kb.core.prepared import Prepared
from kb.ledger import history
from kb.ledger.chain import LEDGER_COLUMNS
from kb.ledger.models import Edition, Head, PublicRow
from kb.records.issue_codes import CONDUCT
from kb.records.kinds import KINDS_BY_LETTER
from kb.records.models import (
    Dispute,
    Evidence,
    Identifier,
    IssueDetail,
    Name,
    Record,
    Reply,
    RetiredSlug,
    SourceKey,
    SourceRun,
    Statement,
    StatementVersion,
)
from kb.records.sources import SOURCES, Source
from kb.records.tombstone import refuse_withdrawn

AnyRow = TypeVar("AnyRow", bound=PublicRow)
_CHUNK = 500
# Rows of a few numbers are read in larger portions.
_WIDE_CHUNK = 5_000
SHOWN_WITH_SAME_NAME = 20
_BY_ID = Prepared(lambda ids: Record.objects.filter(id__in=ids))
_BY_NUMBER = Prepared(lambda kind, number: Record.objects.filter(kind=kind, number=number))
_BY_SLUG = Prepared(lambda slug: Record.objects.filter(slug=slug))
_ALIVE_AT = Prepared(
    lambda ids, edition: StatementVersion.objects.filter(Q(died=None) | Q(died__gt=edition), statement__in=ids, born__lte=edition)
)
_LAST_RUNS = Prepared(
    lambda: (
        SourceRun.objects.filter(outcome="done").values("source").annotate(last=Max("finished_at")).values_list("source", "last")
    )
)


def find_record(key: str) -> Record:
    """Return the record with this permanent id, slug or former slug.

    Raises NotFound where there is none, Gone with its tombstone where it was withdrawn.
    """
    record = any_record(key)
    refuse_withdrawn(record)
    return record


def any_record(key: str) -> Record:
    """Return the record with this permanent id, slug or former slug, be it withdrawn. Raises NotFound where there is none."""
    record = _by_public_id(key) or (_by_slug(key) if is_slug(key) else None)
    if record is None:
        raise NotFound(f"There is no record “{key[:80]}”.")
    return record


def _by_public_id(key: str) -> Record | None:
    parsed = parse_public_id(key)
    kind = KINDS_BY_LETTER.get(parsed[0]) if parsed else None
    found = _BY_NUMBER(kind.code, parsed[1]) if parsed and kind else ()
    return next(iter(found), None)


def _by_slug(slug: str) -> Record | None:
    for record in _BY_SLUG(slug):
        return record
    retired = RetiredSlug.objects.select_related("record").filter(slug=slug).first()
    return retired.record if retired else None


def listed() -> "models.QuerySet[Record]":
    """Return the records that lists and counts hold: those that speak for themselves and are not withdrawn."""
    return Record.objects.filter(merged_into=None, withdrawn=None)


def withdrawn() -> "models.QuerySet[Record, int]":
    """Return the ids of records that were withdrawn, for a condition of another query."""
    return Record.objects.filter(withdrawn__isnull=False).values_list("id", flat=True)


def speaker(record: Record) -> Record:
    """Return the record that speaks for this one: itself, or the last of the merges."""
    while record.merged_into_id is not None:
        record = Record.objects.get(id=record.merged_into_id)
    return record


def members(record: Record) -> list[Record]:
    """Return the record and every record merged into it, directly or through others."""
    found, frontier = [record], [record.id]
    while frontier:
        merged = list(Record.objects.filter(merged_into__in=frontier).order_by("id"))
        found += merged
        frontier = [one.id for one in merged]
    return found


def same_name(record: Record) -> list[Record]:
    """Return other records of any kind that carry this record's name, so that pages can point to each other."""
    named = Q(folded=record.folded) | Q(names__folded=record.folded, names__ambiguous=False)
    found = listed().filter(named).exclude(id=record.id).distinct().order_by("kind", "number")
    return list(found[:SHOWN_WITH_SAME_NAME])


def matching(queryset: "models.QuerySet[Record]", text: str) -> "models.QuerySet[Record]":
    """Narrow records to those whose name, alias, identifier or permanent id matches the text. Withdrawn ones never do."""
    folded = fold(text)
    named = Q(folded__contains=folded) | Q(id__in=Name.objects.filter(folded__contains=folded).values("record"))
    named = named if folded else Q(pk__in=[])
    identified = Q(id__in=Identifier.objects.filter(value__icontains=text).values("record"))
    parsed = parse_public_id(text.strip())
    kind = KINDS_BY_LETTER.get(parsed[0]) if parsed else None
    if parsed and kind:
        named |= Q(kind=kind.code, number=parsed[1])
    return queryset.filter(named | identified, withdrawn=None)


def by_relevance(queryset: "models.QuerySet[Record]", text: str) -> "models.QuerySet[Record]":
    """Order found records: those of exactly this name first, then those whose name begins so, then by name."""
    folded = fold(text)
    rank = models.Case(
        models.When(folded=folded, then=0),
        models.When(folded__startswith=folded, then=1),
        default=2,
        output_field=models.IntegerField(),
    )
    return queryset.order_by(rank, "folded", "id")


def records_by_id(ids: Iterable[int], edition: int | None = None) -> dict[int, Record]:
    """Return records by id, as they are now or were at an edition."""
    rows = _BY_ID.among(set(ids)) if edition is None else past_rows(Record, ids, edition)
    return {row.id: row for row in rows}


def versions_by_statement(statement_ids: Iterable[int], edition: int) -> dict[int, StatementVersion]:
    """Return the version of each statement that was alive at an edition."""
    return {row.statement_id: row for row in _ALIVE_AT.among(set(statement_ids), edition)}


def past_rows(model: type[AnyRow], ids: Iterable[int], edition: int) -> list[AnyRow]:
    """Return rows as they were at an edition from their payloads."""
    rows = history.rows_at(model._meta.db_table, ids, edition)
    return [_from_payload(model, rows[row_id]) for row_id in sorted(rows)]


def _from_payload(model: type[AnyRow], payload: dict[str, Any]) -> AnyRow:
    fields = {field.attname: field for field in model._meta.concrete_fields if field.attname not in LEDGER_COLUMNS}
    return model(**{name: field.to_python(payload[name]) for name, field in fields.items() if name in payload})


def statements_about(records: Iterable[Record]) -> list[Statement]:
    """Return every statement that has one of the records as subject or object, with both ends read."""
    ids = [record.id for record in records]
    found = Statement.objects.filter(Q(subject__in=ids) | Q(object__in=ids)).select_related("subject", "object")
    return list(found.order_by("predicate", "start", "id"))


class Said(NamedTuple):
    """A statement about a record, without its words: what it takes to sort, count and choose among thousands."""

    number: int
    subject: int
    predicate: str
    qualifier: str
    status: str
    start: str
    end: str


def said_about(records: Iterable[Record]) -> list[Said]:
    """Return every statement that has one of the records as subject or object, in the order of `statements_about`."""
    ids = [record.id for record in records]
    found = Statement.objects.filter(Q(subject__in=ids) | Q(object__in=ids)).order_by("predicate", "start", "id")
    return [Said(*row) for row in found.values_list("id", "subject_id", "predicate", "qualifier", "status", "start", "end")]


def statements_by_number(numbers: Iterable[int]) -> dict[int, Statement]:
    """Return statements by number, with both ends read."""
    wanted, found = sorted(set(numbers)), dict[int, Statement]()
    for start in range(0, len(wanted), _CHUNK):
        rows = Statement.objects.filter(id__in=wanted[start : start + _CHUNK]).select_related("subject", "object")
        found |= {row.id: row for row in rows}
    return found


def with_details(queryset: "models.QuerySet[Record]") -> "models.QuerySet[Record]":
    """Read along what a record's page and API row show of it."""
    return queryset.select_related("report__publisher", "issue", "legislation", "party", "merged_into").prefetch_related(
        Prefetch("names", Name.objects.order_by("id")),
        Prefetch("identifiers", Identifier.objects.order_by("scheme", "value")),
        Prefetch("source_keys", SourceKey.objects.order_by("id")),
    )


def editions_touching(records: Iterable[Record]) -> list[Edition]:
    """Return the editions that changed the records, their statements, evidence, replies or disputes, newest first."""
    ids = [record.id for record in records]
    statements = list(Statement.objects.filter(Q(subject__in=ids) | Q(object__in=ids)).values_list("id", flat=True))
    evidence = list(Evidence.objects.filter(statement__in=statements[:_CHUNK]).values_list("id", flat=True))
    responses: dict[str, list[int]] = {
        model._meta.db_table: list(model._base_manager.filter(record__in=ids).values_list("id", flat=True))
        for model in (Reply, Dispute)
    }
    return history.editions_of(
        {
            Record._meta.db_table: ids,
            Statement._meta.db_table: statements,
            Evidence._meta.db_table: evidence,
            **responses,
        }
    )


def searched_sources() -> list[tuple[Source, datetime]]:
    """Return the sources that have been read, each with the end of its last good run."""
    dates = dict(_LAST_RUNS())
    return [(source, dates[source.code]) for source in SOURCES.values() if source.code in dates]


def head_and_search() -> str:
    """Return what answers of lineage change with: the digest of the chain's head, and the end of the last good run."""
    # Every answer asks, so once and without the ORM, which takes ten times as long to make the words.
    last = f"SELECT MAX(finished_at) FROM {SourceRun._meta.db_table} WHERE outcome = 'done'"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT digest, ({last}) FROM {Head._meta.db_table} WHERE id = 1")  # noqa: S608
        return " ".join(map(str, cursor.fetchone() or ()))


# Whose work a picture or a table names beside an artifact, most telling role first.
_NAMED_ROLES = ("creator", "trainer", "integrator", "provider", "curator", "modifier", "publisher", "operator", "maintainer")


def party_ids_of(record_ids: Iterable[int]) -> dict[int, int]:
    """Return one party for each record that has any: the one in the most telling role, held by a supported statement.

    Ids alone: it is asked for thousands of records, of which a few will be named.
    """
    ids = sorted(set(record_ids))
    found: dict[int, tuple[int, int, int]] = {}
    for start in range(0, len(ids), _WIDE_CHUNK):
        # Numbers of our own, written out: as parameters each would be prepared by itself, which takes longer than the query.
        chunk = RawSQL(",".join(map(str, map(int, ids[start : start + _WIDE_CHUNK]))), ())  # noqa: S611
        # The role is compared and not looked up: nine look-ups for each record take longer than to read what is said of it.
        said = Statement.objects.annotate(role=Coalesce("predicate", models.Value(""))).filter(subject__in=chunk)
        held = (
            said.filter(role__in=_NAMED_ROLES).exclude(object=None).exclude(status__in=("needs_source", "refuted", "retracted"))
        )
        for number, record, role, party in held.values_list("id", "subject_id", "predicate", "object_id"):
            place = (_NAMED_ROLES.index(role), number, party or 0)
            found[record] = min(place, found.get(record, place))
    return {record: party for record, (_, _, party) in found.items()}


def issues_of_conduct(issue_ids: Iterable[int]) -> set[int]:
    """Return those of the issues that are about what somebody did, not about what an artifact holds."""
    details = IssueDetail.objects.filter(record__in=set(issue_ids), code__in=CONDUCT)
    return set(details.values_list("record_id", flat=True))


def sources_of(record_ids: Iterable[int]) -> dict[int, Source]:
    """Return the source that each record comes from; one that several sources have is told under the first."""
    keys = SourceKey.objects.filter(record__in=set(record_ids)).order_by("-id").values_list("record_id", "source")
    return {record: SOURCES[source] for record, source in keys if source in SOURCES}
