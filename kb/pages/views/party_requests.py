"""Requests for replies, for people who are signed in and verified to speak for a party: the same reading without a link."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from kb.accounts.permissions import signed_in
from kb.pages.finding_page import page_of_request
from kb.pages.forms.replies import ReplyForm
from kb.pages.views.account import person
from kb.pages.views.finding import answered, shown
from kb.records.filters import check_parameters
from kb.records.queries import records_by_id
from kb.review.interest import represented_by
from kb.review.invite import note_opening
from kb.review.models import ReplyRequest


@signed_in
@require_http_methods(["GET", "HEAD"])
def requests(request: HttpRequest) -> HttpResponse:
    """List what the parties were asked that a person speaks for."""
    check_parameters(set(request.GET), set())
    parties = represented_by(person(request))
    rows = list(ReplyRequest.objects.filter(party_id__in=parties).exclude(state="waived").order_by("due", "id"))
    names = records_by_id(parties)
    listed = [(row, names[row.party_id]) for row in rows]
    return render(request, "account/requests.html", {"rows": listed, "parties": [*names.values()]})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: HttpRequest, number: int) -> HttpResponse:
    """Show one request as its link does; to everybody who does not speak for the party it does not exist."""
    check_parameters(set(request.GET), set())
    parties = represented_by(person(request))
    asked = ReplyRequest.objects.select_related("proposal", "invitation").filter(id=number, party_id__in=parties)
    found = asked.exclude(state="waived").first()
    if found is None:
        raise Http404
    page = page_of_request(found)
    if request.method == "POST":
        return answered(request, page)
    if request.method == "GET" and found.invitation:
        note_opening(found.invitation)
    return shown(request, page, ReplyForm())
