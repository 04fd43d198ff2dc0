"""The operators' page: work that runs, is late or died, and what can be done about it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kb.accounts.permissions import requires_role
from kb.accounts.roles import ADMIN
from kb.jobs import repair
from kb.jobs.board import board
from kb.records.filters import check_parameters


@requires_role(ADMIN)
@require_safe
def jobs_page(request: HttpRequest) -> HttpResponse:
    """Show the state of all work."""
    check_parameters(set(request.GET), set())
    return render(request, "desk/jobs.html", {"board": board()})


@requires_role(ADMIN)
@require_POST
def retry_job(request: HttpRequest, number: int) -> HttpResponse:
    """Try a dead job again."""
    repair.retry(number, by=request.user.get_username())
    messages.success(request, f"Job {number} is tried again.")
    return redirect("jobs")


@requires_role(ADMIN)
@require_POST
def drop_job(request: HttpRequest, number: int) -> HttpResponse:
    """Drop a job, with a reason."""
    repair.drop(number, by=request.user.get_username(), reason=request.POST.get("reason", ""))
    messages.success(request, f"Job {number} was dropped.")
    return redirect("jobs")
