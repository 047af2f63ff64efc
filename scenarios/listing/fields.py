"""Describes the fields of steps and documents in plain words, from their JSON Schemas."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scenarios.notation import A_DAY, A_TIME, A_YEAR, AN_ID

Schema = Mapping[str, Any]
KINDS = {"array": "list", "integer": "whole number", "boolean": "true or false", "object": "mapping"}
BILINGUAL = {"en", "zh"}


def step_fields(schema: Schema, definitions: Schema) -> Iterator[tuple[str, str]]:
    """Each field of a use case with its values; optional ones are marked."""
    required = schema.get("required", [])
    for name, field in schema.get("properties", {}).items():
        optional = "" if name in required else " (optional)"
        about = _about(field)
        yield f"{name}{optional}", f"{_held(field, definitions)}{f'. {about}' if about else ''}"


def _about(field: Schema) -> str:
    """What the field's own description says beyond its kind."""
    about = " ".join(field.get("description", "").split())
    for words in (AN_ID, A_DAY, A_TIME, A_YEAR):
        about = about.replace(f"Write {words}.", "")
    return about.strip().rstrip(".")


def _held(field: Schema, definitions: Schema) -> str:
    """What a field of a step holds."""
    for words, name in ((AN_ID, "id"), (A_DAY, "day"), (A_TIME, "time"), (A_YEAR, "academic year")):
        if words in field.get("description", ""):
            return name
    if "$ref" in field:
        return _held(_definition(field, definitions), definitions)
    if "enum" in field:
        return one_of(field["enum"])
    kinds = [field["type"]] if isinstance(field.get("type"), str) else field.get("type", [])
    if "array" in kinds:
        return f"list of {_held(field['items'], definitions)}"
    if "properties" in field:
        return _mapping(field, definitions)
    return next((name for kind, name in KINDS.items() if kind in kinds), "text")


def _mapping(field: Schema, definitions: Schema) -> str:
    if set(field["properties"]) == BILINGUAL:
        return "text in en, zh, or both"
    required = field.get("required", [])
    parts = (
        f"{name}: {_held(each, definitions)}{'' if name in required else ' (optional)'}"
        for name, each in field["properties"].items()
    )
    return f"{{{'; '.join(parts)}}}"


def document_fields(schema: Schema) -> Iterator[tuple[str, str]]:
    """Each field of a document with its values."""
    definitions = schema.get("$defs", {})
    for name, field in schema["properties"].items():
        yield name, "id" if name == "id" or name.endswith("_id") else _shown(field, definitions) or _kind(field)


def _shown(field: Schema, definitions: Schema) -> str:
    """What a field of a document shows; empty for a plain text or number."""
    real = next(each for each in field.get("anyOf", [field]) if each != {"type": "null"})
    if "$ref" in real:
        return _inline(_definition(real, definitions), definitions)
    for key, kind in (("items", "list"), ("additionalProperties", "mapping")):
        if isinstance(real.get(key), Mapping):
            by, each = (_shown(real.get(part, {}), definitions) for part in ("propertyNames", key))
            return f"{kind}{by and f' by {by}'}{each and f' of {each}'}"
    return {"uuid": "id", "date": "day"}.get(real.get("format", ""), "")


def _kind(field: Schema) -> str:
    real = next(each for each in field.get("anyOf", [field]) if each != {"type": "null"})
    return KINDS.get(real.get("type", ""), "text")


def _inline(definition: Schema, definitions: Schema) -> str:
    if "enum" in definition:
        return one_of(definition["enum"])
    fields = definition.get("properties", {})
    if set(fields) == BILINGUAL:
        return "text in en, zh"
    lists = {name: _shown(each, definitions) for name, each in fields.items() if "$ref" in each}
    shown = (f"{n} ({lists[n]})" if lists.get(n, "").startswith("one of") else n for n in fields)
    return f"{{{', '.join(shown)}}}"


def _definition(field: Schema, definitions: Schema) -> Schema:
    return definitions[field["$ref"].rsplit("/", 1)[-1]]


def one_of(values: Iterable[object]) -> str:
    """A closed list."""
    return f"one of {', '.join(map(str, values))}"
