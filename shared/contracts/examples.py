"""Examples: the body of an event, put together from the examples that stand beside its fields; the same at every run.

Where a field has none, its schema gives one: an id made from the field's name, the first of a closed list, a day.
"""

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import ValidationError

from shared.contracts.event import Event, Tombstone


def _id(of: str) -> str:
    # The bits of a version 7, as real ids have them, over a hash: always the same for the same words.
    number = uuid5(NAMESPACE_URL, f"urn:entente:example:{of}").int
    number = number & ~(0xF << 76) | 0x7 << 76
    return str(UUID(int=number & ((1 << 80) - 1) | 0x019A_B4C8_0000 << 80))


BIRMINGHAM, NANJING = _id("birmingham"), _id("nanjing")
FORMATS: Mapping[str, str] = {"date": "2027-01-01", "date-time": "2026-11-24T09:00:00Z"}


def example(event: type[Event]) -> Any:
    """A body of `event` as it stands on the topic: valid JSON values; None for an erasure, which has no body.

    Raises pydantic's ValidationError when a field needs a value that its schema does not give.
    """
    if issubclass(event, Tombstone):
        return None
    schema = event.model_json_schema()
    body = _value(event.__name__, schema, schema.get("$defs", {}))
    try:
        return event.model_validate(body).model_dump(mode="json")
    except ValidationError as wrong:
        wrong.add_note(f"Give the field an example where {event.__name__} defines it: `Field(examples=[…])`.")
        raise


def _value(field: str, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Any:
    """A value that fits `schema`; `field` is the name of the field."""
    match schema:
        case {"examples": [value, *_]} | {"const": value} | {"enum": [value, *_]}:
            return value
        case {"$ref": reference}:
            return _value(field, definitions[reference.rpartition("/")[2]], definitions)
        case {"anyOf": [first, *_]}:
            return _value(field, first, definitions)
        case {"properties": properties}:
            return {name: _value(name, below, definitions) for name, below in properties.items()}
        case {"type": "object", "additionalProperties": dict(below)}:
            return {organisation: _value(field, below, definitions) for organisation in (BIRMINGHAM, NANJING)}
        case {"type": "array", "items": dict(below)}:
            return [_value(field, below, definitions)]
        case _:
            return _scalar(field, schema)


def _scalar(field: str, schema: Mapping[str, Any]) -> Any:
    match schema:
        case {"format": "uuid"}:
            return _id(field.removesuffix("_id"))
        case {"format": known} if known in FORMATS:
            return FORMATS[known]
        case {"type": "integer" | "number"}:
            return schema.get("minimum", 1)
        case {"type": "boolean"}:
            return True
        case _:
            return "example"
