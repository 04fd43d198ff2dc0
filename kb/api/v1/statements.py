"""Statements: everything that is said about records, each with its evidence."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kb.api.paging import PAGING
from kb.api.resource import Resource
from kb.core.errors import NotFound
from kb.exchange.exporters.detail_json import LEFT_OUT
from kb.exchange.exporters.statement_json import StatementRow, statement_rows
from kb.records.filters import StatementFilters
from kb.records.models import Statement
from kb.records.queries import withdrawn
from kb.records.tombstone import refuse_withdrawn_ends


class Statements(Resource, GenericViewSet[Statement]):
    """Statements as they are now. Refuted and retracted ones are listed when their status is asked for."""

    filterset_class = StatementFilters
    lookup_field = "number"
    queryset = Statement.objects.select_related("subject", "object").order_by("id")

    def known_parameters(self) -> frozenset[str]:
        """Lists take filters and paging; a statement takes nothing."""
        return frozenset(StatementFilters.base_filters) | PAGING if self.action == "list" else frozenset()

    @extend_schema(responses=StatementRow)
    def list(self, request: Request) -> Response:
        """List statements in the order in which they were recorded."""
        found: QuerySet[Statement] = self.filter_queryset(self.get_queryset())
        if not request.query_params.get("status"):
            found = found.exclude(status__in=LEFT_OUT)
        # Few records are withdrawn: they are looked up once, and not the ends of every statement.
        found = found.exclude(subject__in=withdrawn()).exclude(object__in=withdrawn())
        assert self.paginator is not None
        rows = self.paginator.paginate_queryset(found, request, view=self) or []
        return self.get_paginated_response(statement_rows(rows))

    @extend_schema(responses=StatementRow)
    def retrieve(self, request: Request, number: int) -> Response:
        """Return one statement, whatever its status; 410 where a record at its ends was withdrawn."""
        found = self.get_queryset().filter(id=number).first()
        if found is None:
            raise NotFound(f"There is no statement {number}.")
        refuse_withdrawn_ends(found)
        return Response(statement_rows([found])[0])
