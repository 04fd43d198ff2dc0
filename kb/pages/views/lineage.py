"""Lineage pages: what inherits a record, or what it is built on, as a picture and as tables with the evidence of every step."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from kb.core.errors import InvalidInput
from kb.exchange.exporters.lineage_picture import Drawing, draw
from kb.lineage.ask import MIN_STATUSES, Answer, Question, ask, named_records, read_day, root_record, usual_direction
from kb.lineage.graph import Direction
from kb.pages.built_on import built_on
from kb.pages.lineage_page import LineagePage
from kb.pages.reading import whole_number
from kb.pages.steps_page import StepsPage
from kb.records.filters import check_parameters
from kb.records.kinds import ARTIFACTS, KINDS
from kb.records.models import Record
from kb.records.queries import find_record, speaker

LIMITS = {"predicate", "min_status", "depth", "on", "edition"}
QUESTION = LIMITS | {"direction", "kind", "record"}
PARAMETERS = QUESTION | {"trace", "leads"}
_DIRECTIONS: tuple[Direction, ...] = ("downstream", "upstream")


def lineage(request: HttpRequest, key: str) -> HttpResponse:
    """Answer the question that the address asks."""
    check_parameters(set(request.GET), PARAMETERS)
    answer, drawing = drawn(key, request.GET)
    page = LineagePage(answer, drawing, request.GET)
    context = {
        "page": page,
        "record": answer.root,
        "up": built_on(answer),
        "kinds": [KINDS[code] for code in KINDS if code in ARTIFACTS],
        "statuses": MIN_STATUSES,
    }
    return render(request, "lineage/page.html", context)


def steps(request: HttpRequest, key: str) -> HttpResponse:
    """Show the numbered steps of the answer to the same question as rows, page by page."""
    check_parameters(set(request.GET), QUESTION | {"page"})
    page = StepsPage(_answer(key, request.GET), request.GET)
    return render(request, "lineage/steps.html", {"steps": page, "page": page.page, "record": page.answer.root})


def picture_svg(request: HttpRequest, key: str) -> HttpResponse:
    """Give the picture of the same question as an SVG file that stands alone."""
    check_parameters(set(request.GET), PARAMETERS)
    drawing = drawn(key, request.GET)[1]
    response = HttpResponse(drawing.svg_file, content_type="image/svg+xml; charset=utf-8")
    # Its style sheet is part of the file: a reader who opens it alone must see it.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    return _named(response, drawing, "svg")


def picture_png(request: HttpRequest, key: str) -> HttpResponse:
    """Give the picture of the same question as a PNG file."""
    check_parameters(set(request.GET), PARAMETERS)
    drawing = drawn(key, request.GET)[1]
    return _named(HttpResponse(drawing.png_file, content_type="image/png"), drawing, "png")


def _named(response: HttpResponse, drawing: Drawing, ending: str) -> HttpResponse:
    name = f"{drawing.answer.root.slug}-{drawing.answer.question.direction}-edition-{drawing.answer.edition}.{ending}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def drawn(key: str, given: QueryDict) -> tuple[Answer, Drawing]:
    """Answer the question of an address, and draw the answer."""
    answer = _answer(key, given)
    trace = speaker(find_record(traced)) if (traced := given.get("trace", "")) else None
    return answer, draw(answer, leads=_switch("leads", given.get("leads", "")), trace=trace)


def _answer(key: str, given: QueryDict) -> Answer:
    edition = whole_number("edition", given.get("edition", ""))
    return ask(read_question(root_record(key, edition), given), whole=False)


def _switch(name: str, text: str) -> bool:
    if text not in {"", "0", "1"}:
        raise InvalidInput(f"{name} is 1 or 0.")
    return text == "1"


def read_question(root: Record, given: QueryDict) -> Question:
    """Read a question from the parameters of an address.

    Raises InvalidInput, with a sentence, for a value that is none.
    """
    return Question(
        root=root,
        direction=read_direction(given.get("direction", ""), root),
        kinds=frozenset(filter(None, given.getlist("kind"))),
        records=named_records(filter(None, given.getlist("record"))),
        predicates=frozenset(filter(None, given.getlist("predicate"))),
        min_status=given.get("min_status", ""),
        depth=whole_number("depth", given.get("depth", "")),
        on=read_day(given.get("on", "")),
        edition=whole_number("edition", given.get("edition", "")),
    )


def read_direction(text: str, root: Record) -> Direction:
    """Read a direction. Products are read upstream unless the address says otherwise: what is in the tank."""
    if not text:
        return usual_direction(root)
    for direction in _DIRECTIONS:
        if text == direction:
            return direction
    raise InvalidInput("A direction is downstream or upstream.")
