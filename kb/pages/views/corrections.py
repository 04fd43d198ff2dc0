"""Suggesting a correction of a record or a statement: without an account by a receipt, always as a proposal.

What may be proposed is said in `kb.review.open_changes`; the forms are in `forms/corrections.py`.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kb.core.errors import UserError
from kb.core.safety import Refused
from kb.pages.forms.corrections import Correction, offered
from kb.pages.forms.drawn import Drawn, drawn, redrawn
from kb.pages.own import bind, signed_in_user
from kb.pages.statement_page import StatementPage
from kb.pages.throttle import throttled
from kb.records.filters import check_parameters
from kb.records.models import Record, Statement
from kb.records.queries import find_record, speaker
from kb.review.models import Proposal
from kb.review.submit import Sender, send_changes, send_once

_AN_HOUR = 30
_LONGEST_TITLE = 300


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct_record(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer what may be corrected of a record; with `change`, the form of it, and a POST sends it."""
    record = speaker(find_record(slug))
    return _page(request, record, record.name, record.path)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct_statement(request: HttpRequest, number: int) -> HttpResponse:
    """Offer what may be corrected of a statement; with `change`, the form of it, and a POST sends it."""
    page = StatementPage(number)
    return _page(request, page.statement, page.says, page.line.path)


def _page(request: HttpRequest, subject: Record | Statement, says: str, path: str) -> HttpResponse:
    check_parameters(set(request.GET), {"change"})
    offers, code = offered(subject), request.GET.get("change", "")
    context = {"says": says, "path": path, "statement": isinstance(subject, Statement), "offers": offers}
    if not code:
        return render(request, "submissions/correct.html", context)
    if code not in offers:
        raise Http404
    user, unseen = signed_in_user(request), drawn(request)
    form = Correction(code, subject, request.POST if request.method == "POST" else None, user=user)
    problem: UserError | None = None
    if request.method == "POST" and form.is_valid():
        throttled(request, "correct", _AN_HOUR)
        try:
            return _sent(request, form, unseen, f"{offers[code]}: {says}")
        except Refused:
            raise
        except UserError as refusal:
            problem, unseen = refusal, redrawn(unseen, refusal)
    context |= {"form": form, "heading": offers[code], "problem": problem, "drawn": unseen}
    status = problem.status if problem else 422 if form.errors else 200
    return render(request, "submissions/correct_form.html", context, status=status)


def _sent(request: HttpRequest, form: Correction, unseen: Drawn, title: str) -> HttpResponse:
    """Send it, and lead to its page: by account, or past the receipt that leads back to it."""
    why, user = form.why.cleaned_data, signed_in_user(request)
    sender = Sender(user=user, email=why.get("email", ""), credit=why["credit"], credit_name=why["credit_name"])

    bodies = form.bodies()
    known = unseen.digest_of([bodies, why])

    def send() -> Proposal:
        unseen.refuse_overwriting(bodies)
        return send_changes(
            bodies, sender, title=title[:_LONGEST_TITLE], reason=why["reason"], base_edition=unseen.edition,
            sent_by=unseen.sent_by, sent_digest=known,
        )  # fmt: skip

    proposal = send_once(unseen.sent_by, known, send)
    bind(request, proposal.key)
    return redirect("submission" if user else "file_receipt", key=proposal.key)
