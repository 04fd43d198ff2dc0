"""Pages about the record itself: editions, sources, methods, and the components side by side."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kb.core.errors import NotFound
from kb.ledger.history import reason_of
from kb.ledger.models import Edition
from kb.pages.changes import describe_changes
from kb.pages.reading import numbered_page
from kb.records import severity
from kb.records import vocabularies as words
from kb.records.filters import check_parameters
from kb.records.issue_codes import ISSUE_CODES
from kb.records.kinds import KINDS
from kb.records.models import SourceRun
from kb.records.predicates import LINEAGE
from kb.records.queries import searched_sources
from kb.records.status import RULE_VERSION

_EDITIONS_SHOWN = 50
_CHANGES_SHOWN = 200

# What the guide to the components shows: rows as exports have them.
_DISPUTES_SHOWN = ({"state": "under_review", "summary": "Under review since 1 February 2024: The figure is of another release."},)
_REPLIES_SHOWN = (
    {
        "state": "received", "party": {"name": "A party", "slug": ""}, "text": "The reply, verbatim.",
        "summary": "Reply to Upstream of 9 January 2024.",
    },
    {
        "state": "no_response", "party": {"name": "Another party", "slug": ""},
        "summary": "Asked on 2 January 2024; no reply by 16 January 2024. This is not evidence of fault.",
    },
)  # fmt: skip


def editions(request: HttpRequest) -> HttpResponse:
    """Show all editions, newest first."""
    check_parameters(set(request.GET), {"page"})
    page = numbered_page(Paginator(Edition.objects.all(), _EDITIONS_SHOWN), request.GET.get("page", ""))
    return render(request, "about/editions.html", {"page": page, "reasons": [(one, reason_of(one)) for one in page]})


def edition(request: HttpRequest, number: int) -> HttpResponse:
    """Show what one edition changed."""
    check_parameters(set(request.GET), set())
    found = Edition.objects.filter(number=number).first()
    if found is None:
        raise NotFound(f"There is no edition {number}.")
    changes = describe_changes(found, _CHANGES_SHOWN)
    context = {"edition": found, "reason": reason_of(found), "changes": changes, "total": found.changes.count() - 1}
    return render(request, "about/edition.html", context)


def sources(request: HttpRequest) -> HttpResponse:
    """Show where records come from, under which licence, and the log of runs."""
    check_parameters(set(request.GET), set())
    return render(request, "about/sources.html", {"sources": searched_sources(), "runs": SourceRun.objects.all()[:50]})


def methods(request: HttpRequest) -> HttpResponse:
    """Say how statuses are derived, what relations carry, and what every word means, from the registries."""
    check_parameters(set(request.GET), set())
    context = {
        "statuses": words.STATUSES.values(), "relations": LINEAGE.values(), "carries": words.CARRIES, "kinds": KINDS.values(),
        "codes": ISSUE_CODES.values(), "evidence_kinds": words.EVIDENCE_KINDS.values(), "rule_version": RULE_VERSION,
        "impacts": words.IMPACTS.values(), "replies": words.RIGHT_OF_REPLY.values(),
        "disputes": words.DISPUTE_STATES.values(), "severities": words.SEVERITIES.values(), "severity_rule": severity.RULE,
    }  # fmt: skip
    return render(request, "about/methods.html", context)


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the components of the templates side by side."""
    check_parameters(set(request.GET), set())
    context = {
        "kinds": KINDS.values(), "statuses": words.STATUSES.values(), "disputes": _DISPUTES_SHOWN, "replies": _REPLIES_SHOWN,
    }  # fmt: skip
    return render(request, "about/styleguide.html", context)
