"""The vocabulary: every word that records, statements and answers use, with label, definition and mapping."""

from typing import Annotated, TypedDict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api.resource import Resource
from kb.core.vocabulary import Vocabulary
from kb.exchange.exporters.reference import absolute, family_of
from kb.records import vocabularies
from kb.records.identifiers import SCHEMES
from kb.records.issue_codes import ISSUE_CODES, TAXONOMY_RELEASE
from kb.records.kinds import KINDS, Kind
from kb.records.predicates import PREDICATES, Predicate
from kb.records.sources import SOURCES
from kb.records.status import RULE_VERSION


class TermRow(TypedDict):
    """One word of a vocabulary."""

    code: str
    label: str
    definition: str | None
    mapping: Annotated[str | None, "The field of another standard that the word comes from."]


class KindRow(TypedDict):
    """One kind of record."""

    code: str
    letter: Annotated[str, "The letter in permanent ids."]
    label: str
    plural: str
    definition: str
    artifact: Annotated[bool, "Whether lineage runs through records of this kind."]
    api_url: str


class PredicateRow(TypedDict):
    """One thing that a statement can say."""

    code: str
    group: str
    label: str
    reads: Annotated[str, "The words between subject and object or value."]
    inverse: Annotated[str | None, "The words between object and subject."]
    subjects: Annotated[list[str], "Kinds that it is said of."]
    objects: Annotated[list[str], "Kinds that it leads to; empty where it has a value."]
    value_type: Annotated[str, "record, code, text, integer, decimal or date."]
    codes: Annotated[list[str] | None, "The codes that its value can be."]
    qualifiers: Annotated[list[str] | None, "The qualifiers that it takes."]
    qualifier_required: bool
    carries: Annotated[str | None, "For relations of lineage: whether what is wrong in the parent reaches the child."]
    is_use: Annotated[bool, "Whether it ends with its dates; training never does."]
    symmetric: bool


class IssueCodeRow(TypedDict):
    """One code of an issue, with its names in other taxonomies."""

    code: str
    name: str
    label: str
    mit: Annotated[str, "Subdomains of the MIT AI Risk Repository."]
    avid: str | None
    alleges: Annotated[bool, "Whether it accuses somebody: titles then name the claimant."]


class SchemeRow(TypedDict):
    """One scheme of identifiers."""

    code: str
    label: str
    example: str


class SourceOfRecords(TypedDict):
    """One source that records come from."""

    code: str
    title: str
    licence: str
    note: str


class Words(TypedDict):
    """Every word in use."""

    kinds: list[KindRow]
    predicates: list[PredicateRow]
    statuses: Annotated[list[TermRow], "Strongest first. A path is as strong as its weakest step."]
    status_rule: Annotated[int, "Version of the rule that derives a status from evidence."]
    vocabularies: dict[str, list[TermRow]]
    issue_codes: list[IssueCodeRow]
    taxonomies: Annotated[str, "The releases of other taxonomies that issue codes are mapped to."]
    identifier_schemes: list[SchemeRow]
    sources: list[SourceOfRecords]


class VocabularyView(Resource):
    """The vocabulary."""

    @extend_schema(responses=Words)
    def get(self, request: Request) -> Response:
        """Return kinds, predicates, statuses, issue codes and all other vocabularies."""
        return Response(words())


def words() -> Words:
    """Gather the registries."""
    return {
        "kinds": [_kind_row(kind) for kind in KINDS.values()],
        "predicates": [_predicate_row(row) for row in PREDICATES.values()],
        "statuses": _terms(vocabularies.STATUSES),
        "status_rule": RULE_VERSION,
        "vocabularies": {one.name: _terms(one) for one in vars(vocabularies).values() if isinstance(one, Vocabulary)},
        "issue_codes": [
            {
                "code": row.code,
                "name": row.name,
                "label": row.label,
                "mit": row.mit,
                "avid": row.avid or None,
                "alleges": row.alleges,
            }
            for row in ISSUE_CODES.values()
        ],
        "taxonomies": TAXONOMY_RELEASE,
        "identifier_schemes": [
            {"code": scheme.code, "label": scheme.label, "example": scheme.example} for scheme in SCHEMES.values()
        ],
        "sources": [
            {"code": source.code, "title": source.title, "licence": source.licence, "note": source.note}
            for source in SOURCES.values()
        ],
    }


def _terms(vocabulary: Vocabulary) -> list[TermRow]:
    return [
        {"code": term.code, "label": term.label, "definition": term.definition or None, "mapping": term.mapping or None}
        for term in vocabulary.values()
    ]


def _kind_row(kind: Kind) -> KindRow:
    address = absolute(f"/api/v1/{family_of(kind.code)}/")
    return {
        "code": kind.code, "letter": kind.letter, "label": kind.label, "plural": kind.plural,
        "definition": kind.definition, "artifact": kind.artifact,
        "api_url": address if family_of(kind.code) == kind.path else f"{address}?kind={kind.code}",
    }  # fmt: skip


def _predicate_row(row: Predicate) -> PredicateRow:
    return {
        "code": row.code, "group": row.group, "label": row.label, "reads": row.reads, "inverse": row.inverse or None,
        "subjects": sorted(row.subjects), "objects": sorted(row.objects),
        "value_type": "record" if row.column == "object" else row.column.removeprefix("value_"),
        "codes": list(row.codes) if row.codes else None, "qualifiers": list(row.qualifiers) if row.qualifiers else None,
        "qualifier_required": row.qualifier_required, "carries": row.carries, "is_use": row.is_use, "symmetric": row.symmetric,
    }  # fmt: skip
