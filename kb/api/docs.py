"""The description of the API for machines, and the same as a page for people: no script, nothing from elsewhere."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api.problems import problem_answer
from kb.api.reading import operations
from kb.api.resource import Resource
from kb.api.schema import description


class SchemaView(Resource):
    """The OpenAPI description."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """Return the description of every address of the API."""
        return Response(description())


class DocsView(Resource):
    """The description as a page. It links to styles whose names change with every release, so it has no ETag."""

    lasting = False

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """Show every address with its parameters and what it answers."""
        return render(
            request._request, "api/docs.html", {"families": operations(description()), "address": settings.SITE_ADDRESS}
        )


def unknown_address(request: HttpRequest) -> HttpResponse:
    """Say that there is nothing here; an address that only lacks its last slash is sent on."""
    if request.method in {"GET", "HEAD"} and not request.path.endswith("/") and _leads_somewhere(f"{request.path_info}/"):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{request.path}/{'?' if query else ''}{query}")
    return problem_answer(request, 404, "There is nothing at this address. /api/v1/ lists what there is.")


def _leads_somewhere(path: str) -> bool:
    try:
        return resolve(path).func is not unknown_address
    except Resolver404:
        return False
