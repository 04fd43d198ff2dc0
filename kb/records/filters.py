"""Filters of records: one set for pages and API alike, so that an address means the same in both."""

import django_filters as filters
from django.db.models import Exists, OuterRef, QuerySet

from kb.core.errors import UnknownParameter
from kb.records import vocabularies as words
from kb.records.issue_codes import ISSUE_CODES
from kb.records.kinds import KINDS
from kb.records.models import Record, SourceKey, Statement
from kb.records.predicates import PREDICATES, ROLES
from kb.records.queries import by_relevance, find_record, matching, members
from kb.records.sources import SOURCES

_LEFT_OUT = ("refuted", "retracted")


def check_parameters(given: set[str], known: set[str]) -> None:
    """Refuse query parameters that an address does not take, so that a typing error never widens an answer.

    Raises UnknownParameter.
    """
    if unknown := sorted(given - known):
        taken = ", ".join(sorted(known)) or "none"
        raise UnknownParameter(f"“{unknown[0][:60]}” is not a parameter here. Parameters are: {taken}.")


class RecordFilters(filters.FilterSet):
    """What every list of records can be narrowed by."""

    q = filters.CharFilter(method="search", label="Name, alias or identifier", max_length=200)
    source = filters.ChoiceFilter(
        empty_label="Any",
        choices=[(source.code, source.title) for source in SOURCES.values()],
        method="from_source",
        label="Source",
    )
    party = filters.CharFilter(method="with_party", label="Slug or id of a party that holds a role", max_length=100)
    role = filters.ChoiceFilter(
        empty_label="Any",
        choices=[(code, row.label) for code, row in ROLES.items()],
        method="with_role",
        label="Role held by someone",
    )
    ordering = filters.OrderingFilter(
        fields={"folded": "name", "number": "id", "edition": "edition"},
        choices=[
            ("name", "Name from A to Z"), ("-name", "Name from Z to A"), ("id", "Id, lowest first"), ("-id", "Id, highest first"),
            ("-edition", "Changed last"), ("edition", "Changed first"),
        ],
        empty_label="Best match, then name",
        label="Order",
    )  # fmt: skip

    class Meta:
        model = Record
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Record]) -> QuerySet[Record]:
        """Filter and order: as asked, else what a search names exactly first, then by name."""
        found: QuerySet[Record] = super().filter_queryset(queryset)
        if found.query.order_by:
            return found
        text = self.form.cleaned_data.get("q")
        return by_relevance(found, text) if text else found.order_by("folded", "id")

    def search(self, queryset: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """Narrow to records found by name, alias, identifier or id."""
        return matching(queryset, value)

    def from_source(self, queryset: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """Narrow to records that a source has."""
        return queryset.filter(Exists(SourceKey.objects.filter(record=OuterRef("pk"), source=value)))

    def with_party(self, queryset: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """Narrow to records in which a party holds a role."""
        parties = matching(Record.objects.filter(kind="party"), value).values("id") | Record.objects.filter(slug=value).values(
            "id"
        )
        return queryset.filter(Exists(_roles().filter(object__in=parties)))

    def with_role(self, queryset: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """Narrow to records in which somebody holds this role."""
        return queryset.filter(Exists(_roles().filter(predicate=value)))


def _roles() -> QuerySet[Statement]:
    return Statement.objects.filter(subject=OuterRef("pk"), predicate__in=ROLES).exclude(status__in=_LEFT_OUT)


class EveryKindFilters(RecordFilters):
    """Lists that hold records of all kinds: the search."""

    kind = filters.ChoiceFilter(empty_label="Any", choices=[(kind.code, kind.label) for kind in KINDS.values()], label="Kind")


class ArtifactFilters(RecordFilters):
    """Lists of datasets, models, products and unresolved names."""

    availability = filters.ChoiceFilter(
        empty_label="Any", choices=words.AVAILABILITY.choices, method="with_availability", label="Availability on record"
    )
    training_data = filters.ChoiceFilter(
        empty_label="Any", choices=words.DISCLOSURE_STATES.choices, method="with_disclosure", label="Training data disclosed"
    )

    def with_availability(self, queryset: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """Narrow to artifacts with this availability on record at any date."""
        return queryset.filter(_stated(predicate="availability", value_code=value))

    def with_disclosure(self, queryset: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """Narrow to artifacts whose training data is in this state of disclosure."""
        return queryset.filter(_stated(predicate="disclosure", qualifier="training_data", value_code=value))


class IssueFilters(RecordFilters):
    """Lists of issues."""

    code = filters.ChoiceFilter(
        empty_label="Any", choices=[(row.code, row.label) for row in ISSUE_CODES.values()], field_name="issue__code", label="Code"
    )
    frame = filters.ChoiceFilter(empty_label="Any", choices=words.FRAMES.choices, method="with_frame", label="Frame")
    found_by = filters.ChoiceFilter(
        empty_label="Any", choices=words.FOUND_BY.choices, field_name="issue__found_by", label="Found by"
    )

    def with_frame(self, queryset: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """Narrow to issues seen in a frame; frames are short lists, so the codes are compared as text."""
        return queryset.filter(issue__frames__icontains=f'"{value}"')


class ReportFilters(RecordFilters):
    """Lists of reports."""

    type = filters.ChoiceFilter(empty_label="Any", choices=words.REPORT_TYPES.choices, field_name="report__type", label="Type")
    published = filters.CharFilter(
        field_name="report__published", lookup_expr="startswith", label="Published (year or month)", max_length=10
    )


class LegislationFilters(RecordFilters):
    """Lists of laws and bills."""

    jurisdiction = filters.CharFilter(field_name="legislation__jurisdiction", label="Jurisdiction", max_length=20)
    stage = filters.ChoiceFilter(
        empty_label="Any", choices=words.LEGISLATION_STAGES.choices, method="with_stage", label="Stage reached"
    )

    def with_stage(self, queryset: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """Narrow to laws that reached a stage."""
        return queryset.filter(_stated(predicate="stage", value_code=value))


class PartyFilters(RecordFilters):
    """Lists of parties."""

    type = filters.ChoiceFilter(empty_label="Any", choices=words.PARTY_TYPES.choices, field_name="party__type", label="Type")
    country = filters.CharFilter(field_name="party__country", label="Country (ISO code)", max_length=2)


def _stated(**columns: str) -> Exists:
    return Exists(Statement.objects.filter(subject=OuterRef("pk"), **columns).exclude(status__in=_LEFT_OUT))


class StatementFilters(filters.FilterSet):
    """What a list of statements can be narrowed by."""

    subject = filters.CharFilter(method="about", label="Slug or id of the subject", max_length=100)
    object = filters.CharFilter(method="about", label="Slug or id of the object", max_length=100)
    predicate = filters.ChoiceFilter(
        empty_label="Any", choices=[(code, row.label) for code, row in PREDICATES.items()], label="Predicate"
    )
    status = filters.ChoiceFilter(empty_label="Any", choices=words.STATUSES.choices, label="Status")
    qualifier = filters.CharFilter(label="Qualifier", max_length=40)
    value = filters.CharFilter(field_name="value_code", label="Code that is its value", max_length=40)

    class Meta:
        model = Statement
        fields: list[str] = []

    def about(self, queryset: QuerySet[Statement], name: str, value: str) -> QuerySet[Statement]:
        """Narrow to statements with this record at one end."""
        return queryset.filter(**{f"{name}__in": record_ids(value)})


def record_ids(key: str) -> list[int]:
    """Return the ids of a record named by id or slug and of those merged into it. Raises NotFound or Gone."""
    return [record.id for record in members(find_record(key))]


# The set of filters of each kind's list; every other list of records takes the common ones.
FILTERS_OF: dict[str, type[RecordFilters]] = {
    **{kind.code: ArtifactFilters for kind in KINDS.values() if kind.artifact},
    "issue": IssueFilters,
    "report": ReportFilters,
    "legislation": LegislationFilters,
    "party": PartyFilters,
}
