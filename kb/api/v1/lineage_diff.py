"""What changed in the lineage of a record, between two editions or two days."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api.resource import Resource
from kb.core.clock import today
from kb.core.errors import InvalidInput
from kb.exchange.exporters.diff_json import DiffAnswer, diff_answer
from kb.lineage.ask import root_record
from kb.lineage.ask_diff import ask_diff, read_span
from kb.lineage.graph import Direction

_DIRECTIONS: tuple[Direction, ...] = ("downstream", "upstream")
_BOUNDS = ("from", "to", "from_date", "to_date")


def _parameter(name: str, words: str, kind: type = str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=words)


PARAMETERS = [
    OpenApiParameter(
        "direction", str, OpenApiParameter.QUERY, description="What was made of the record, or what it was made of.",
        enum=_DIRECTIONS, default="downstream",
    ),
    _parameter("from", "The earlier edition; without it the one that recorded the root.", int),
    _parameter("to", "The later edition; without it the newest.", int),
    _parameter("from_date", "The earlier day, YYYY, YYYY-MM or YYYY-MM-DD. Not together with editions."),
    _parameter("to_date", "The later day; without it today."),
]  # fmt: skip


class Diff(Resource):
    """What changed in between."""

    known = frozenset(parameter.name for parameter in PARAMETERS)

    def stamp(self) -> str:
        """Without a later day, today is meant."""
        return f"{super().stamp()} {today()}"

    @extend_schema(parameters=PARAMETERS, responses=DiffAnswer)
    def get(self, request: Request, key: str) -> Response:
        """Return the artifacts and steps that the lineage of a record gained, lost and saw changed.

        Editions compare what Upstream knew; days compare what was so in the world, as the newest edition knows it.
        """
        given = request.query_params
        wanted = given.get("direction") or "downstream"
        direction = next((one for one in _DIRECTIONS if one == wanted), None)
        if direction is None:
            raise InvalidInput("A direction is downstream or upstream.")
        root = root_record(key)
        span = read_span(root, {name: given.get(name, "") for name in _BOUNDS})
        return Response(diff_answer(ask_diff(root, direction, span)))
