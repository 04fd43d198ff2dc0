"""Speaking for a party: asking for it, and the page on which administrators verify who asks."""

from typing import TypeVar

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kb.accounts import representation
from kb.accounts.models import Representation, RepresentationRequest, User
from kb.accounts.permissions import requires_role, signed_in
from kb.accounts.roles import ADMIN
from kb.core.errors import InvalidInput, UserError
from kb.pages.forms.account import AskToSpeak, Decision
from kb.pages.views.account import person
from kb.records.models import Record

_GRANT, _REFUSE = "grant", "refuse"
Row = TypeVar("Row", Representation, RepresentationRequest)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ask_to_speak(request: HttpRequest) -> HttpResponse:
    """Show for whom a person speaks and asked to speak, and take a request."""
    who, form = person(request), AskToSpeak(request.POST or None, initial={"party": request.GET.get("party", "")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            representation.ask(who, given["party"].pk, work_email=given["work_email"], reason=given["reason"])
        except UserError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"You asked to speak for {given['party'].name}. We write to {given['work_email']}.")
            return redirect("account_parties")
    asked = RepresentationRequest.objects.filter(user=who)
    spoken = Representation.objects.filter(user=who, until=None)
    context = {"form": form, "asked": _with_party(asked), "spoken": _with_party(spoken)}
    return render(request, "account/parties.html", context)


@requires_role(ADMIN)
@require_http_methods(["GET", "HEAD"])
def representatives(request: HttpRequest) -> HttpResponse:
    """Show open requests and who speaks for whom."""
    asked = RepresentationRequest.objects.filter(decided=None, user__is_active=True).select_related("user")
    spoken = Representation.objects.filter(until=None).select_related("user", "verified_by").order_by("-since")
    requests = [(row, party, Decision(auto_id=f"id_{row.pk}_%s")) for row, party in _with_party(asked)]
    return render(request, "desk/representatives.html", {"asked": requests, "spoken": _with_party(spoken)})


@requires_role(ADMIN)
@require_POST
def representative_decide(request: HttpRequest, number: int) -> HttpResponse:
    """Grant or refuse a request, and tell the person."""
    by, answer = person(request), request.POST.get("answer", "")
    act = request.POST.get("act")
    if act == _GRANT:
        made = representation.verify(number, by=by, how=answer)
        _tell("granted", made.user, made.party_record_id, answer)
    elif act == _REFUSE:
        refused = representation.refuse(number, by=by, why=answer)
        _tell("refused", refused.user, refused.party_record_id, answer)
    else:
        raise InvalidInput("Grant the request or refuse it.")
    messages.success(request, "Decided, and the person was told.")
    return redirect("desk_representatives")


@requires_role(ADMIN)
@require_POST
def representative_end(request: HttpRequest, number: int) -> HttpResponse:
    """End a representation."""
    representation.end(number)
    messages.success(request, "Ended.")
    return redirect("desk_representatives")


def _tell(outcome: str, who: User, party: int, answer: str) -> None:
    name = Record.objects.values_list("name", flat=True).get(pk=party)
    get_adapter().send_mail(f"account/email/representation_{outcome}", who.email, {"party": name, "answer": answer})


def _with_party(rows: QuerySet[Row]) -> list[tuple[Row, Record | None]]:
    found = list(rows)
    parties = Record.objects.in_bulk([row.party_record_id for row in found])
    return [(row, parties.get(row.party_record_id)) for row in found]
