"""Functions that walk a JSON Schema."""

from collections.abc import Iterator
from typing import Any, cast

Path = tuple[str | int, ...]


def objects(node: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every object in a JSON document, including the document itself, with its path."""
    if isinstance(node, dict):
        yield path, cast("dict[str, Any]", node)
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, below in steps:
        yield from objects(below, (*path, step))


def plain(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a nullable field's value."""
    return next((one for one in schema["anyOf"] if one.get("type") != "null"), schema) if "anyOf" in schema else schema


def below(schema: dict[str, Any], step: str | int) -> dict[str, Any]:
    """The schema of a property or an item."""
    schema = plain(schema)
    return plain(schema["items"] if isinstance(step, int) else schema["properties"][step])


def inline(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with every reference to its `$defs` replaced by the definition."""
    definitions = schema.pop("$defs", {})

    def resolve(node: Any) -> Any:
        if isinstance(node, dict):
            if "$ref" in node:
                return resolve(definitions[node["$ref"].rsplit("/", 1)[-1]])
            return {key: resolve(value) for key, value in node.items()}
        return [resolve(one) for one in node] if isinstance(node, list) else node

    return resolve(schema)
