"""What was answered with a look at the session is kept by no cache, whichever page it was."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

Handler = Callable[[HttpRequest], HttpResponseBase]


class NotKept:
    """Mark answers that depend on who asked. It stands inside of the session's own middleware."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and mark the answer where a session was read."""
        response = self.get_response(request)
        if request.session.accessed:
            add_never_cache_headers(response)
        return response
