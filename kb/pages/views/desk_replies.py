"""The desk's side of the right of reply: asking, waiving, sharing for reading only, closing links, moderating what came.

A reply that came about a record on file is moderated on the same page as one about a proposal.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kb.accounts.models import User
from kb.accounts.permissions import requires_role
from kb.accounts.roles import EDITOR
from kb.core.errors import NotFound, UserError
from kb.core.safety import Refused
from kb.pages.desk_replies_page import requests_shown
from kb.pages.forms.replies import AskForm, ModerateForm, RecipientForm, ShareForm, WaiveForm
from kb.pages.views.desk import act, desk_user
from kb.records.filters import check_parameters
from kb.records.models import Record
from kb.records.queries import find_record, records_by_id, speaker
from kb.review.asking import ask, ask_again, waive
from kb.review.interest import bar_of_asking, bar_of_request
from kb.review.invite import close_link, share
from kb.review.models import Invitation, Proposal, ReplyRequest
from kb.review.reply import moderate


@requires_role(EDITOR)
@require_POST
def ask_party(request: HttpRequest, key: str) -> HttpResponse:
    """Ask a party for its reply to a proposal."""
    form = AskForm(request.POST)

    def what(proposal: Proposal, user: User) -> None:
        given = form.cleaned_data
        ask(given["party"].id, given["email"], given["verified_how"], user, proposal=proposal, due=given["due"])

    return act(request, key, form, what, "Asked. The link is on its way.")


@requires_role(EDITOR)
@require_POST
def waive_party(request: HttpRequest, key: str) -> HttpResponse:
    """Do not ask a party, for a public reason."""
    form = WaiveForm(request.POST)
    return act(
        request, key, form,
        lambda proposal, user: waive(proposal, form.cleaned_data["party"].id, form.cleaned_data["reason"], user),
        "Waived. The reason will be public.",
    )  # fmt: skip


@requires_role(EDITOR)
@require_POST
def share_finding(request: HttpRequest, key: str) -> HttpResponse:
    """Let somebody at a party read a proposal, without asking for a reply."""
    form = ShareForm(request.POST)

    def what(proposal: Proposal, user: User) -> None:
        given = form.cleaned_data
        share(given["party"].id, given["email"], given["verified_how"], user, proposal=proposal, days=given["days"])

    return act(request, key, form, what, "Shared. The link is on its way.")


@requires_role(EDITOR)
@require_POST
def revoke_link(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Close a link before its time."""
    found = Invitation.objects.filter(id=number, proposal__key=key).exclude(proposal__state="draft").first()
    if found is None:
        raise Http404
    close_link(found, desk_user(request))
    messages.success(request, "The link leads nowhere now.")
    return redirect("desk_proposal", key=key)


@requires_role(EDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def reply_page(request: HttpRequest, number: int) -> HttpResponse:
    """Show one request with what came; a POST passes the reply on, whole or cut."""
    check_parameters(set(request.GET), set())
    row = _request(number)
    if request.method != "POST":
        return _reply(request, row, ModerateForm(initial={"shown": row.text}))
    form = ModerateForm(request.POST)
    if not form.is_valid():
        return _reply(request, row, form)
    try:
        moderate(row, form.cleaned_data["shown"], form.cleaned_data["reason"], desk_user(request))
    except Refused:
        raise
    except UserError as problem:
        return _reply(request, row, form, problem)
    messages.success(request, "The reply is passed on.")
    return redirect("desk_reply", number=number)


@requires_role(EDITOR)
@require_POST
def send_again(request: HttpRequest, number: int) -> HttpResponse:
    """Send a new link for the same request; the old one ends."""
    row, form = _request(number), RecipientForm(request.POST)
    if not form.is_valid():
        return _reply(request, row, again=form)
    try:
        ask_again(row, form.cleaned_data["email"], form.cleaned_data["verified_how"], desk_user(request))
    except Refused:
        raise
    except UserError as problem:
        return _reply(request, row, problem=problem, again=form)
    messages.success(request, "A new link is on its way; the old one leads nowhere.")
    return redirect("desk_reply", number=number)


def _request(number: int) -> ReplyRequest:
    found = ReplyRequest.objects.select_related("proposal", "invitation").filter(id=number).first()
    if found is None:
        raise NotFound("There is no such request for a reply.")
    return found


def _reply(
    request: HttpRequest, row: ReplyRequest, form: ModerateForm | None = None, problem: UserError | None = None,
    again: RecipientForm | None = None,
) -> HttpResponse:  # fmt: skip
    form, asked = form or ModerateForm(initial={"shown": row.text}), requests_shown([row])[0]
    status = problem.status if problem else 422 if form.errors or (again and again.errors) else 200
    bar = bar_of_request(row, desk_user(request))
    context = {
        "bar": bar, "free": not bar,
        "asked": asked, "form": form, "problem": problem, "again": again or RecipientForm(auto_id="again_%s"),
        "record": records_by_id([row.record_id]).get(row.record_id) if row.record_id else None,
    }  # fmt: skip
    return render(request, "desk/reply.html", context, status=status)


@requires_role(EDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_about_record(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a party about a record on file; what came of earlier requests stands below."""
    check_parameters(set(request.GET), set())
    record = speaker(find_record(slug))
    form = AskForm(request.POST if request.method == "POST" else None)
    problem: UserError | None = None
    if form.is_valid():
        given, by = form.cleaned_data, desk_user(request)
        try:
            ask(given["party"].id, given["email"], given["verified_how"], by, record_id=record.id, due=given["due"])
        except Refused:
            raise
        except UserError as refusal:
            problem = refusal
        else:
            messages.success(request, "Asked. The page of the record says so, and until when the party may reply.")
            return redirect("desk_record_ask", slug=record.slug)
    return _ask_page(request, record, form, problem)


def _ask_page(request: HttpRequest, record: Record, form: AskForm, problem: UserError | None) -> HttpResponse:
    status = problem.status if problem else 422 if form.errors else 200
    bar = bar_of_asking([record.id], desk_user(request))
    context = {"record": record, "form": form, "problem": problem, "bar": bar, "free": not bar}
    context |= {"requests": requests_shown(ReplyRequest.objects.filter(record_id=record.id))}
    return render(request, "desk/ask_record.html", context, status=status)
