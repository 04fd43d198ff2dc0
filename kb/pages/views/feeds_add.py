"""Adding a feed at the desk, in two steps that work without scripts: a look at what is there, then how it is kept."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kb.accounts.permissions import requires_role
from kb.accounts.roles import EDITOR
from kb.core.errors import InvalidInput, UserError
from kb.core.safety import Refused
from kb.feeds.health import folders
from kb.feeds.manage import add_feed
from kb.feeds.preview import Preview, preview
from kb.pages.forms.feeds import AddressForm, NewFeedForm
from kb.pages.views.desk import desk_user
from kb.records.filters import check_parameters


@requires_role(EDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Ask for an address; a POST looks at what is there and stores nothing."""
    check_parameters(set(request.GET), set())
    form = AddressForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _add(request, form, status=422 if form.is_bound else 200)
    try:
        found = preview(form.cleaned_data["address"])
    except InvalidInput as problem:
        form.add_error("address", str(problem))
        return _add(request, form, status=422)
    initial = {"address": found.address, "title": found.title, "weight": 3, "left_out": "none"}
    return _add(request, form, found, NewFeedForm(initial=initial, auto_id="new_%s"))


def _add(
    request: HttpRequest, form: AddressForm, found: Preview | None = None, new: NewFeedForm | None = None,
    problem: UserError | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {"form": form, "found": found, "new": new, "problem": problem, "folders": folders()}
    return render(request, "feeds/add.html", context, status=status)


@requires_role(EDITOR)
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Add a feed that was looked at; it is polled as soon as a worker is free."""
    form = NewFeedForm(request.POST, auto_id="new_%s")
    again = AddressForm(initial={"address": request.POST.get("address", "")})
    if not form.is_valid():
        return _add(request, again, new=form, status=422)
    given = form.cleaned_data
    try:
        feed = add_feed(given.pop("address"), **given, by=desk_user(request))
    except Refused:
        raise
    except UserError as problem:
        return _add(request, again, new=form, problem=problem, status=problem.status)
    messages.success(request, "Added. Its entries come as soon as a worker is free.")
    return redirect("desk_feed", number=feed.id)
