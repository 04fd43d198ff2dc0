"""Lineage: what was made from a record, what it was made from, and the paths between, with evidence for every step."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api.resource import Resource
from kb.core.errors import InvalidInput
from kb.exchange.exporters.lineage_csv import file_name, lineage_csv
from kb.exchange.exporters.lineage_json import LineageAnswer, lineage_answer
from kb.exchange.exporters.paths_json import PathsAnswer, paths_answer
from kb.ledger.history import check_edition
from kb.lineage.ask import MIN_STATUSES, Answer, Question, ask, named_records, read_day, root_record
from kb.lineage.ask_paths import paths_between, paths_to_products
from kb.lineage.graph import PREDICATE_CODES, Direction
from kb.lineage.paths import DEFAULT_PATHS, MOST_PATHS
from kb.records.kinds import ARTIFACTS
from kb.records.queries import head_and_search

FORMS = ("json", "csv")


def _parameter(name: str, words: str, kind: type = str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=words, **more)


QUESTION = (
    _parameter("kind", "Only artifacts of these kinds; several times or with commas.", enum=sorted(ARTIFACTS), many=True),
    _parameter("record", "Only these artifacts, by id or slug; several times or with commas, at most 60.", many=True),
    _parameter("predicate", "Follow only these relations; several times or with commas.", enum=PREDICATE_CODES, many=True),
    _parameter("min_status", "Follow only steps of at least this status.", enum=MIN_STATUSES),
    _parameter("depth", "At most this many steps. The answer then says that it is not complete.", int),
    _parameter("on", "As it was in the world on this date: YYYY, YYYY-MM or YYYY-MM-DD."),
    _parameter("edition", "As Upstream knew it at this edition.", int),
    _parameter("format", "csv gives one row for each step, for spreadsheets.", enum=FORMS, default="json"),
)
K = _parameter(
    "k", f"How many paths at most, from 1 to {MOST_PATHS}, best first. Only together with `to`.", int, default=DEFAULT_PATHS
)
TO = _parameter("to", "Id or slug of the record that paths shall lead to. Without it: the best path to each product.")


class _Lineage(Resource):
    """What the addresses of lineage share: how a question is read, and the two forms of an answer."""

    known = frozenset(parameter.name for parameter in QUESTION)

    def stamp(self) -> str:
        """An answer also says until when sources were searched."""
        return head_and_search()

    def question(self, request: Request, key: str, direction: Direction) -> Question:
        """Read the question that the address asks. Raises UserError."""
        given = request.query_params
        if given.get("format", "json") not in FORMS:
            raise InvalidInput("A format is json or csv.")
        edition = _whole_number("edition", given.get("edition", ""))
        if edition is not None:
            check_edition(edition)
        return Question(
            root=root_record(key, edition),
            direction=direction,
            kinds=_several(given.getlist("kind")),
            records=named_records(_several(given.getlist("record"))),
            predicates=_several(given.getlist("predicate")),
            min_status=given.get("min_status", ""),
            depth=_whole_number("depth", given.get("depth", "")),
            on=read_day(given.get("on", "")),
            edition=edition,
        )

    def answer_as(self, request: Request, answer: Answer, shape: Any) -> Response | HttpResponse:
        """Answer in the form that the address asks for."""
        if request.query_params.get("format") != "csv":
            return Response(shape)
        response = HttpResponse(lineage_csv(answer), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{file_name(answer)}"'
        return response


def _several(values: list[str]) -> frozenset[str]:
    return frozenset(part.strip() for value in values for part in value.split(",") if part.strip())


def _whole_number(name: str, text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.removeprefix("-").isdecimal() and len(text) < 19):
        raise InvalidInput(f"{name}: “{text[:20]}” is not a whole number.")
    return int(text)


_FORMS_OF_CLOSURE = {
    (200, "application/json"): LineageAnswer,
    (200, "text/csv"): OpenApiResponse(str, "One row for each step."),
}
_FORMS_OF_PATHS = {(200, "application/json"): PathsAnswer, (200, "text/csv"): OpenApiResponse(str, "One row for each step.")}


class Closure(_Lineage):
    """Everything that a record reaches in one direction."""

    direction: Direction = "downstream"

    @extend_schema(parameters=list(QUESTION), responses=_FORMS_OF_CLOSURE)
    def get(self, request: Request, key: str) -> Response | HttpResponse:
        """Return everything that a dataset, model or product reaches in this direction, with evidence for every step.

        An empty answer reads "No known path": it never says that there is none.
        """
        answer = ask(self.question(request, key, self.direction))
        return self.answer_as(request, answer, lineage_answer(answer))


class Paths(_Lineage):
    """Paths from a record to another one, or to every product."""

    known = _Lineage.known | {TO.name, K.name}

    @extend_schema(parameters=[TO, K, *QUESTION], responses=_FORMS_OF_PATHS)
    def get(self, request: Request, key: str) -> Response | HttpResponse:
        """Return how a record and another are joined: the best paths, and how many more there are.

        The way down is tried first, then the way up. Without `to`: the best path to each product.
        """
        question = self.question(request, key, "downstream")
        to, k = request.query_params.get("to", ""), _whole_number("k", request.query_params.get("k", ""))
        if k is not None and not to:
            raise InvalidInput("k is asked for together with a record to go to.")
        if to:
            found = paths_between(question, root_record(to, question.edition), DEFAULT_PATHS if k is None else k)
        else:
            found = paths_to_products(question)
        return self.answer_as(request, found.answer, paths_answer(found))
