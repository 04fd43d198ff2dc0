"""Lists of feeds in OPML, in and out, at the desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from kb.accounts.permissions import requires_role
from kb.accounts.roles import EDITOR
from kb.core.errors import UserError
from kb.feeds.subscriptions import export_opml, import_opml
from kb.pages.forms.feeds import OpmlForm
from kb.pages.views.desk import desk_user
from kb.records.filters import check_parameters


@requires_role(EDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def opml(request: HttpRequest) -> HttpResponse:
    """Take a list of feeds; the answer says what became of each."""
    check_parameters(set(request.GET), set())
    if request.method != "POST":
        return render(request, "feeds/opml.html", {"form": OpmlForm()})
    form = OpmlForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "feeds/opml.html", {"form": form}, status=422)
    try:
        taken = import_opml(form.body(), desk_user(request))
    except UserError as problem:
        return render(request, "feeds/opml.html", {"form": form, "problem": problem}, status=problem.status)
    return render(request, "feeds/opml.html", {"form": OpmlForm(), "taken": taken})


@requires_role(EDITOR)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Give all feeds as a file."""
    check_parameters(set(request.GET), set())
    headers = {"Content-Disposition": 'attachment; filename="feeds.opml"'}
    return HttpResponse(export_opml(), content_type="text/x-opml; charset=utf-8", headers=headers)
