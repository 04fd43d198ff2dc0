"""What every address of the API does: strict parameters, an ETag for each edition, open to all origins."""

from collections.abc import Iterable
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kb.api.problems import Answered
from kb.core.errors import InvalidInput
from kb.core.kept import BODIES, Body, asked_for, etag_of
from kb.ledger.write import current_head
from kb.records.filters import check_parameters

_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, Authorization, Content-Type, Idempotency-Key, X-Receipt",
    "Access-Control-Expose-Headers": "ETag, Content-Disposition, Location, Retry-After",
}
_REVALIDATE = "public, max-age=0, must-revalidate"
_NEVER_KEPT = "private, no-store"
AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)
_READING = frozenset({"GET", "HEAD"})


class OneForm(BaseContentNegotiation):
    """Answer in the form that the address names, whatever the client says it accepts."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Take the first renderer."""
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """Nothing is parsed here."""
        return None


class Resource(APIView):
    """The base of every address of the API."""

    content_negotiation_class = OneForm
    known = frozenset[str]()
    # Whether the answer stays the same until the next edition.
    lasting = True
    # Whether anybody may keep the answer, as long as they ask whether it still holds.
    open_to_all = True
    etag = ""

    def known_parameters(self) -> frozenset[str]:
        """Return the query parameters that the address takes."""
        return self.known

    def stamp(self) -> str:
        """Return what an answer depends on beside its address: the head of the chain."""
        return current_head()[1]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer what is kept at once: it was asked for before in these words, and was found to be in order then."""
        lasting = self.lasting and not self.authentication_classes
        kept = self._answer_kept(request) if lasting and request.method in _READING else None
        return kept or super().dispatch(request, *args, **kwargs)

    def _answer_kept(self, request: HttpRequest) -> HttpResponse | None:
        etag = self._etag_of(request)
        body = BODIES.get(etag)
        if body is None:
            return None
        known = request.META.get("HTTP_IF_NONE_MATCH", "")  # not `headers`, which reads all of them first
        unchanged = bool(known) and etag in parse_etags(known)
        response = HttpResponseNotModified() if unchanged else HttpResponse(body.content, headers=body.headers)
        response["Allow"] = ", ".join(self.allowed_methods)
        response["ETag"] = etag
        return _with_headers(response)

    def _etag_of(self, request: HttpRequest | Request) -> str:
        return etag_of(self.stamp(), asked_for(request))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what is not text or not a parameter here, and stop where the reader has the answer already."""
        _check_text(request)
        super().initial(request, *args, **kwargs)
        if request.method not in _READING:
            return
        check_parameters(set(request.query_params), set(self.known_parameters()))
        if self.lasting:
            self._compare(request)

    def _compare(self, request: Request) -> None:
        self.etag = self._etag_of(request)
        if self.etag in parse_etags(request.headers.get("If-None-Match", "")):
            raise Answered(Response(status=304))

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """Say what may be asked."""
        return Response(status=204)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Add the headers that every answer carries."""
        response = _with_headers(super().finalize_response(request, response, *args, **kwargs), open_to_all=self.open_to_all)
        response["Access-Control-Allow-Methods"] = ", ".join(self.allowed_methods)
        if self.etag and response.status_code in {200, 304}:
            response["ETag"] = self.etag
        if self.etag and isinstance(response, Response) and response.status_code == 200:
            response.add_post_render_callback(self._keep)
        return response

    def _keep(self, response: Response) -> None:
        BODIES.put(self.etag, Body(response.content, {"Content-Type": "application/json"}))


def _with_headers(response: AnyResponse, *, open_to_all: bool = True) -> AnyResponse:
    """Add what every answer carries."""
    for name, value in _OPEN.items():
        response[name] = value
    response["Cache-Control"] = _REVALIDATE if open_to_all else _NEVER_KEPT
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _check_text(request: Request) -> None:
    """Refuse NUL, broken UTF-8 and surrogates, which no text has and databases take badly."""
    raw = f"{request.META.get('PATH_INFO', '')}?{request.META.get('QUERY_STRING', '')}"
    try:
        text = unquote_to_bytes(raw.encode("latin-1")).decode()
    except (UnicodeDecodeError, UnicodeEncodeError):
        text = "\0"
    if "\0" in text:
        raise InvalidInput("The address holds characters that no text has.")
