"""Pages that stay the same until the next edition: an ETag for each, and the page kept by this process.

For pages made of public rows alone, which are the same whoever reads them and on whichever day. They are asked for most when
somebody cites them.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from kb.core.kept import BODIES, Body, asked_for, etag_of
from kb.records.queries import head_and_search

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
_REVALIDATE = "public, max-age=0, must-revalidate"


def lasting(view: View[P]) -> View[P]:
    """Make a page once for each edition; who has it already is told so."""

    @wraps(view)
    def read(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if settings.DEBUG:  # whoever works on templates wants to see them
            return view(request, *args, **kwargs)
        etag = etag_of(head_and_search(), settings.SITE_NAME, settings.SITE_ADDRESS, asked_for(request))
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            return _marked(HttpResponseNotModified(), etag)
        kept = BODIES.get(etag)
        if kept:
            return _marked(HttpResponse(kept.content, headers=kept.headers), etag)
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and not _is_personal(request, response):
            BODIES.put(etag, Body(response.content, dict(response.headers)))
            _marked(response, etag)
        return response

    return read


def _is_personal(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether an answer was made for one reader alone: no page that is wrapped here should be."""
    return bool(response.cookies) or request.session.accessed or "CSRF_COOKIE_NEEDS_UPDATE" in request.META


def _marked(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"], response["Cache-Control"] = etag, _REVALIDATE
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
