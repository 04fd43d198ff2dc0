"""The page of one statement: the evidence that tables, lists and the numbers of a picture lead to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kb.pages.statement_page import StatementPage
from kb.records.filters import check_parameters


def statement(request: HttpRequest, number: int) -> HttpResponse:
    """Show a statement as it is now, whatever its status."""
    check_parameters(set(request.GET), set())
    return render(request, "records/statement.html", {"page": StatementPage(number)})
