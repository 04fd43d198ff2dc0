"""Lineage on other people's pages: the compact answer for a frame, and the oEmbed endpoint that offers it."""

from html import escape
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, resolve

from kb.core.errors import InvalidInput, NotFound, UserError
from kb.exchange.exporters.reference import absolute
from kb.lineage.ask import root_record
from kb.pages.lineage_page import LineagePage
from kb.pages.policy import policy
from kb.pages.reading import whole_number
from kb.pages.views.lineage import PARAMETERS, drawn, read_question
from kb.records.filters import check_parameters
from kb.records.models import Record

WIDTH, HEIGHT = 640, 480
_WIDEST, _HIGHEST = 1200, 900
_NODES_SHOWN = 8
_A_DAY = 24 * 60 * 60
# Pages that an embedded answer of lineage stands for: the name of the address and its argument that names the record.
_EMBEDDED = {"lineage": "key", "lineage_embed": "key", "record": "slug"}


def lineage_embed(request: HttpRequest, key: str) -> HttpResponse:
    """Show an answer of lineage in a frame: any site may frame this address, and links leave the frame."""
    check_parameters(set(request.GET), PARAMETERS)
    answer, drawing = drawn(key, request.GET)
    page, root = LineagePage(answer, drawing, request.GET), answer.root
    nodes = [node for group in page.groups for node in group.nodes]
    context = {
        "page": page, "record": root, "nodes": nodes[:_NODES_SHOWN], "left_out": max(0, len(nodes) - _NODES_SHOWN),
        "whole": absolute(_with_query(f"/lineage/{root.slug}/", request.GET)), "site": settings.SITE_ADDRESS,
        "picture": drawing.svg_leading_to(absolute(_with_query(f"/lineage/{root.slug}/", request.GET))),
    }  # fmt: skip
    response = render(request, "embed/lineage.html", context)
    response["Content-Security-Policy"] = policy(framed_by="*")
    return response


def oembed(request: HttpRequest) -> JsonResponse:
    """Offer the frame of one of our pages, as oembed.com describes: 404 for other addresses, 501 for other formats."""
    try:
        answer = JsonResponse(_offer(request.GET))
    except UserError as error:
        answer = JsonResponse({"error": str(error)}, status=error.status)
    if request.GET.get("format", "json") != "json":
        answer = JsonResponse({"error": "The one format here is json."}, status=HTTPStatus.NOT_IMPLEMENTED)
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _offer(given: QueryDict) -> dict[str, object]:
    if not given.get("url"):
        raise InvalidInput("url: give the address of a page of this site.")
    width, height = _bounded("maxwidth", given, WIDTH, _WIDEST), _bounded("maxheight", given, HEIGHT, _HIGHEST)
    root, query = _embedded(given.get("url", ""))
    read_question(root, query)
    source = absolute(_with_query(f"/embed/lineage/{root.slug}/", query))
    title = f"Lineage of {root.name}"
    frame = f'src="{escape(source)}" width="{width}" height="{height}" title="{escape(title)}"'
    return {
        "version": "1.0", "type": "rich", "title": title, "provider_name": settings.SITE_NAME,
        "provider_url": f"{settings.SITE_ADDRESS}/", "cache_age": _A_DAY, "width": width, "height": height,
        "html": f'<iframe {frame} loading="lazy"></iframe>',
    }  # fmt: skip


def _bounded(name: str, given: QueryDict, usual: int, most: int) -> int:
    """Read how large the frame shall be: as large as the reader has room for, within bounds."""
    wanted = whole_number(name, given.get(name, ""))
    if wanted is not None and wanted < 1:
        raise InvalidInput(f"{name}: give at least 1 pixel.")
    return usual if wanted is None else min(wanted, most)


def _embedded(address: str) -> tuple[Record, QueryDict]:
    """Return the record that an address of ours is about, and the question that it asks."""
    parts = _split(address)
    if f"{parts.scheme}://{parts.netloc}" != settings.SITE_ADDRESS:
        raise NotFound(f"This is not an address of {settings.SITE_ADDRESS}.")
    try:
        match = resolve(parts.path)
    except Resolver404:
        raise NotFound("There is no page at this address.") from None
    argument = _EMBEDDED.get(match.url_name or "")
    if argument is None:
        raise NotFound("This page has nothing to embed; the pages of datasets, models, products and their lineage have.")
    try:
        return root_record(match.kwargs[argument]), _question_alone(parts.query)
    except InvalidInput as error:
        raise NotFound(str(error)) from None


def _question_alone(query: str) -> QueryDict:
    """Drop what others add to addresses, such as where a reader came from."""
    kept = QueryDict(query, mutable=True)
    for name in set(kept) - PARAMETERS:
        del kept[name]
    return kept


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        raise NotFound("This is not an address.") from None


def _with_query(path: str, query: QueryDict) -> str:
    return f"{path}?{query.urlencode()}" if query else path
