"""Records: one family of addresses for each kind, and one for all kinds together."""

from django.db.models import QuerySet
from django.http import HttpResponseRedirect
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kb.api.paging import PAGING
from kb.api.resource import Resource
from kb.core.errors import NotFound
from kb.core.ids import parse_public_id
from kb.exchange.exporters.detail_json import RecordDetail, record_detail
from kb.exchange.exporters.kind_fields import FIELD_TABLES
from kb.exchange.exporters.record_json import RecordRow, record_rows
from kb.exchange.exporters.reference import api_path
from kb.records.filters import RecordFilters
from kb.records.kinds import KINDS
from kb.records.models import Record
from kb.records.queries import find_record, listed, speaker


class Records(Resource, GenericViewSet[Record]):
    """Records of one kind, or of every kind. Merged and withdrawn records are not listed."""

    kind = ""
    filterset_class: type[RecordFilters] = RecordFilters
    lookup_field = "key"
    lookup_value_regex = "[^/]+"

    def known_parameters(self) -> frozenset[str]:
        """Lists take filters and paging; a record takes nothing."""
        return frozenset(self.filterset_class.base_filters) | PAGING if self.action == "list" else frozenset()

    def get_queryset(self) -> QuerySet[Record]:
        """Return the records of the kind that speak for themselves."""
        records = listed()
        return records.filter(kind=self.kind) if self.kind else records

    @extend_schema(responses=RecordRow)
    def list(self, request: Request) -> Response:
        """List records as they are now, by name unless another order is asked for."""
        found = self.filter_queryset(self.get_queryset())
        ordered = found.order_by(*found.query.order_by, "folded", "kind", "number").select_related(*FIELD_TABLES)
        assert self.paginator is not None
        rows = self.paginator.paginate_queryset(ordered, request, view=self)
        return self.get_paginated_response(record_rows(rows or ()))

    @extend_schema(responses={200: RecordDetail, 302: OpenApiResponse(description="Another record speaks for it.")})
    def retrieve(self, request: Request, key: str) -> Response | HttpResponseRedirect:
        """Return a record by id or slug, with its statements and their evidence.

        A former slug, and the id or slug of a record that was merged into another, redirect (302: a merge can be
        undone) to the record that answers. A withdrawn record answers 410 with what is left to be known of it.
        """
        found = find_record(key)
        spoken = speaker(found)
        if self.kind and spoken.kind != self.kind:
            raise NotFound(f"There is no {KINDS[self.kind].label.lower()} “{key[:80]}”.")
        if spoken != found or not _names(found, key):
            return HttpResponseRedirect(api_path(spoken))
        return Response(record_detail(Record.objects.select_related(*FIELD_TABLES).get(id=found.id)))


def _names(record: Record, key: str) -> bool:
    """Whether the key is the record's own id, in any case, or its present slug."""
    return key == record.slug or parse_public_id(key) == (record.row.letter, record.number)
