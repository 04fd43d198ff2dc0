"""What changed: in the lineage of one record between two moments, and everywhere, by the editions that lost steps."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kb.ledger.models import Edition
from kb.lineage.ask import root_record
from kb.lineage.ask_diff import ask_diff, read_span
from kb.lineage.past_losses import editions_with_losses
from kb.pages.changes_page import DiffPage, losing_editions
from kb.pages.reading import numbered_page
from kb.pages.views.lineage import read_direction
from kb.records.filters import check_parameters

_BOUNDS = ("from", "to", "from_date", "to_date")
_EDITIONS_SHOWN = 10


def lineage_changes(request: HttpRequest, key: str) -> HttpResponse:
    """Show what the lineage of a record gained and lost."""
    check_parameters(set(request.GET), {*_BOUNDS, "direction"})
    root = root_record(key)
    given = {name: request.GET.get(name, "") for name in _BOUNDS}
    found = ask_diff(root, read_direction(request.GET.get("direction", ""), root), read_span(root, given))
    context = {"page": DiffPage(found), "record": root, "given": given}
    return render(request, "lineage/changes.html", context)


def what_changed(request: HttpRequest) -> HttpResponse:
    """Show the editions that lost steps of lineage, newest first, with their reasons and what lost its path."""
    check_parameters(set(request.GET), {"page"})
    page = numbered_page(Paginator(editions_with_losses(), _EDITIONS_SHOWN), request.GET.get("page", ""))
    shown = Edition.objects.filter(number__in=page.object_list)
    return render(request, "about/what_changed.html", {"page": page, "editions": losing_editions(shown)})
