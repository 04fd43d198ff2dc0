"""Issues on record that a filing might repeat: public records only."""

from typing import Annotated, Literal, TypedDict

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api.resource import Resource
from kb.core.errors import InvalidInput
from kb.exchange.exporters.reference import absolute
from kb.records.issue_codes import ISSUE_CODES
from kb.records.queries import find_record
from kb.review.filing import MOST_ARTIFACTS
from kb.review.similar import similar_issues

_LONGEST_TITLE = 300
_IN: Literal["query"] = "query"


class SimilarRow(TypedDict):
    """An issue on record that says much the same."""

    id: str
    name: str
    url: str


class SimilarIssues(TypedDict):
    """Issues on record, the likeliest first."""

    results: Annotated[list[SimilarRow], "At most eight."]


class Similar(Resource):
    """Issues on record that are like one that is being written."""

    known = frozenset({"title", "artifact", "code"})

    @extend_schema(
        responses=SimilarIssues, operation_id="v1_similar_issues",
        parameters=[
            OpenApiParameter("title", str, _IN, description="What was found, in a line of at most 300 characters."),
            OpenApiParameter("artifact", str, _IN, many=True, description="Ids or slugs of what it is about, at most 20."),
            OpenApiParameter("code", str, _IN, description="The kind of issue.", enum=list(ISSUE_CODES)),
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """List issues on record that share words of a title, artifacts, or both."""
        title, code = request.query_params.get("title", ""), request.query_params.get("code", "")
        artifacts = request.query_params.getlist("artifact")
        if len(title) > _LONGEST_TITLE:
            raise InvalidInput(f"title: has at most {_LONGEST_TITLE} characters.")
        if code and code not in ISSUE_CODES:
            raise InvalidInput("code: this is not an issue code.")
        if len(artifacts) > MOST_ARTIFACTS:
            raise InvalidInput(f"artifact: at most {MOST_ARTIFACTS}.")
        found = similar_issues(title, [find_record(key).id for key in artifacts], code)
        rows: list[SimilarRow] = [{"id": one.public_id, "name": one.name, "url": absolute(one.path)} for one in found]
        return Response({"results": rows})
