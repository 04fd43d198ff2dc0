"""The page of an expiring link by which a verified recipient reads a finding in confidence, and replies or declines.

What a party may read is gathered in `finding_page.py`; what becomes of a reply is said in `kb.review.reply`.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kb.core.errors import UserError
from kb.core.safety import Refused
from kb.pages.finding_page import FindingPage, page_of_invitation
from kb.pages.forms.replies import ReplyForm
from kb.pages.throttle import throttled
from kb.pages.views.safety import refused
from kb.records.filters import check_parameters
from kb.review.answered import check_read
from kb.review.invite import open_invitation
from kb.review.models import ReplyRequest
from kb.review.reply import read_reply, request_of, take_refusal, take_reply

_TRIES_AN_HOUR = 120


# The secret in the address is what proves the right to reply, not a cookie; and without a referrer, which would carry that
# secret, a browser sends no origin that the check of cookies could compare.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def finding(request: HttpRequest, token: str) -> HttpResponse:
    """Show a finding to whoever holds the link; a POST previews or sends a reply, or declines to."""
    check_parameters(set(request.GET), set())
    throttled(request, "finding", _TRIES_AN_HOUR)
    invitation = open_invitation(token, log=request.method == "GET" and not _is_prefetch(request))
    page = page_of_invitation(invitation, request_of(invitation))
    try:
        response = answered(request, page) if request.method == "POST" else shown(request, page, ReplyForm())
    except Refused as refusal:
        response = refused(request, refusal)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _is_prefetch(request: HttpRequest) -> bool:
    """Whether a browser or a mail program fetches ahead of a reader, who may never open the page."""
    said = " ".join(request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    return "prefetch" in said.lower() or "preview" in said.lower()


def shown(
    request: HttpRequest, page: FindingPage, form: ReplyForm, *, preview: str = "", problem: UserError | None = None
) -> HttpResponse:  # fmt: skip
    """Show a finding with the form."""
    status = problem.status if problem else 422 if form.errors else 200
    context = {"page": page, "form": form, "preview": preview, "problem": problem, "by_link": page.until is not None}
    return render(request, "party/finding.html", context, status=status)


def answered(request: HttpRequest, page: FindingPage) -> HttpResponse:
    """Preview a reply, take it, or note that the party declines; lead back to the page after an act."""
    if page.request is None:
        return shown(request, page, ReplyForm())
    act = request.POST.get("act", "")
    form, read = ReplyForm(request.POST if act != "decline" else None), request.POST.get("read", "")
    try:
        check_read(page.request.proposal, read)
        if act == "decline":
            take_refusal(page.request, read)
            return redirect(request.path)
        if not form.is_valid():
            return shown(request, page, form)
        if act != "send":
            return shown(request, page, form, preview=_previewed(page.request, form))
        take_reply(page.request, form.cleaned_data["text"], read)
    except Refused:
        raise
    except UserError as problem:
        return shown(request, page, form, problem=problem)
    return redirect(request.path)


def _previewed(request: ReplyRequest, form: ReplyForm) -> str:
    return read_reply(request, form.cleaned_data["text"])
