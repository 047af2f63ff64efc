"""Mistakes of a scenario file against its schema: which field, and what is allowed instead."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import jsonschema_rs

from scenarios.reading.mistakes import MOST, Mistake, place, suggestion
from scenarios.reading.yaml_hints import hint_on_name
from scenarios.story import CALL_FIELDS, Path, use_cases_of

NAMES = {"object": "a mapping", "array": "a list", "string": "a text", "number": "a number",
         "integer": "a whole number", "null": "null"}  # fmt: skip


def schema_mistakes(schema: Mapping[str, Any], file: object) -> list[Mistake]:
    """All mistakes of a file against the schema."""
    errors = list(jsonschema_rs.Draft202012Validator(dict(schema)).iter_errors(file))
    unexpected = {tuple(e.instance_path) for e in errors if e.kind.name == "additionalProperties"}
    # A misspelt name is one mistake, not a second time "none of these is there".
    distinct = [e for e in errors if not (e.kind.name == "oneOf" and tuple(e.instance_path) in unexpected)]
    return [mistake for error in distinct for mistake in _mistakes(schema, error)]


def _mistakes(schema: Mapping[str, Any], error: jsonschema_rs.ValidationError) -> Iterable[Mistake]:
    at: Path = tuple(error.instance_path)
    node = _node(schema, error.schema_path)
    match error.kind.name:
        case "additionalProperties":
            for name in error.kind.unexpected:  # pyright: ignore[reportAttributeAccessIssue]
                yield Mistake((*at, name), f"field {name!r}: there is no such field here; {_meant(name, node, error)}")
        case "required":
            name = error.kind.property  # pyright: ignore[reportAttributeAccessIssue]
            missing = Mistake(at, f"field {name!r}: it is missing; {_allowed(schema, _field(node, name))}")
            yield from _misplaced(node, name, error) or [missing]
        case "propertyNames":
            name = error.kind.error.instance  # pyright: ignore[reportAttributeAccessIssue]
            yield Mistake((*at, name), f"field {name!r}: this name is not allowed; {_allowed(schema, node)}")
        case "oneOf" if sentence := _wrong_calls(error.instance):
            yield Mistake(at, f"{place(at)}: {sentence}")
        case _:
            allowed = _allowed(schema, node, error.instance)
            yield Mistake(at, f"{place(at)}: {_shown(error.instance)} is not allowed; {allowed}")


def _wrong_calls(step: object) -> str:
    """The mistake of a step or call with several use cases, or with a field beside its calls; else nothing."""
    if not isinstance(step, Mapping) or not {"step", "as"} & step.keys():
        return ""
    names = use_cases_of(step)
    group = ["at_the_same_time"] if "at_the_same_time" in step else []
    if len(names + group) > 1:
        several = " and ".join(names + group)
        return f"it has both {several}; make a step of each, or write both calls under `at_the_same_time`"
    beside = " and ".join(f"`{name}`" for name in step if name in CALL_FIELDS)
    return f"write {beside} within each call of `at_the_same_time`" if group and beside else ""


def _misplaced(node: Mapping[str, Any], missing: str, error: jsonschema_rs.ValidationError) -> list[Mistake]:
    """Fields that belong to `missing` and stand beside another of the names of which one is written."""
    names = [each["required"][0] for each in node.get("oneOf", [])]
    there = next((name for name in names if name in error.instance), None)
    if missing not in names or there is None:
        return []
    inside = _field(node, there).get("properties", {})
    return [
        Mistake(
            (*error.instance_path, name),
            f"field {name!r}: write it within `{there}`, as in `{there}: {{…, {name}: …}}`" if name in inside
            else f"field {name!r}: it belongs to `{missing}`, not to `{there}`",
        )
        for name, needed in node["dependentRequired"].items() if missing in needed and name in error.instance
    ]  # fmt: skip


def _node(schema: Mapping[str, Any], path: Sequence[str | int]) -> Mapping[str, Any]:
    """The schema that has the violated keyword, which is the last of `path`."""
    node: Any = schema
    for name in path[:-1]:
        node = node[name]
        while isinstance(node, Mapping) and "$ref" in node and name != "$ref":
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    return node if isinstance(node, Mapping) else {}


def _field(node: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return node.get("properties", {}).get(name, {})


def _meant(name: str, node: Mapping[str, Any], error: jsonschema_rs.ValidationError) -> str:
    known = list(node.get("properties", {}))
    empty = isinstance(error.instance, Mapping) and error.instance.get(name) is None
    near = difflib.get_close_matches(name, known, 1)
    return hint_on_name(name, is_text=empty and not near) or suggestion(name, known)


def _allowed(schema: Mapping[str, Any], node: Mapping[str, Any], value: object = None) -> str:
    """What a schema allows, in words; where one of several names must be there, the one that `value` nearly has."""
    if "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    if "enum" in node:
        names = [str(each) for each in node["enum"]]
        return suggestion(str(value), names) if len(names) > MOST else f"allowed: {', '.join(names)}"
    if near := _nearly(node, value):
        return f"did you mean {near!r}?"
    if "Write" in node.get("description", ""):
        return "write" + node["description"].partition("Write")[2].rstrip(".")
    kinds = node.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "object" in kinds and "properties" in node:
        return f"allowed: a mapping with {', '.join(node['properties'])}"
    if "array" in kinds and "string" in kinds:
        return f"allowed: a list{_limits(node)}, or a reference to one"
    return f"allowed: {' or '.join(NAMES[kind] for kind in kinds)}{_limits(node)}"


def _limits(node: Mapping[str, Any]) -> str:
    words = {"minimum": "at least", "exclusiveMinimum": "more than", "maximum": "at most", "minItems": "at least",
             "maxItems": "at most", "minLength": "at least", "maxLength": "at most"}  # fmt: skip
    unit = {"minItems": " entries", "maxItems": " entries", "minLength": " characters", "maxLength": " characters"}
    limits = [f"{word} {node[key]}{unit.get(key, '')}" for key, word in words.items() if key in node]
    form = [f"of the form {node['pattern']}"] if "pattern" in node and "array" not in node.get("type", "") else []
    return f", {', '.join(limits + form)}" if limits or form else ""


def _nearly(node: Mapping[str, Any], value: object) -> str | None:
    """The name that is nearly there, where one of several must be and none is."""
    names = [each["required"][0] for each in node.get("oneOf", [])]
    there = list(map(str, value)) if isinstance(value, Mapping) else []
    if not names or not set(names).isdisjoint(there):
        return None
    return next((near[0] for name in there if (near := difflib.get_close_matches(name, names, 1))), None)


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return f"a mapping with {', '.join(map(str, value)) or 'nothing'}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return repr(value) if value is not None else "nothing"
