"""The desk's feeds: the list with its health, and one feed with what can be done about it.

Adding one is in `feeds_add.py`, lists in OPML are in `feeds_opml.py`.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kb.accounts.permissions import requires_role
from kb.accounts.roles import EDITOR
from kb.core.errors import InvalidInput, UserError
from kb.core.safety import Refused
from kb.feeds.health import folders, standing_feeds
from kb.feeds.manage import edit_feed, find_feed, remove
from kb.feeds.mend import undo_move
from kb.feeds.models import Feed, FeedEvent
from kb.pages.feeds_page import ACTS, feed_list, feed_page
from kb.pages.forms.feeds import FeedFilterForm, FeedForm
from kb.pages.views.desk import desk_user
from kb.records.filters import check_parameters


@requires_role(EDITOR)
@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """Show the feeds and how they stand."""
    form = FeedFilterForm(request.GET)
    check_parameters(set(request.GET), set(form.fields))
    if not form.is_valid():
        raise InvalidInput("The list of feeds has no such filter.")
    return render(request, "feeds/list.html", {"list": feed_list(form.cleaned_data), "form": form})


@requires_role(EDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def feed(request: HttpRequest, number: int) -> HttpResponse:
    """Show one feed; a POST changes how it is kept."""
    check_parameters(set(request.GET), set())
    found = _found(number)
    if request.method != "POST":
        return _feed(request, found)
    form = FeedForm(request.POST)
    if not form.is_valid():
        return _feed(request, found, form)
    try:
        edit_feed(found, **form.cleaned_data, by=desk_user(request))
    except Refused:
        raise
    except UserError as problem:
        return _feed(request, found, form, problem)
    messages.success(request, "Saved.")
    return redirect("desk_feed", number=number)


def _found(number: int) -> Feed:
    found = standing_feeds().filter(id=number).first()
    if found is None:
        raise Http404
    return found


def _feed(
    request: HttpRequest, found: Feed, form: FeedForm | None = None, problem: UserError | None = None
) -> HttpResponse:  # fmt: skip
    names = ("title", "folder", "weight", "left_out")
    form = form or FeedForm(initial={name: getattr(found, name) for name in names} | {"address": found.url})
    status = problem.status if problem else 422 if form.errors else 200
    context = {"page": feed_page(found), "form": form, "problem": problem, "folders": folders()}
    return render(request, "feeds/feed.html", context, status=status)


@requires_role(EDITOR)
@require_POST
def act(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """Do one thing to a feed; a refusal shows its page again with the reason."""
    if code not in ACTS:
        raise Http404
    found = _found(number)
    try:
        ACTS[code].do(found, desk_user(request))
    except UserError as problem:
        return _feed(request, _found(number), problem=problem)
    messages.success(request, ACTS[code].done)
    return redirect("desk_feed", number=number)


@requires_role(EDITOR)
@require_POST
def undo(request: HttpRequest, number: int, event: int) -> HttpResponse:
    """Take a move to another address back."""
    found = FeedEvent.objects.select_related("feed").filter(id=event, feed=number).first()
    if found is None:
        raise Http404
    try:
        undo_move(found, desk_user(request))
    except UserError as problem:
        return _feed(request, _found(number), problem=problem)
    messages.success(request, "Taken back: it is polled at its address before.")
    return redirect("desk_feed", number=number)


@requires_role(EDITOR)
@require_POST
def remove_feed(request: HttpRequest, number: int) -> HttpResponse:
    """Remove a feed, or turn it off where something of it was proposed."""
    found = find_feed(number)
    if remove(found, desk_user(request)):
        messages.success(request, "Removed.")
        return redirect("desk_feeds")
    messages.success(request, "Turned off and kept, since something was proposed from its entries.")
    return redirect("desk_feed", number=number)
