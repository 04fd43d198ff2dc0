"""What every answer carries and what no request may: headers of safety, and parameters that are text."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from kb.core.busy import trouble_of
from kb.core.errors import Gone, UserError
from kb.core.safety import Refused
from kb.pages.policy import policy
from kb.pages.views.errors import database_trouble, gone, user_error
from kb.pages.views.safety import refused

Handler = Callable[[HttpRequest], HttpResponseBase]

_API = "/api/"


class SecurityHeaders:
    """Add the content security policy and its companions to every answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the headers."""
        response = self.get_response(request)
        if response.status_code == 304:
            return response  # what it does not say stands as the page that the reader has said it, which may have its own
        response.headers.setdefault("Content-Security-Policy", policy())
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response


class CleanParameters:
    """Refuse query parameters with NUL or broken Unicode; show errors that people cause as pages."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or say that the address holds characters no text has."""
        if not request.path.startswith(_API) and any(_is_broken(text) for text in _texts(request)):
            return user_error(request, 400, "The address holds characters that no text has.")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, parameters: object) -> HttpResponse | None:
        """Refuse a form with broken Unicode: what is read of it is not what was written. The rest is told at its field."""
        if request.method == "POST" and not request.path.startswith(_API) and any("\ufffd" in text for text in _sent(request)):
            return user_error(request, 400, "The form holds characters that no text has, and nothing was stored. Write it anew.")
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a UserError of a page into a page, and a busy database too; the API has answers of its own."""
        if trouble := trouble_of(exception):
            return database_trouble(request, trouble)
        if isinstance(exception, Gone) and not request.path.startswith(_API):
            return gone(request, exception.tombstone)
        if isinstance(exception, Refused) and not request.path.startswith(_API):
            return refused(request, exception)
        if isinstance(exception, UserError) and not request.path.startswith(_API):
            return user_error(request, exception.status, str(exception))
        return None


def _texts(request: HttpRequest) -> list[str]:
    return [request.path, *request.GET, *(value for values in request.GET.lists() for value in values[1])]


def _sent(request: HttpRequest) -> list[str]:
    return [*request.POST, *(value for values in request.POST.lists() for value in values[1])]


def _is_broken(text: str) -> bool:
    return "\0" in text or "\ufffd" in text or any("\ud800" <= char <= "\udfff" for char in text)
