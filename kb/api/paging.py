"""Lists in pages: count, next, previous, results. A page that does not exist is an error, never an empty list."""

from typing import Any

from drf_spectacular.plumbing import build_parameter_type
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from kb.core.errors import InvalidInput, NotFound
from kb.exchange.exporters.reference import absolute

PAGE_SIZE, LARGEST = 50, 200
PAGING = frozenset({"page", "page_size"})
_LABELS = {
    "page": ("Number of the page, from 1.", {"minimum": 1, "default": 1}),
    "page_size": (f"Rows on a page, at most {LARGEST}.", {"minimum": 1, "maximum": LARGEST, "default": PAGE_SIZE}),
}


class Pages(BasePagination):
    """Numbered pages."""

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """Return the rows of the page that the address asks for.

        Raises InvalidInput for a page or size that is no number in range, NotFound for a page after the last.
        """
        self.request = request
        self.page = _number(request, "page", 1, None)
        self.size = _number(request, "page_size", PAGE_SIZE, LARGEST)
        self.count = queryset.count()
        self.last = max(1, -(-self.count // self.size))
        if self.page > self.last:
            raise NotFound(f"There is no page {self.page}. Pages run from 1 to {self.last}.")
        first = (self.page - 1) * self.size
        return list(queryset[first : first + self.size])

    def get_paginated_response(self, data: Any) -> Response:
        """Wrap the rows."""
        return Response({"count": self.count, "next": self._link(1), "previous": self._link(-1), "results": data})

    def _link(self, step: int) -> str | None:
        page = self.page + step
        address = absolute(self.request.get_full_path())
        return replace_query_param(address, "page", page) if 1 <= page <= self.last else None

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page of rows."""
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "additionalProperties": False,
            "properties": {
                "count": {"type": "integer", "description": "Rows on all pages."},
                "next": link | {"description": "Address of the next page."},
                "previous": link | {"description": "Address of the page before."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Describe the parameters of paging."""
        return [
            build_parameter_type(name=name, schema={"type": "integer", **bounds}, location="query", description=label)
            for name, (label, bounds) in _LABELS.items()
        ]


def _number(request: Request, name: str, default: int, largest: int | None) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
    if number < 1 or (largest is not None and number > largest):
        limit = f"from 1 to {largest}" if largest else "from 1"
        raise InvalidInput(f"{name}: “{text[:20]}” is not a whole number {limit}.")
    return number
