"""From typed dictionaries to OpenAPI: the annotations that mypy checks the answers against are also their schema.

An annotation may carry a description and the vocabulary whose codes are its values.
"""

from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints, is_typeddict

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import Direction

from kb.core.vocabulary import Vocabulary

Schema = dict[str, Any]
_BASIC: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}


class TypedDictShape(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Describe a typed dictionary as a component."""

    @classmethod
    def _matches(cls, target: Any) -> bool:
        return is_typeddict(target)

    def get_name(self, auto_schema: AutoSchema, direction: Direction) -> str:
        """Name the component as the class is named."""
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> Schema:
        """Describe the class with all its fields."""
        hints = get_type_hints(self.target, include_extras=True)
        return {
            "type": "object",
            "description": self.target.__doc__,
            "properties": {name: _describe(hint, auto_schema) for name, hint in hints.items()},
            "additionalProperties": False,
            **({"required": sorted(self.target.__required_keys__)} if self.target.__required_keys__ else {}),
        }


def _describe(hint: Any, auto_schema: AutoSchema) -> Schema:
    origin = get_origin(hint)
    if origin in _COMPOSED:
        return _COMPOSED[origin](hint, auto_schema)
    if is_typeddict(hint):
        return dict(auto_schema.resolve_serializer(hint, "response").ref)
    return {} if hint is Any else {"type": _BASIC[hint]}


def _annotated(hint: Any, auto_schema: AutoSchema) -> Schema:
    inner, *notes = get_args(hint)
    schema = _describe(inner, auto_schema)
    for note in notes:
        if isinstance(note, Vocabulary):
            nullable = schema.get("nullable", False)
            schema = {"allOf": [_enumeration(note, auto_schema)], **({"nullable": True} if nullable else {})}
        else:
            schema = (schema if "$ref" not in schema else {"allOf": [schema]}) | {"description": note}
    return schema


def _union(hint: Any, auto_schema: AutoSchema) -> Schema:
    schemas = [_describe(part, auto_schema) for part in get_args(hint) if part is not NoneType]
    nullable = NoneType in get_args(hint)
    if not nullable:
        return {"anyOf": schemas}
    if len(schemas) == 1 and "$ref" not in schemas[0]:
        return schemas[0] | {"nullable": True}
    return {("allOf" if len(schemas) == 1 else "anyOf"): schemas, "nullable": True}


def _enumeration(vocabulary: Vocabulary, auto_schema: AutoSchema) -> Mapping[str, Any]:
    """Describe a vocabulary as a component of its own."""
    name = "".join(word.capitalize() for word in vocabulary.name.replace("-", " ").split()) + "Code"
    component = ResolvedComponent(  # type: ignore[no-untyped-call]
        name=name,
        type=ResolvedComponent.SCHEMA,
        schema={
            "type": "string",
            "enum": list(vocabulary),
            "description": "\n".join(f"* `{term.code}` - {term.label}" for term in vocabulary.values()),
        },
        object=vocabulary.name,
    )
    auto_schema.registry.register_on_missing(component)
    return component.ref


def _list(hint: Any, auto_schema: AutoSchema) -> Schema:
    return {"type": "array", "items": _describe(get_args(hint)[0], auto_schema)}


def _mapping(hint: Any, auto_schema: AutoSchema) -> Schema:
    return {"type": "object", "additionalProperties": _describe(get_args(hint)[1], auto_schema)}


_COMPOSED: dict[Any, Callable[[Any, AutoSchema], Schema]] = {
    Annotated: _annotated, Union: _union, UnionType: _union, list: _list, dict: _mapping,
}  # fmt: skip
