"""OpenAPI: what the rows of a service say of their requests and answers, as JSON Schema."""

import inspect
from typing import Any

from pydantic import TypeAdapter

from shared.domain.aggregate import Aggregate
from shared.service.rows import Change
from shared.service.work import adapter

JSON = "application/json"
Schema = dict[str, Any]
OPTIONAL_TEXT: Schema = {"anyOf": [{"type": "string"}, {"type": "null"}]}


def shown(gives: Any) -> Schema:
    """A response for OpenAPI: an aggregate with its version, or any type that pydantic knows."""
    description = "the aggregate as it is now" if _is_document(gives) else "the answer"
    return {"description": description, "content": {JSON: {"schema": _schema_of(gives)}}}


def shown_page(kind: type[Aggregate]) -> Schema:
    """The response of a list."""
    properties = {
        "items": {"type": "array", "items": _schema_of(kind)},
        "next": {**OPTIONAL_TEXT, "description": "the cursor of the next page; null at the end"},
    }
    schema = {"type": "object", "required": list(properties), "properties": properties}
    return {"description": "a page", "content": {JSON: {"schema": schema}}}


def body_of(row: Change) -> Schema | None:
    """The request body of a command, for OpenAPI: the command without what stands in the path; None for none."""
    schema = _closed(inline(row.ask.model_json_schema()))
    fields = {name: one for name, one in schema.get("properties", {}).items() if name not in row.path_fields}
    if not fields:
        return None
    required = [name for name in schema.get("required", []) if name in fields]
    said = {**schema, "properties": fields, "required": required}
    return {"required": bool(required), "content": {JSON: {"schema": said}}}


def described(row: Change) -> str:
    """What a command does, who may, and what it publishes."""
    events = ", ".join(f"`{event.type}`" for event in row.emits)
    needs = " or ".join(f"`{role}`" for role in sorted(row.may))
    return f"{inspect.getdoc(row.run) or ''}\n\nNeeds the role {needs}. Publishes {events or 'nothing'}."


def _schema_of(gives: Any) -> Schema:
    if not _is_document(gives):
        return inline(TypeAdapter(gives).json_schema(mode="serialization"))
    schema = inline(adapter(gives).json_schema(mode="serialization"))
    version = {"type": "integer", "description": "rises with every change; the ETag"}
    return {
        **schema,
        "properties": schema["properties"] | {"version": version},
        "required": [*schema.get("required", []), "version"],
    }


def _is_document(gives: Any) -> bool:
    return isinstance(gives, type) and issubclass(gives, Aggregate)


def inline(schema: Schema) -> Schema:
    """The schema without `$defs`, for a place where references have nowhere to point to."""
    definitions = schema.pop("$defs", {})

    def resolve(node: Any) -> Any:
        if isinstance(node, dict):
            if "$ref" in node:
                return resolve(definitions[node["$ref"].rsplit("/", 1)[-1]])
            return {key: resolve(value) for key, value in node.items()}
        return [resolve(one) for one in node] if isinstance(node, list) else node

    return resolve(schema)


def _closed(node: Any) -> Any:
    """The schema with unknown names refused at every depth."""
    if isinstance(node, list):
        return [_closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    found = {key: _closed(value) for key, value in node.items()}
    return {**found, "additionalProperties": False} if isinstance(found.get("properties"), dict) else found
