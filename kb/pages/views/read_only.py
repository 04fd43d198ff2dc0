"""Pages that are only read: any other method gets one sentence, and does nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse

from kb.pages.views.errors import user_error

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
_READING = ("GET", "HEAD")


def read_only(view: View[P]) -> View[P]:
    """Answer readings with the view, and everything else with 405."""

    @wraps(view)
    def read(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method in _READING:
            return view(request, *args, **kwargs)
        refused = user_error(request, 405, "This page can only be read.")
        refused["Allow"] = ", ".join(_READING)
        return refused

    return read
