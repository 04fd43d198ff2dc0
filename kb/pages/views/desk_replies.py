"""The desk's side of the right of reply: asking, waiving, sharing for reading only, closing links, moderating what came.

A reply that came about a record on file is moderated on the same page as one about a proposal.
"""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kb.accounts.models import User
from kb.accounts.permissions import requires_role
from kb.accounts.roles import EDITOR
from kb.core.errors import NotFound, UserError
from kb.core.safety import Refused
from kb.pages.desk_replies_page import reply_forms, requests_shown
from kb.pages.forms.replies import AskForm, HoldsForm, ModerateForm, ReasonForm, RecipientForm, ShareForm, WaiveForm
from kb.pages.views.desk import act, desk_user
from kb.records.filters import check_parameters
from kb.records.models import Record
from kb.records.queries import find_record, records_by_id, speaker
from kb.review.asking import ask, ask_again, waive
from kb.review.interest import bar_of_asking, bar_of_request
from kb.review.invite import close_link, share
from kb.review.models import Invitation, Proposal, ReplyRequest
from kb.review.reply import moderate
from kb.review.taken_up import confirm_answer, take_back


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
        return _reply(request, row)
    form = ModerateForm(request.POST)
    return _act(
        request, row, {"form": form},
        lambda: moderate(row, form.cleaned_data["shown"], form.cleaned_data["reason"], desk_user(request)),
        "The reply is passed on.",
    )  # fmt: skip


@requires_role(EDITOR)
@require_POST
def send_again(request: HttpRequest, number: int) -> HttpResponse:
    """Send a new link for the same request; the old one ends."""
    row, form = _request(number), RecipientForm(request.POST)
    return _act(
        request, row, {"again": form},
        lambda: ask_again(row, form.cleaned_data["email"], form.cleaned_data["verified_how"], desk_user(request)),
        "A new link is on its way; an old one leads nowhere.",
    )  # fmt: skip


@requires_role(EDITOR)
@require_POST
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Say that an answer, or a waiver, holds for what is proposed now."""
    row, form = _request(number), HoldsForm(request.POST)
    return _act(
        request, row, {"holds": form},
        lambda: confirm_answer(row, form.cleaned_data["reason"], desk_user(request), revision=form.cleaned_data["revision"]),
        "It holds.",
    )  # fmt: skip


@requires_role(EDITOR)
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take back a question or a waiver, or how a reply was moderated."""
    row, form = _request(number), ReasonForm(request.POST)
    done = _act(
        request, row, {"back": form}, lambda: take_back(row, form.cleaned_data["reason"], desk_user(request)), "Taken back."
    )
    # The request may be gone: its proposal tells what is missing now.
    return redirect("desk_proposal", key=row.proposal.key) if done.status_code == 302 and row.proposal else done


def _act(
    request: HttpRequest, row: ReplyRequest, sent: dict[str, Form], what: Callable[[], object], done: str
) -> HttpResponse:  # fmt: skip
    """Do what a form of the page asks for; show the page with the form again where that cannot be done."""
    if not all(form.is_valid() for form in sent.values()):
        return _reply(request, row, sent)
    try:
        what()
    except Refused:
        raise
    except UserError as problem:
        return _reply(request, row, sent, problem)
    messages.success(request, done)
    return redirect("desk_reply", number=row.pk)


def _request(number: int) -> ReplyRequest:
    found = ReplyRequest.objects.select_related("proposal", "invitation").filter(id=number).first()
    if found is None:
        raise NotFound("There is no such request for a reply.")
    return found


def _reply(
    request: HttpRequest, row: ReplyRequest, sent: Mapping[str, Form] | None = None, problem: UserError | None = None
) -> HttpResponse:  # fmt: skip
    bar = bar_of_request(row, desk_user(request))
    forms = {**reply_forms(row, desk_user(request)), **(sent or {})}
    status = problem.status if problem else 422 if any(form.errors for form in forms.values()) else 200
    context = {
        **forms, "bar": bar, "free": not bar, "asked": requests_shown([row])[0], "problem": problem,
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
