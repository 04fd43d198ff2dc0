"""Lists of records, search, and the page of each record."""

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kb.core.errors import InvalidInput
from kb.ledger.models import Edition
from kb.pages.reading import numbered_page
from kb.pages.record_page import RecordPage
from kb.pages.statements_page import StatementsPage
from kb.records.filters import FILTERS_OF, EveryKindFilters, RecordFilters, check_parameters
from kb.records.kinds import KINDS, KINDS_BY_PATH
from kb.records.models import Record
from kb.records.queries import find_record, listed, speaker, with_details

PAGE_SIZE = 50


def home(request: HttpRequest) -> HttpResponse:
    """Show the search, the way from a dataset to a product, the lists with their counts, and recent editions."""
    check_parameters(set(request.GET), set())
    counts = dict(listed().values_list("kind").annotate(Count("id")))
    context = {
        "counts": [(kind, counts.get(kind.code, 0)) for kind in KINDS.values()],
        "editions": Edition.objects.all()[:5],
        "example": listed().filter(slug="laion-5b").first(),
    }
    return render(request, "home.html", context)


def record_list(request: HttpRequest, kind_path: str) -> HttpResponse:
    """Show the records of one kind, with filters."""
    kind = KINDS_BY_PATH[kind_path]
    filters = _filtered(request, FILTERS_OF[kind.code], listed().filter(kind=kind.code))
    return render(request, "records/list.html", {"kind": kind, "filters": filters, "page": _page(request, filters)})


def search(request: HttpRequest) -> HttpResponse:
    """Show records of all kinds that a text finds."""
    query = request.GET.get("q", "").strip()
    filters = _filtered(request, EveryKindFilters, listed())
    return render(request, "search.html", {"query": query, "filters": filters, "page": _page(request, filters)})


def _filtered(request: HttpRequest, filter_class: type[RecordFilters], records: QuerySet[Record]) -> RecordFilters:
    check_parameters(set(request.GET), {*filter_class.base_filters, "page"})
    filters = filter_class(request.GET, queryset=with_details(records))
    if not filters.form.is_valid():
        name, errors = next(iter(filters.form.errors.items()))
        raise InvalidInput(f"{name}: {errors[0]}")
    return filters


def _page(request: HttpRequest, filters: RecordFilters) -> Page[Record]:
    return numbered_page(Paginator(filters.qs, PAGE_SIZE), request.GET.get("page", ""))


def record(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a record; an id, a former slug or a merged record leads to the record that speaks for it."""
    check_parameters(set(request.GET), set())
    found = speaker(find_record(slug))
    if found.slug != slug:
        return redirect(found.path, permanent=False)
    page = RecordPage(found)
    return render(request, page.template, {"page": page, "record": page.record})


def record_statements(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all statements about a record, page by page; other names of the record lead to its own."""
    check_parameters(set(request.GET), {"page"})
    found = speaker(find_record(slug))
    if found.slug != slug:
        return redirect("record_statements", slug=found.slug)
    statements = StatementsPage(found, request.GET.get("page", ""))
    return render(request, "records/statements.html", {"statements": statements, "page": statements.page, "record": found})


def by_id(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lead from a permanent id to the record's page."""
    return redirect(speaker(find_record(public_id)).path, permanent=False)
