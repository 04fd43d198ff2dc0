"""Two artifacts side by side."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api.resource import Resource
from kb.exchange.exporters.compare_json import CompareAnswer, compare_answer
from kb.lineage.compare import compare
from kb.lineage.named import one_artifact

_WORDS = "Id, slug or name of the {} artifact. A name that several records bear is refused, with their ids."
PARAMETERS = [
    OpenApiParameter(name, str, OpenApiParameter.QUERY, description=_WORDS.format(place), required=True)
    for name, place in (("a", "first"), ("b", "second"))
]


class Compare(Resource):
    """Two artifacts."""

    known = frozenset(parameter.name for parameter in PARAMETERS)

    @extend_schema(parameters=PARAMETERS, responses=CompareAnswer)
    def get(self, request: Request) -> Response:
        """Return what two datasets, models or products are built on, together and alone, and the issues that reach each.

        Issues stand by class and are never added up; leads stand apart.
        """
        a, b = (one_artifact(request.query_params.get(name, ""), name) for name in ("a", "b"))
        return Response(compare_answer(compare(a, b)))
