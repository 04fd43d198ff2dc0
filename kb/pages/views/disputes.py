"""Disputing what is on record: the public form, and following a dispute by its receipt or account.

Nothing of a dispute is public before its review begins; the steps are said in `kb.review.dispute`.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kb.accounts.representation import parties_of
from kb.core.errors import UserError
from kb.core.safety import Refused
from kb.pages.forms.disputes import DisputeForm
from kb.pages.forms.drawn import Drawn, drawn
from kb.pages.own import bind, is_bound, signed_in_user
from kb.pages.statement_page import StatementPage
from kb.pages.throttle import throttled
from kb.records.filters import check_parameters
from kb.records.models import Record, Statement
from kb.records.queries import find_record, records_by_id, speaker
from kb.review.dispute import OPEN, STATES, acknowledge_by, raise_dispute, step
from kb.review.keys import receipt_of
from kb.review.models import DisputeCase

_AN_HOUR = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dispute_record(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a dispute of a record as a whole."""
    check_parameters(set(request.GET), set())
    record = speaker(find_record(slug))
    return _form_page(request, record, None, record.name, record.path)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dispute_statement(request: HttpRequest, number: int) -> HttpResponse:
    """Take a dispute of one statement."""
    check_parameters(set(request.GET), set())
    page = StatementPage(number)
    return _form_page(request, page.subject, page.statement, page.says, page.line.path)


def _form_page(request: HttpRequest, record: Record, statement: Statement | None, says: str, path: str) -> HttpResponse:
    user, unseen = signed_in_user(request), drawn(request)
    parties = list(records_by_id(parties_of(user)).values()) if user else []
    posted = request.POST if request.method == "POST" else None
    form = DisputeForm(posted, parties=parties, signed_in=user is not None)
    problem: UserError | None = None
    if form.is_valid():
        throttled(request, "dispute", _AN_HOUR)
        try:
            return _raised(request, form, unseen, record, statement)
        except Refused:
            raise
        except UserError as refusal:
            problem = refusal
    status = problem.status if problem else 422 if form.errors else 200
    context = {"form": form, "says": says, "path": path, "statement": statement, "problem": problem, "drawn": unseen}
    return render(request, "party/dispute.html", context, status=status)


def _raised(
    request: HttpRequest, form: DisputeForm, unseen: Drawn, record: Record, statement: Statement | None
) -> HttpResponse:  # fmt: skip
    given = form.cleaned_data
    case, _ = raise_dispute(
        record, given["text"], statement=statement, user=signed_in_user(request), name=given["name"],
        email=given.get("email", ""), party_id=form.party_id(), sent_by=unseen.sent_by,
    )  # fmt: skip
    bind(request, case.key)
    return redirect("dispute", key=case.key)


@never_cache
@require_http_methods(["GET", "HEAD"])
def followed(request: HttpRequest, key: str) -> HttpResponse:
    """Show a dispute to whoever raised it. To everybody else it does not exist."""
    check_parameters(set(request.GET), set())
    return dispute_status(request, own_case(request, key))


def own_case(request: HttpRequest, key: str) -> DisputeCase:
    """Return a dispute of one's own: by account, or by a receipt that this browser has shown."""
    case, user = DisputeCase.objects.filter(key=key).first(), signed_in_user(request)
    if case is None or not ((user and case.submitter_id == user.pk) or is_bound(request, key)):
        raise Http404
    return case


def dispute_status(request: HttpRequest, case: DisputeCase, problem: UserError | None = None) -> HttpResponse:
    """Show how a dispute stands."""
    found = records_by_id({case.record_id, *([case.party_id] if case.party_id else [])})
    context = {
        "case": case, "label": STATES.label(case.state), "open": case.state in OPEN, "receipt": receipt_of(case.key),
        "record": found.get(case.record_id), "party": found.get(case.party_id or 0), "problem": problem,
        "acknowledge_by": acknowledge_by(case.received.date()),
    }  # fmt: skip
    return render(request, "submissions/dispute.html", context, status=problem.status if problem else 200)


@never_cache
@require_POST
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Withdraw a dispute of one's own."""
    case = own_case(request, key)
    try:
        step(case, "withdrawn", None)
    except UserError as problem:
        return dispute_status(request, own_case(request, key), problem)
    return redirect("dispute", key=key)
