"""Following what one submitted: by account or by receipt, and answering, mending or withdrawing it."""

from contextlib import suppress

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kb.core.errors import InvalidInput, NotFound, UserError
from kb.core.safety import Refused
from kb.pages.own import bind, own_proposal, signed_in_user
from kb.pages.throttle import throttled
from kb.records.filters import check_parameters
from kb.review.decide import move
from kb.review.dispute import dispute_by_receipt
from kb.review.following import declined_changes, own_proposals, published_record, said_before, told_decisions
from kb.review.models import DisputeCase, Proposal
from kb.review.policy import MOVES, submitter
from kb.review.states import STATES, WAITS_ON, WRITABLE
from kb.review.submit import by_receipt


class ReceiptForm(forms.Form):
    """The receipt that was written down."""

    receipt = forms.CharField(max_length=60, help_text="Six groups of four letters, such as abcd-efgh-jkmn-pqrs-tuvw-xyz2.")


class AnswerForm(forms.Form):
    """A word to the desk."""

    reason = forms.CharField(label="Your answer", max_length=5_000, widget=forms.Textarea(attrs={"rows": 5}))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def submissions(request: HttpRequest) -> HttpResponse:
    """List one's own submissions, or lead to that of a receipt."""
    check_parameters(set(request.GET), set())
    form = ReceiptForm(request.POST or None)
    problem: UserError | None = None
    if request.method == "POST" and form.is_valid():
        throttled(request, "receipt", 20)
        try:
            return _led_by(request, form.cleaned_data["receipt"])
        except NotFound as unknown:
            problem = unknown
    user = signed_in_user(request)
    own = list(own_proposals(user)) if user else []
    disputes = list(DisputeCase.objects.filter(submitter=user).order_by("-id")[:100]) if user else []
    context = {"form": form, "own": own, "disputes": disputes, "signed_in": user is not None, "problem": problem}
    return render(request, "submissions/list.html", context, status=problem.status if problem else 200)


def _led_by(request: HttpRequest, receipt: str) -> HttpResponse:
    """Lead to the submission or the dispute of a receipt. Raises NotFound for any other text."""
    for find, page in ((by_receipt, "submission"), (dispute_by_receipt, "dispute")):
        with suppress(NotFound):
            key = find(receipt).key
            bind(request, key)
            return redirect(page, key=key)
    raise NotFound("Nothing has this receipt. Check the six groups of four letters.")


@never_cache
@require_http_methods(["GET", "HEAD"])
def status(request: HttpRequest, key: str) -> HttpResponse:
    """Show how a submission stands. To everybody but its submitter it does not exist."""
    check_parameters(set(request.GET), set())
    return _shown(request, own_proposal(request, key), AnswerForm())


def _shown(request: HttpRequest, proposal: Proposal, form: AnswerForm, problem: UserError | None = None) -> HttpResponse:
    context = {
        "proposal": proposal, "state": STATES[proposal.state],
        "steps": [(MOVES[row.action].label, row) for row in told_decisions(proposal)],
        "declined": declined_changes(proposal), "before": said_before(proposal),
        "waits_on": WAITS_ON.get(proposal.state, ""), "form": form, "problem": problem,
        "writable": proposal.kind == "issue" and proposal.state in WRITABLE,
        "may_withdraw": proposal.state in MOVES["withdraw"].before,
        "record": published_record(proposal),
    }  # fmt: skip
    return render(request, "submissions/status.html", context, status=problem.status if problem else 200)


@never_cache
@require_POST
def act(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """Answer a question of the desk, or withdraw."""
    proposal = own_proposal(request, key)
    if code not in {"answer", "withdraw"}:
        raise NotFound("There is no such move.")
    form = AnswerForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    if code == "answer" and not reason:
        return _shown(request, proposal, form, InvalidInput("Write an answer first."))
    try:
        move(proposal, code, submitter(signed_in_user(request)), reason=reason)
    except Refused:
        raise
    except UserError as problem:
        return _shown(request, own_proposal(request, key), form, problem)
    return redirect("submission", key=key)
