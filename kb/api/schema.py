"""The OpenAPI description: the hook that adds problem answers, and the description itself, made once for a process."""

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from kb.api import shapes

Schema = dict[str, Any]
SHAPES = (shapes.TypedDictShape,)
# What only a token or a receipt opens.
_PRIVATE = "/api/v1/proposals/"
_PROBLEM: Schema = {
    "type": "object",
    "description": "An error as RFC 9457 describes it; `detail` is one sentence for people.",
    "required": ["type", "title", "status", "detail", "instance"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "tombstone": {
            "type": "object",
            "description": "With status 410: what is left to be known of a withdrawn record. An empty reason was purged.",
            "required": ["id", "name", "date", "reason"],
            "additionalProperties": False,
            "properties": {name: {"type": "string"} for name in ("id", "name", "date", "reason")},
        },
        "rule": {"type": "string", "description": "With status 422: the rule of the guard by which a text was discarded."},
        "advice": {"type": "string", "description": "With status 422: what to do about material of that kind."},
        "report_to": {
            "type": "array",
            "description": "With status 422: hotlines.",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("name", "region", "url")},
            },
        },
    },
}
_ANSWERS = {
    "400": "A parameter is unknown or has a value that it does not take.",
    "404": "There is no such record, page or address.",
    "410": "The record was withdrawn; the answer says when and why.",
    "405": "The address does not take this method; the answer says which it takes.",
    "503": "The database is busy; the answer says what became of what was sent, Retry-After in how many seconds to try again.",
}
_OF_TOKENS = {
    "401": "A token is needed, or the one that was sent opens nothing.",
    "403": "The token lacks the scope.",
    "404": "There is no such address, or no such proposal of the sender's.",
}
_OF_SENDING = {
    "400": "What was sent is not JSON, has an unknown field or a value that does not fit.",
    "409": "It does not fit what is on record or the state of the proposal, or the Idempotency-Key was used for another request.",
    "413": "More than 1 MB was sent.",
    "415": "What was sent is not JSON.",
    "422": "A text broke a rule of the guard and was discarded; the answer names the rule and the hotlines.",
    "429": "Too much was sent within an hour; Retry-After says how many seconds to wait.",
}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a token is sent."""

    target_class = "kb.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> Schema:
        """Describe the header."""
        return {"type": "http", "scheme": "bearer", "description": "A token of your account: /account/tokens/."}


def add_problem_answers(result: Schema, generator: SchemaGenerator, request: object, public: bool) -> Schema:
    """Add what every address may answer instead: problems, and the 304 of a reader who has the answer."""
    result["components"]["schemas"]["Problem"] = _PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            if not path.startswith(_PRIVATE):
                operation["responses"]["304"] = {"description": "The answer with this ETag is still the newest."}
            answers = _answers(path, method).items()
            operation["responses"] |= {code: {"description": words, "content": content} for code, words in answers}
    return result


def _answers(path: str, method: str) -> dict[str, str]:
    if not path.startswith(_PRIVATE):
        return _ANSWERS
    return _ANSWERS | _OF_TOKENS | (_OF_SENDING if method == "post" else {})


@cache
def description() -> Schema:
    """Return the OpenAPI description of the whole API."""
    found: Schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found
