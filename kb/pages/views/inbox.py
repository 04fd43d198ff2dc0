"""The editor's inbox: what feeds brought that names a record, and what is made of it. Works without scripts.

The acts are in `kb.feeds.triage`; keys for them are a small optional script.
"""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kb.accounts.models import User
from kb.accounts.permissions import requires_role
from kb.accounts.roles import EDITOR
from kb.core.clock import now
from kb.core.errors import InvalidInput, UserError
from kb.core.safety import Refused
from kb.feeds import triage
from kb.feeds.models import Entry, EntryDecision
from kb.pages.forms.inbox import EvidenceForm, InboxForm, evidence_form, kept_records
from kb.pages.inbox_page import entry_page, inbox
from kb.pages.views.desk import desk_user
from kb.records.filters import check_parameters

# How long the newest decision is offered to be undone.
_TO_UNDO = timedelta(hours=1)
Act = Callable[[HttpRequest, Entry, User], HttpResponse | None]


@requires_role(EDITOR)
@require_safe
def inbox_page(request: HttpRequest) -> HttpResponse:
    """Show what came in, a story once."""
    form = InboxForm(request.GET)
    check_parameters(set(request.GET), set(form.fields))
    if not form.is_valid():
        raise InvalidInput("The inbox has no such filter.")
    last = EntryDecision.objects.filter(by=desk_user(request), at__gte=now() - _TO_UNDO).select_related("entry").first()
    context = {"inbox": inbox(form.cleaned_data), "form": form, "last": last, "filters": _filters(request)}
    return render(request, "feeds/inbox.html", context)


def _filters(request: HttpRequest) -> str:
    """The filters and the page that a list was under, as the query of an address; those that fit no more are left out.

    Raises UnknownParameter.
    """
    form = InboxForm(request.GET)
    check_parameters(set(request.GET), set(form.fields))
    kept = {name: request.GET[name] for name in form.fields if request.GET.get(name) and name not in form.errors}
    return f"?{urlencode(kept)}" if kept else ""


@requires_role(EDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """Show one entry; a POST proposes it as evidence for or against a statement. The query is that of the list before."""
    _filters(request)  # refuses what no list takes before anything is done
    found = _found(number)
    if request.method != "POST":
        return _entry(request, found, evidence_form())
    form = evidence_form(request.POST)
    if not form.is_valid():
        return _entry(request, found, form)
    given = form.cleaned_data
    try:
        proposal = triage.attach_as_evidence(
            number, desk_user(request), given["statement"], stance=given["stance"], kind=given["kind"], gist=given["gist"]
        )
    except Refused:
        raise
    except UserError as problem:
        return _entry(request, found, form, problem)
    messages.success(request, "Proposed as evidence. Somebody else reviews it.")
    return redirect("desk_proposal", key=proposal.key)


def _found(number: int) -> Entry:
    found = Entry.objects.select_related("feed").filter(id=number).first()
    if found is None:
        raise Http404
    return found


def _entry(request: HttpRequest, found: Entry, form: EvidenceForm, problem: UserError | None = None) -> HttpResponse:
    status = problem.status if problem else 422 if form.errors else 200
    context = {"page": entry_page(found), "form": form, "problem": problem, "filters": _filters(request)}
    return render(request, "feeds/entry.html", context, status=status)


@requires_role(EDITOR)
@require_POST
def act(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """Do one thing to an entry, and lead back to the one after it, in the list as it was narrowed."""
    if code not in ACTS:
        raise Http404
    found, filters = _found(number), _filters(request)
    try:
        leads_to = ACTS[code](request, found, desk_user(request))
    except Refused:
        raise
    except UserError as problem:
        return _entry(request, found, evidence_form(), problem)
    return leads_to or redirect(f"{reverse('desk_inbox')}{filters}{_next(request)}")


def _next(request: HttpRequest) -> str:
    """The place of the entry after the one that was decided on, if the page named it."""
    after = request.POST.get("next", "")
    return f"#e{after}" if after.isdecimal() else ""


def _kept(request: HttpRequest) -> list[int]:
    return kept_records(request.POST.getlist("record"), request.POST.get("more", ""))


def _accept(request: HttpRequest, found: Entry, user: User) -> None:
    proposal = triage.accept_as_report(found.id, user, _kept(request))
    messages.success(request, f"“{found.title}” is proposed as a report. Somebody else reviews it: {proposal.key}.")


def _begin(request: HttpRequest, found: Entry, user: User) -> HttpResponse:
    return redirect("file_check", key=triage.begin_issue(found.id, user, _kept(request)).key)


def _ignore(request: HttpRequest, found: Entry, user: User) -> None:
    triage.ignore(found.id, user)
    messages.success(request, f"“{found.title}” is ignored.")


def _mute(request: HttpRequest, found: Entry, user: User) -> None:
    triage.mute(found.id, user)
    messages.success(request, f"The story of “{found.title}” is muted for thirty days.")


def _undo(request: HttpRequest, found: Entry, user: User) -> None:
    triage.undo(found.id, user)
    messages.success(request, f"“{found.title}” is back.")


ACTS: dict[str, Act] = {"report": _accept, "issue": _begin, "ignore": _ignore, "mute": _mute, "undo": _undo}
