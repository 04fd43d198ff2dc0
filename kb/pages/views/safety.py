"""Where to report unlawful material, and what a person sees whose text the guard refused."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from kb.core.safety import REPORTING_ADVICE, REPORTING_CONTACTS, REPORTING_PAGES, Refused
from kb.records.filters import check_parameters


@dataclass(frozen=True, slots=True)
class Hotline:
    """Where to report, for which region."""

    name: str
    region: str
    page: str


HOTLINES = tuple(Hotline(name, region, REPORTING_PAGES[name]) for name, region in REPORTING_CONTACTS)


@require_safe
def report_material(request: HttpRequest) -> HttpResponse:
    """Say where to report, and what this site takes and does not take."""
    check_parameters(set(request.GET), set())
    return render(request, "safety/report_material.html", {"hotlines": HOTLINES, "advice": REPORTING_ADVICE})


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Say by which rule a text was refused, that nothing of it was kept, and where to report. Shows nothing of the text."""
    context = {"refusal": refusal, "hotlines": HOTLINES, "advice": REPORTING_ADVICE, "back": _back(request)}
    return render(request, "safety/refused.html", context, status=refusal.status)


def _back(request: HttpRequest) -> str:
    """The page of this site that the person came from, or nothing."""
    came_from = request.headers.get("Referer", "")
    return came_from if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure()) else ""
