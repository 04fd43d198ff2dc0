"""The trace page: one path between two artifacts as a numbered chain of evidence, to be read, cited and taken along."""

import hashlib
from base64 import b64encode
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from kb.core.errors import InvalidInput
from kb.exchange.exporters.reference import absolute
from kb.exchange.exporters.trace_json import digest, trace_content
from kb.lineage.ask import root_record
from kb.lineage.asked import limits_in_words
from kb.lineage.trace import Trace, trace
from kb.pages.reading import whole_number
from kb.pages.views.lineage import LIMITS, read_question
from kb.records.filters import check_parameters

PARAMETERS = LIMITS | {"path", "format"}
_FORMS = ("", "html", "json")
_STYLES = Path(__file__).parents[1] / "static" / "kb" / "css" / "trace-file.css"


def trace_page(request: HttpRequest, key: str, target: str) -> HttpResponse:
    """Show a path by the steps that the address asks for.

    `format` gives the same as a file that stands alone, or as the JSON that the digest is taken of.
    """
    check_parameters(set(request.GET), PARAMETERS)
    form, edition = request.GET.get("format", ""), whole_number("edition", request.GET.get("edition", ""))
    if form not in _FORMS:
        raise InvalidInput("A format is html, for a file that stands alone, or json.")
    number = whole_number("path", request.GET.get("path", ""))
    question = read_question(root_record(key, edition), request.GET)
    made = trace(question, root_record(target, edition), 1 if number is None else number)
    content = trace_content(made)
    if form == "json":
        return JsonResponse({"content": content, "sha256": digest(content)}, json_dumps_params={"ensure_ascii": False})
    context = _context(made, content)
    return _file(request, context, made) if form == "html" else render(request, "lineage/trace.html", context)


def _context(made: Trace, content: object) -> dict[str, object]:
    path = f"/lineage/{made.first.slug}/trace/{made.last.slug}/"
    answer = made.routes.answer
    limits = [one for one in answer.question.limits if one[0] != "edition"]
    cited = f"{path}?{urlencode([('path', made.number), *limits, ('edition', answer.edition)])}"
    return {
        "trace": content, "made": made, "digest": digest(content),  # type: ignore[arg-type]
        "others": list(enumerate(made.routes.routes, start=1)), "cited": cited, "address": absolute(cited),
        "first": made.first, "last": made.last, "sources": answer.sources, "filters": ", ".join(limits_in_words(answer)),
        "others_at": f"{path}?{urlencode([*answer.question.limits, ('path', '')])}",
        "without_filters": f"{path}?{urlencode([('edition', answer.edition)])}" if answer.question.edition else path,
    }  # fmt: skip


def _file(request: HttpRequest, context: dict[str, object], made: Trace) -> HttpResponse:
    """Answer with one file that needs nothing else: its styles are embedded, and allowed by their digest alone."""
    styles = _styles()
    whole = context | {"styles": mark_safe(styles), "site": settings.SITE_ADDRESS}  # noqa: S308 - a file of our own
    response = render(request, "lineage/trace_file.html", whole)
    name = f"upstream-{made.first.slug}-to-{made.last.slug}-edition-{made.routes.answer.edition}.html"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    allowed = b64encode(hashlib.sha256(styles.encode()).digest()).decode()
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return response


@cache
def _styles() -> str:
    return _STYLES.read_text(encoding="utf-8")
