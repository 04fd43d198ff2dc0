"""Pages for what goes wrong: one clear sentence, and where to go on.

Which errors lead here is said in `kb/urls.py`, `kb/settings.py` and `kb/pages/middleware.py`; the API answers for itself.
"""

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

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


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours, without touching the database; programs get problem details."""
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": "Internal Server Error", "status": 500, "detail": "The fault was logged."}
        return JsonResponse(problem, status=500, content_type="application/problem+json")
    return HttpResponse(
        "<!doctype html><html lang=en><title>Fault</title><h1>Something went wrong on our side</h1>"
        "<p>The fault was logged. Please try again later.</p></html>",
        status=500,
    )
