"""Filing an issue: a draft in steps, kept by account or by a receipt, until it is sent. Works without scripts."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kb.accounts.models import User
from kb.core.errors import InvalidInput, UserError
from kb.core.safety import Refused
from kb.pages.forms.filing import CHECK, OF_SENDER, STEPS, form_of, part_of
from kb.pages.own import bind, own_proposal, signed_in_user
from kb.pages.throttle import throttled
from kb.records.filters import check_parameters
from kb.records.models import Record
from kb.records.queries import find_record, speaker
from kb.review.filing import changes_of, missing, read_filing
from kb.review.keys import receipt_of
from kb.review.models import Proposal
from kb.review.policy import submitter
from kb.review.similar import similar_issues
from kb.review.states import WRITABLE
from kb.review.submit import Sender, discard_draft, save_part, send_filing, start_filing
from kb.review.told import told

_AN_HOUR = 30


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Say what can be filed; a POST begins a draft. Only then is a cookie set."""
    check_parameters(set(request.GET), set())
    if request.method != "POST":
        return render(request, "filing/begin.html")
    throttled(request, "file", _AN_HOUR)
    user = signed_in_user(request)
    proposal = start_filing({}, Sender(user=user))
    bind(request, proposal.key)
    return redirect("file_step", key=proposal.key, step=next(iter(STEPS))) if user else redirect("file_receipt", key=proposal.key)


@never_cache
@require_safe
def receipt(request: HttpRequest, key: str) -> HttpResponse:
    """Show the receipt, to be written down, and lead on: to the form, or to what was sent."""
    proposal = own_proposal(request, key)
    is_begun = proposal.kind == "issue" and proposal.state == "draft"
    onward = reverse("file_step", args=[key, next(iter(STEPS))]) if is_begun else reverse("submission", args=[key])
    return render(request, "filing/receipt.html", {"receipt": receipt_of(key), "onward": onward})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step_page(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """Show one step; a POST saves it and leads on. `more` saves and adds an empty row."""
    proposal = _writable(request, key)
    if step not in STEPS:
        raise Http404
    if request.method != "POST":
        return _step(request, proposal, step, form_of(step, proposal.filing, _sender_fields(proposal)))
    form = form_of(step, proposal.filing, _sender_fields(proposal), request.POST)
    if not form.is_valid():
        return _step(request, proposal, step, form, status=422)
    try:
        proposal = _save(proposal, step, form, signed_in_user(request))
    except Refused:
        raise
    except UserError as problem:
        return _step(request, proposal, step, form, problem=problem, status=problem.status)
    return redirect("file_step", key=key, step=step if "more" in request.POST else _after(step))


def _writable(request: HttpRequest, key: str) -> Proposal:
    proposal = own_proposal(request, key)
    if proposal.kind != "issue" or proposal.state not in WRITABLE:
        raise Http404
    return proposal


def _sender_fields(proposal: Proposal) -> dict[str, Any]:
    """What was said of the sender; the name for a credit is that of the account before another is given."""
    given = {name: getattr(proposal, name) for name in OF_SENDER}
    own = proposal.submitter.credit_name if proposal.submitter else ""
    return given | {"credit_name": given["credit_name"] or own}


def _save(proposal: Proposal, step: str, form: Any, user: User | None) -> Proposal:
    def sender_of(fresh: Proposal) -> Sender:
        said = form.cleaned_data if step == "people" else vars(fresh)
        return Sender(user=user, **{name: said[name] for name in OF_SENDER})

    return save_part(proposal, part_of(step, form), sender_of)


def _after(step: str) -> str:
    steps = [*STEPS, CHECK]
    return steps[steps.index(step) + 1]


def _step(
    request: HttpRequest, proposal: Proposal, step: str, form: Any, *, problem: UserError | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    gaps = missing(read_filing(proposal.filing))
    context = {
        "proposal": proposal, "step": step, "title": STEPS[step][0], "steps": _progress(step), "form": form, "problem": problem,
        "is_rows": step in {"artifacts", "sources"}, "number": [*STEPS].index(step) + 1, "count": len(STEPS) + 1, "gaps": gaps,
    }  # fmt: skip
    return render(request, "filing/step.html", context, status=status)


def _progress(step: str) -> list[tuple[str, str, bool]]:
    titles = [(code, title) for code, (title, _) in STEPS.items()] + [(CHECK, "Check and send")]
    return [(code, title, code == step) for code, title in titles]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, key: str) -> HttpResponse:
    """Show everything as it will read, what is missing and what is similar; a POST sends a draft, and leads back to it.

    What a submitter mends while the desk waits for an answer is kept at each step: nothing is left to be sent then.
    """
    proposal = own_proposal(request, key)
    if request.method == "POST" and proposal.kind == "issue" and proposal.state != "draft":
        return redirect("submission", key=key)
    proposal, problem = _writable(request, key), None
    if request.method == "POST":
        try:
            send_filing(proposal, submitter(signed_in_user(request)))
        except Refused:
            raise
        except UserError as refusal:
            problem = refusal
        else:
            return redirect("submission", key=key)
    filing = read_filing(proposal.filing)
    gaps = missing(filing)
    words: list[Any] = []
    if not gaps:
        try:
            words = told(changes_of(filing))
        except UserError as refusal:
            problem = problem or InvalidInput(str(refusal))
    context = {
        "proposal": proposal, "filing": filing, "gaps": [(sentence, _where(field)) for field, sentence in gaps.items()],
        "told": words, "problem": problem, "steps": _progress(CHECK), "similar": _similar(filing.title, filing.code, proposal),
        "number": len(STEPS) + 1, "count": len(STEPS) + 1,
    }  # fmt: skip
    return render(request, "filing/check.html", context, status=problem.status if problem else 200)


def _similar(title: str, code: str, proposal: Proposal) -> list[Record]:
    """Public issues that say much the same, also of the artifacts that are named."""
    keys = [str(one.get("record", "")) for one in proposal.filing.get("artifacts", [])]
    return similar_issues(title, filter(None, map(_found, keys)), code) if title else []


def _found(key: str) -> int | None:
    """The id of the record that a key names; None where it names none that is public."""
    try:
        return speaker(find_record(key)).id if key else None
    except UserError:
        return None


_STEP_OF = {"artifacts": "artifacts", "sources": "sources", "told_when": "people"}


def _where(field: str) -> str:
    return _STEP_OF.get(field, "found")


@require_POST
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Throw a draft away."""
    proposal = _writable(request, key)
    discard_draft(proposal)
    return redirect("file")
