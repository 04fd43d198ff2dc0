"""Errors as RFC 9457 problem details: one clear sentence, never a trace."""

import logging
from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework.exceptions import APIException, MethodNotAllowed
from rest_framework.response import Response

from kb.core.busy import RETRY_AFTER, trouble_of
from kb.core.errors import Gone, UserError
from kb.core.safety import REPORTING_ADVICE, REPORTING_CONTACTS, REPORTING_PAGES, Refused

log = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
_LONGEST = 500
_OF_DJANGO: dict[type[Exception], tuple[int, str]] = {
    Http404: (404, "There is nothing at this address."),
    PermissionDenied: (403, "This is not allowed."),
    SuspiciousOperation: (400, "The request could not be read."),
}


class Answered(Exception):
    """The answer is at hand before any work was done: the reader has it already, or this process keeps it."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


def problem(status: int, detail: str, instance: str) -> dict[str, str | int]:
    """Write a problem; `instance` is the path that was asked for."""
    shown = detail if len(detail) <= _LONGEST else f"{detail[:_LONGEST]}…"
    return {
        "type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": shown, "instance": instance,
    }  # fmt: skip


def problem_response(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Turn an error into an answer; what nobody expects is left to the server's own handler and its log."""
    if isinstance(error, Answered):
        return error.response
    found = _status_and_detail(error, context.get("view"))
    if found is None:
        return None
    status, detail = found
    body: dict[str, object] = {**problem(status, detail, context["request"].path)}
    if isinstance(error, Gone):
        body["tombstone"] = error.tombstone
    if isinstance(error, Refused):
        body |= _refused(error)
    return Response(body, status=status, headers=_headers(error), content_type=CONTENT_TYPE)


def _refused(refusal: Refused) -> dict[str, object]:
    """Name the rule, never the text, and where material is reported instead."""
    hotlines = [{"name": name, "region": region, "url": REPORTING_PAGES[name]} for name, region in REPORTING_CONTACTS]
    return {"rule": refusal.rule, "report_to": hotlines, "advice": REPORTING_ADVICE}


def _headers(error: Exception) -> dict[str, str]:
    """Return what a program needs beside the words: how to prove who it is, or when to come again."""
    how, seconds = getattr(error, "auth_header", None), RETRY_AFTER if trouble_of(error) else getattr(error, "wait", None)
    return ({"WWW-Authenticate": how} if how else {}) | ({"Retry-After": str(ceil(seconds))} if seconds else {})


def _status_and_detail(error: Exception, view: object) -> tuple[int, str] | None:
    if isinstance(error, UserError):
        return error.status, str(error)
    if trouble := trouble_of(error):
        log.warning("%s: %s", trouble.title, trouble.cause)
        return 503, trouble.whole
    if isinstance(error, MethodNotAllowed):
        return 405, f"This address takes {', '.join(getattr(view, 'allowed_methods', ()))}."
    if isinstance(error, APIException):
        return error.status_code, str(error.detail)
    return next((answer for kind, answer in _OF_DJANGO.items() if isinstance(error, kind)), None)


def problem_answer(request: HttpRequest, status: int, detail: str) -> JsonResponse:
    """Answer with a problem where no view of the API is involved."""
    answer = JsonResponse(problem(status, detail, request.path), status=status, content_type=CONTENT_TYPE)
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
