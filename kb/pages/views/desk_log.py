"""What was decided: the desk's own log and figures, and the public page of published decisions, which counts nothing hidden."""

from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kb.accounts.permissions import requires_role
from kb.accounts.roles import EDITOR, REVIEWER
from kb.core.errors import InvalidInput
from kb.pages.reading import whole_number
from kb.pages.views.desk import desk_user
from kb.records.filters import check_parameters
from kb.review.interest import speaks_in
from kb.review.log import PAGE, decisions, published_decisions
from kb.review.queue import desk_figures, public_figures
from kb.review.states import ACTIONS


@requires_role(EDITOR)
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show every decision, the latest first."""
    check_parameters(set(request.GET), {"page", "action"})
    page = _page(request)
    action = request.GET.get("action", "")
    if action and action not in ACTIONS:
        raise InvalidInput(f"The log knows no “{action[:40]}”.")
    rows, total = decisions(action, page)
    withheld = speaks_in((row.proposal for row in rows), desk_user(request))
    context = {"action": action, "actions": ACTIONS.choices, "withheld": withheld}
    return render(request, "desk/log.html", _paged(rows, total, page) | context)


@requires_role(REVIEWER)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show the desk's figures."""
    check_parameters(set(request.GET), set())
    return render(request, "desk/figures.html", {"desk": desk_figures(), "public": public_figures()})


@require_safe
def public_decisions(request: HttpRequest) -> HttpResponse:
    """Show what was published after review, and how long it took."""
    check_parameters(set(request.GET), {"page"})
    page = _page(request)
    rows, total = published_decisions(page)
    return render(request, "about/decisions.html", _paged(rows, total, page) | {"figures": public_figures()})


def _page(request: HttpRequest) -> int:
    page = whole_number("page", request.GET.get("page", "")) or 1
    if page < 1:
        raise InvalidInput("Pages begin with 1.")
    return page


def _paged(rows: object, total: int, page: int) -> dict[str, object]:
    return {"rows": rows, "total": total, "page": page, "pages": max(1, ceil(total / PAGE))}
