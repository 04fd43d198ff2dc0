"""Pages for what goes wrong: one clear sentence, and where to go on."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def user_error(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """Show an error that the reader can put right."""
    context = {"status": status, "title": HTTPStatus(status).phrase, "message": message}
    return render(request, "errors/error.html", context, status=status)


def gone(request: HttpRequest, tombstone: dict[str, str]) -> HttpResponse:
    """Show what is left to be known of a withdrawn record."""
    return render(request, "errors/gone.html", {"tombstone": tombstone}, status=410)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that could not be read."""
    return user_error(request, 400, "The request could not be read.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that is not allowed."""
    return user_error(request, 403, "This is not allowed.")


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
