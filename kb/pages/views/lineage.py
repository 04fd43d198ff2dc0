"""The lineage page: what inherits a record, or what it is built on, as tables with the evidence of every step."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from kb.core.errors import InvalidInput
from kb.lineage.ask import MIN_STATUSES, Question, ask, read_day, root_record
from kb.lineage.graph import Direction
from kb.pages.lineage_page import LineagePage
from kb.records.filters import check_parameters
from kb.records.kinds import ARTIFACTS, KINDS
from kb.records.models import Record
from kb.records.predicates import LINEAGE

PARAMETERS = {"direction", "kind", "predicate", "min_status", "depth", "on", "edition"}
_DIRECTIONS: tuple[Direction, ...] = ("downstream", "upstream")


def lineage(request: HttpRequest, key: str) -> HttpResponse:
    """Answer the question that the address asks."""
    check_parameters(set(request.GET), PARAMETERS)
    edition = _whole_number("edition", request.GET.get("edition", ""))
    question = read_question(root_record(key, edition), request.GET)
    page = LineagePage(ask(question), request.GET.urlencode())
    context = {
        "page": page,
        "record": question.root,
        "kinds": [KINDS[code] for code in KINDS if code in ARTIFACTS],
        "predicates": LINEAGE.values(),
        "statuses": MIN_STATUSES,
    }
    return render(request, "lineage/page.html", context)


def read_question(root: Record, given: QueryDict) -> Question:
    """Read a question from the parameters of an address.

    Raises InvalidInput, with a sentence, for a value that is none.
    """
    return Question(
        root=root,
        direction=_direction(given.get("direction", ""), root),
        kinds=frozenset(filter(None, given.getlist("kind"))),
        predicates=frozenset(filter(None, given.getlist("predicate"))),
        min_status=given.get("min_status", ""),
        depth=_whole_number("depth", given.get("depth", "")),
        on=read_day(given.get("on", "")),
        edition=_whole_number("edition", given.get("edition", "")),
    )


def _direction(text: str, root: Record) -> Direction:
    """Products are read upstream unless the address says otherwise: what is in the tank."""
    if not text:
        return "upstream" if root.kind == "product" else "downstream"
    for direction in _DIRECTIONS:
        if text == direction:
            return direction
    raise InvalidInput("A direction is downstream or upstream.")


def _whole_number(name: str, text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.removeprefix("-").isdecimal() and len(text) < 19):
        raise InvalidInput(f"{name}: “{text[:20]}” is not a whole number.")
    return int(text)
