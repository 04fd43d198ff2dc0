"""Reading answers in tests: their JSON, and whether they are as the schema says."""

import re
from typing import Any

from django.test import Client
from jsonschema import Draft202012Validator

from kb.api.schema import description


def get(api: Client, address: str, status: int = 200) -> Any:
    """Return the JSON of an address, which must answer with this status."""
    answer = api.get(address)
    assert answer.status_code == status, answer.content[:500]
    return answer.json()


def problem(api: Client, address: str, status: int, method: str = "get") -> str:
    """Return the sentence of a problem, checking that it is one as RFC 9457 describes."""
    answer = getattr(api, method)(address)
    assert answer.status_code == status, answer.content[:500]
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "instance"}
    assert body["status"] == status
    return str(body["detail"])


def check_against_schema(path: str, answer: Any) -> None:
    """Fail unless the answer of an address is as the schema says."""
    schema = description()
    template = next(one for one in schema["paths"] if re.fullmatch(re.sub(r"{\w+}", "[^/]+", one), path))
    content = schema["paths"][template]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    document = _with_nulls({"components": schema["components"], **content})
    faults = [f"{fault.json_path}: {fault.message[:200]}" for fault in Draft202012Validator(document).iter_errors(answer)]
    assert not faults, faults[:5]


def _with_nulls(schema: Any) -> Any:
    """Turn OpenAPI 3.0's `nullable` into what JSON Schema means by it."""
    if isinstance(schema, list):
        return [_with_nulls(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _with_nulls(one) for name, one in schema.items() if name != "nullable"}
    return {"anyOf": [found, {"type": "null"}]} if schema.get("nullable") is True else found
