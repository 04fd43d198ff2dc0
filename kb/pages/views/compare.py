"""Two artifacts side by side, asked with a form of two fields."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kb.lineage.compare import Comparison, compare
from kb.lineage.named import Named, named_artifact
from kb.pages.compare_page import ComparePage
from kb.records.filters import check_parameters


def compare_page(request: HttpRequest) -> HttpResponse:
    """Show the form, the candidates where a name is not one record's, and the comparison."""
    check_parameters(set(request.GET), {"a", "b"})
    a, b = named_artifact(request.GET.get("a", "")), named_artifact(request.GET.get("b", ""))
    found = _found(a, b)
    context = {
        "page": ComparePage(found) if found else None, "a": a, "b": b,
        "fields": [("a", "First product, model or dataset", a), ("b", "Second", b)],
    }  # fmt: skip
    return render(request, "compare/page.html", context)


def _found(a: Named, b: Named) -> Comparison | None:
    return compare(a.record, b.record) if a.record and b.record else None
