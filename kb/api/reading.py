"""The OpenAPI description turned into what the page for people shows: families, addresses, parameters, fields."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]
_SHOWN_VALUES = 12
_ROOT = "root"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter."""

    name: str
    words: str
    values: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an answer."""

    name: str
    form: str
    words: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One address, and what is done with it."""

    method: str
    path: str
    anchor: str
    words: str
    parameters: tuple[Parameter, ...]
    sent: tuple[Field, ...]
    answer: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Addresses that belong together."""

    name: str
    operations: tuple[Operation, ...]


def operations(described: Schema) -> list[Family]:
    """Return the addresses by family, in the order of the description."""
    families: dict[str, list[Operation]] = {}
    for path, methods in described["paths"].items():
        name = path.removeprefix("/api/v1/").split("/")[0] or _ROOT
        families.setdefault(name, []).extend(_operation(path, method, one, described) for method, one in methods.items())
    return [Family(name, tuple(found)) for name, found in families.items()]


def _operation(path: str, method: str, one: Schema, described: Schema) -> Operation:
    component = _answer(one, described)
    sent = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return Operation(
        method=method.upper(),
        path=path,
        anchor=one["operationId"],
        words=one.get("description", ""),
        parameters=tuple(_parameter(each) for each in one.get("parameters", ()) if each["in"] != "path"),
        sent=tuple(_fields(_target(sent), described)) if sent else (),
        answer=component,
        fields=tuple(_fields(component, described)),
    )


def _parameter(one: Schema) -> Parameter:
    schema = one["schema"]
    values = schema.get("enum") or schema.get("items", {}).get("enum") or ()
    shown = ", ".join(str(value) for value in values[:_SHOWN_VALUES])
    words = one.get("description", "").partition("\n")[0]
    return Parameter(one["name"], words, f"{shown}, …" if len(values) > _SHOWN_VALUES else shown)


def _answer(one: Schema, described: Schema) -> str:
    """Return the component that an address answers with: for lists, the component of a row."""
    answers = one["responses"]
    schema = (answers.get("200") or answers["202"])["content"]["application/json"]["schema"]
    name = _target(schema)
    rows = described["components"]["schemas"][name]["properties"].get("results")
    return _target(rows["items"]) if rows else name


def _target(schema: Schema) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _fields(component: str, described: Schema) -> Iterator[Field]:
    for name, schema in described["components"]["schemas"][component]["properties"].items():
        yield Field(name, _form(schema), schema.get("description", ""))


def _form(schema: Schema) -> str:
    """Say in a few words what a field holds."""
    parts = [schema] if "$ref" in schema else schema.get("allOf") or schema.get("anyOf") or []
    if parts:
        form = " or ".join(_target(part) if "$ref" in part else str(part["type"]) for part in parts)
    elif schema["type"] == "array":
        form = f"list of {_form(schema['items'])}"
    elif "type" not in schema:
        form = "any value"
    else:
        form = "object" if schema["type"] == "object" else str(schema["type"])
    return f"{form} or null" if schema.get("nullable") else form
