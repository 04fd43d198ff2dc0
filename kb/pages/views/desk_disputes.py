"""Disputes at the desk: what waits and until when it has to be acknowledged, and the steps of one dispute."""

from math import ceil

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kb.accounts.permissions import requires_role
from kb.accounts.roles import EDITOR, REVIEWER, has_role
from kb.core.errors import InvalidInput, UserError
from kb.core.safety import Refused
from kb.pages.forms.disputes import GroundForm, OutcomeForm
from kb.pages.reading import whole_number
from kb.pages.statement_page import StatementPage
from kb.pages.views.desk import desk_user
from kb.records.filters import check_parameters
from kb.review.dispute import OPEN, is_moot, step
from kb.review.dispute_list import PAGE, case_rows, cases
from kb.review.interest import REPRESENTED, bar_of_dispute
from kb.review.models import DisputeCase

# The steps that the address may name: a decision is one step, whose state the form chooses.
_ACKNOWLEDGE, _REVIEW, _DECIDE = "acknowledge", "review", "decide"
_STATES = {_ACKNOWLEDGE: "acknowledged", _REVIEW: "under_review"}


@requires_role(REVIEWER)
@require_safe
def disputes(request: HttpRequest) -> HttpResponse:
    """List disputes that are open, or those that have ended."""
    check_parameters(set(request.GET), {"state", "page"})
    state = request.GET.get("state", "")
    if state not in {"", "ended"}:
        raise InvalidInput("state: leave it out for open disputes, or write “ended”.")
    page = whole_number("page", request.GET.get("page", "")) or 1
    if page < 1:
        raise InvalidInput("Pages begin with 1.")
    rows, total = cases(ended=bool(state), page=page)
    context = {"rows": rows, "total": total, "ended": bool(state), "page": page, "pages": max(1, ceil(total / PAGE))}
    return render(request, "desk/disputes.html", context)


def _case(key: str) -> DisputeCase:
    found = DisputeCase.objects.filter(key=key).first()
    if found is None:
        raise Http404
    return found


@requires_role(REVIEWER)
@require_safe
def dispute_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show one dispute with the steps that may follow."""
    check_parameters(set(request.GET), set())
    return _shown(request, _case(key))


def _shown(
    request: HttpRequest, case: DisputeCase, problem: UserError | None = None, ground: GroundForm | None = None,
    outcome: OutcomeForm | None = None,
) -> HttpResponse:  # fmt: skip
    user = desk_user(request)
    bar = bar_of_dispute(case, user)
    invalid = bool((ground and ground.errors) or (outcome and outcome.errors))
    context = {
        "row": case_rows([case])[0], "statement": _statement(case),
        "ground": ground or GroundForm(), "outcome": outcome or OutcomeForm(), "problem": problem,
        "bar": bar, "withheld": bar == REPRESENTED, "editor": has_role(user, EDITOR),
        "moot": case.public_id is None and case.state in OPEN and is_moot(case),
    }  # fmt: skip
    return render(request, "desk/dispute.html", context, status=problem.status if problem else 422 if invalid else 200)


def _statement(case: DisputeCase) -> StatementPage | None:
    """The statement that is disputed, as its own page tells it; None once a record at its ends is withdrawn."""
    try:
        return StatementPage(case.statement_id) if case.statement_id else None
    except UserError:
        return None


@requires_role(EDITOR)
@require_POST
def make_step(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """Acknowledge a dispute, begin its review with a public ground, or decide it with a public outcome."""
    case = _case(key)
    ground = GroundForm(request.POST) if code == _REVIEW else None
    outcome = OutcomeForm(request.POST) if code == _DECIDE else None
    if code not in {_ACKNOWLEDGE, _REVIEW, _DECIDE}:
        raise Http404
    form = ground or outcome
    if form is not None and not form.is_valid():
        return _shown(request, case, ground=ground, outcome=outcome)
    try:
        _take(request, case, code, form.cleaned_data if form else {})
    except Refused:
        raise
    except UserError as problem:
        return _shown(request, _case(key), problem, ground, outcome)
    messages.success(request, "Done. Whoever raised it is told.")
    return redirect("desk_dispute", key=key)


def _take(request: HttpRequest, case: DisputeCase, code: str, given: dict[str, str]) -> None:
    state = _STATES.get(code) or given["state"]
    step(case, state, desk_user(request), ground=given.get("ground", ""), outcome=given.get("outcome", ""))
