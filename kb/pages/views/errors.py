"""Pages for what goes wrong: one clear sentence, and where to go on.

Which errors lead here is said in `kb/urls.py`, `kb/settings.py` and `kb/pages/middleware.py`; the API answers for itself.
"""

import logging
import sys
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from kb.core.busy import RETRY_AFTER, Trouble, trouble_of

log = logging.getLogger(__name__)
_API = "/api/"

# What is sent and not read, because it is more than any form of ours takes.
_TOO_MUCH: dict[type[Exception], tuple[int, str]] = {
    RequestDataTooBig: (413, "At most 1 MB is read: nothing was stored, so go back, shorten the text and send it again."),
    TooManyFieldsSent: (400, "More fields were sent than any form here has, and nothing was stored."),
    TooManyFilesSent: (400, "More files were sent than any form here takes, and nothing was stored."),
}


def user_error(request: HttpRequest, status: int, message: str, title: str = "") -> HttpResponse:
    """Show an error that the reader can put right, under the name of the status unless there is a better title."""
    context = {"status": status, "title": title or HTTPStatus(status).phrase, "message": message}
    return render(request, "errors/error.html", context, status=status)


def gone(request: HttpRequest, tombstone: dict[str, str]) -> HttpResponse:
    """Show what is left to be known of a withdrawn record."""
    return render(request, "errors/gone.html", {"tombstone": tombstone}, status=410)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that could not be read, or was too much to be read. Nothing of it is shown."""
    status, message = next(
        (answer for kind, answer in _TOO_MUCH.items() if isinstance(exception, kind)), (400, "The request could not be read.")
    )
    return user_error(request, status, message)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that is not allowed."""
    return user_error(request, 403, "This is not allowed.")


def form_not_ours(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that does not show that it came from this site in this browser. `reason` is for the log."""
    message = (
        "Nothing was stored: allow cookies for this site, go back, keep a copy of what you wrote, "
        "reload the form and send it again."
    )
    return user_error(request, 403, message, "The form was not taken")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return user_error(request, 404, "There is no page at this address.")


def database_trouble(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """Say that the database is busy or away, without asking it anything; programs get problem details."""
    log.warning("%s: %s", trouble.title, trouble.cause)
    if request.path.startswith(_API):
        answer: HttpResponse = _problem(503, trouble.whole)
    else:
        # No edition: the page of an error asks the database nothing.
        context = {"title": trouble.title, "message": trouble.sentence, "edition_number": None}
        answer = render(request, "errors/error.html", context, status=503)
    answer["Retry-After"] = str(RETRY_AFTER)
    add_never_cache_headers(answer)
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours, or the database busy, without touching the database; programs get problem details.

    What a page was doing is answered in `kb/pages/middleware.py`: what arrives here went wrong before or after that.
    """
    if trouble := trouble_of(sys.exception(), sure=False):
        return database_trouble(request, trouble)
    if request.path.startswith(_API):
        return _problem(500, "The fault was logged.")
    return HttpResponse(
        "<!doctype html><html lang=en><title>Fault</title><h1>Something went wrong on our side</h1>"
        "<p>The fault was logged. Please try again later.</p></html>",
        status=500,
    )


def _problem(status: int, detail: str) -> HttpResponse:
    """Return problem details for an address of the API, where the API itself has no say."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
    return JsonResponse(body, status=status, headers=headers, content_type="application/problem+json")
