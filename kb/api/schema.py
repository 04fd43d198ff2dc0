"""The OpenAPI description: the hook that adds problem answers, and the description itself, made once for a process."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from kb.api import shapes

Schema = dict[str, Any]
SHAPES = (shapes.TypedDictShape,)
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
    },
}
_ANSWERS = {
    "400": "A parameter is unknown or has a value that it does not take.",
    "404": "There is no such record, page or address.",
    "410": "The record was withdrawn; the answer says when and why.",
    "405": "The API is read with GET, HEAD and OPTIONS.",
}


def add_problem_answers(result: Schema, generator: SchemaGenerator, request: object, public: bool) -> Schema:
    """Add what every address may answer instead: problems, and the 304 of a reader who has the answer."""
    result["components"]["schemas"]["Problem"] = _PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for methods in result["paths"].values():
        for operation in methods.values():
            operation["responses"]["304"] = {"description": "The answer with this ETag is still the newest."}
            operation["responses"] |= {code: {"description": words, "content": content} for code, words in _ANSWERS.items()}
    return result


@cache
def description() -> Schema:
    """Return the OpenAPI description of the whole API."""
    found: Schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found
