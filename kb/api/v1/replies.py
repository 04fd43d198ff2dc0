"""Replies to Upstream: what parties answered when they were asked, and that they did not."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kb.api.paging import PAGING
from kb.api.resource import Resource
from kb.exchange.exporters.response_json import ReplyRow, reply_row
from kb.records.models import Reply
from kb.records.response_filters import ReplyFilters
from kb.records.responses import public_replies


class Replies(Resource, GenericViewSet[Reply]):
    """Replies as they are now."""

    filterset_class = ReplyFilters
    queryset = public_replies()

    def known_parameters(self) -> frozenset[str]:
        """Filters and paging."""
        return frozenset(ReplyFilters.base_filters) | PAGING

    @extend_schema(responses=ReplyRow)
    def list(self, request: Request) -> Response:
        """List replies to Upstream in the order in which they were recorded: also who was asked and did not reply."""
        assert self.paginator is not None
        rows = self.paginator.paginate_queryset(self.filter_queryset(self.get_queryset()), request, view=self)
        return self.get_paginated_response([reply_row(row) for row in rows or ()])
