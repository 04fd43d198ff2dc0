"""Disputes: what is contested, and the outcomes of what was."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kb.api.paging import PAGING
from kb.api.resource import Resource
from kb.exchange.exporters.response_json import DisputeRow, dispute_row
from kb.records.models import Dispute
from kb.records.response_filters import DisputeFilters
from kb.records.responses import public_disputes


class Disputes(Resource, GenericViewSet[Dispute]):
    """Disputes as they are now."""

    filterset_class = DisputeFilters
    queryset = public_disputes()

    def known_parameters(self) -> frozenset[str]:
        """Filters and paging."""
        return frozenset(DisputeFilters.base_filters) | PAGING

    @extend_schema(responses=DisputeRow)
    def list(self, request: Request) -> Response:
        """List disputes in the order in which they were recorded, open ones and decided ones with their outcomes."""
        assert self.paginator is not None
        rows = self.paginator.paginate_queryset(self.filter_queryset(self.get_queryset()), request, view=self)
        return self.get_paginated_response([dispute_row(row) for row in rows or ()])
