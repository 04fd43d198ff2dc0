"""Amending and adding single changes of a proposal that is under review, each with a form made from the change itself."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kb.accounts.permissions import requires_role
from kb.accounts.roles import EDITOR
from kb.core.errors import InvalidInput, UserError
from kb.core.safety import Refused
from kb.pages.desk_page import items_of
from kb.pages.forms.amended import amended_form
from kb.pages.forms.changes import ChangeForm, change_form
from kb.pages.reading import whole_number
from kb.pages.views.desk import desk_user, find_proposal
from kb.records.filters import check_parameters
from kb.records.kinds import KINDS
from kb.records.queries import find_record
from kb.review import edit
from kb.review.models import Proposal
from kb.review.terms import ACTS
from kb.review.told import Told

_ADDABLE = ("add_statement", "add_alias", "add_identifier", "create_record")


@requires_role(EDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, key: str, position: int) -> HttpResponse:
    """Amend one change: a form with the fields as they stand."""
    check_parameters(set(request.GET), set())
    proposal = find_proposal(key)
    item = proposal.changes.filter(position=position).first()
    if item is None or not item.body:
        raise Http404
    form = amended_form(item.body, request.POST or None)
    about = next(one.told for one in items_of(proposal) if one.row.position == position)
    if request.method != "POST" or not form.is_valid():
        return _page(request, proposal, form, f"Amend change {position}", about=about)
    try:
        edit.amend_change(proposal, position, form.body(), desk_user(request), revision=_revision(request))
    except Refused:
        raise
    except UserError as problem:
        return _page(request, proposal, form, f"Amend change {position}", problem, about)
    messages.success(request, f"Change {position} is amended. Approvals given before are void.")
    return redirect("desk_proposal", key=key)


@requires_role(EDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, key: str) -> HttpResponse:
    """Add one change. Without a kind of change the page offers those that fit."""
    check_parameters(set(request.GET), {"change", "record", "kind"})
    proposal = find_proposal(key)
    code = request.GET.get("change", "")
    if not code:
        return render(request, "desk/add_change.html", {"proposal": proposal, "codes": _ADDABLE, "kinds": KINDS.values()})
    if code not in _ADDABLE:
        raise InvalidInput(f"“{code[:40]}” cannot be added here.")
    subject = find_record(request.GET["record"]) if request.GET.get("record") else None
    form = change_form(code, subject, request.GET.get("kind", ""), data=request.POST or None)
    heading = f"Add: {ACTS[code].lower()}"
    if request.method != "POST" or not form.is_valid():
        return _page(request, proposal, form, heading)
    try:
        edit.add_change(proposal, form.body(), desk_user(request), revision=_revision(request))
    except Refused:
        raise
    except UserError as problem:
        return _page(request, proposal, form, heading, problem)
    messages.success(request, "The change is added. Approvals given before are void.")
    return redirect("desk_proposal", key=key)


def _refs(proposal: Proposal) -> list[tuple[str, str]]:
    """The records that a proposal creates, as its other changes name them."""
    bodies = proposal.changes.exclude(state="declined").values_list("body", flat=True)
    return [(body["ref"], body.get("name", "")) for body in bodies if "ref" in body]


def _revision(request: HttpRequest) -> int:
    found = whole_number("revision", request.POST.get("revision", ""))
    if found is None:
        raise InvalidInput("The form lacks the revision that was read.")
    return found


def _page(
    request: HttpRequest, proposal: Proposal, form: ChangeForm, heading: str, problem: UserError | None = None,
    about: Told | None = None,
) -> HttpResponse:  # fmt: skip
    status = problem.status if problem else 422 if form.errors else 200
    context = {"proposal": proposal, "form": form, "heading": heading, "problem": problem, "about": about}
    return render(request, "desk/amend.html", context | {"refs": _refs(proposal)}, status=status)
