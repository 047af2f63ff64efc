"""What is wrong with a scenario file: where, which field, and what is allowed instead."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from scenarios.reading.yaml_hints import of_name

Path = tuple[str | int, ...]
MOST = 12
"""The names that are told where one was wrong: more, nobody would read."""
NAMES = {"object": "a mapping", "array": "a list", "string": "a text", "number": "a number",
         "integer": "a whole number", "null": "null"}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """Something wrong at a place of the file."""

    at: Path
    sentence: str


@dataclass(frozen=True, order=True)
class Located:
    """A fault with its place, lines and columns counted from 1."""

    file: str
    line: int
    column: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.sentence}"


class WrongScenario(Exception):
    """A scenario file is wrong; says everything that is."""

    def __init__(self, faults: Sequence[Located]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))


def schema_faults(schema: Mapping[str, Any], said: object) -> list[Fault]:
    """All faults of what a file says against the schema."""
    errors = list(jsonschema_rs.Draft202012Validator(dict(schema)).iter_errors(said))
    unexpected = {tuple(e.instance_path) for e in errors if e.kind.name == "additionalProperties"}
    # A misspelt name is told once, as that, and not again as "nothing of these is there".
    told = [e for e in errors if not (e.kind.name == "oneOf" and tuple(e.instance_path) in unexpected)]
    return [fault for error in told for fault in _faults(schema, error)]


def _faults(schema: Mapping[str, Any], error: jsonschema_rs.ValidationError) -> Iterable[Fault]:
    at: Path = tuple(error.instance_path)
    node = _node(schema, error.schema_path)
    match error.kind.name:
        case "additionalProperties":
            for name in error.kind.unexpected:  # pyright: ignore[reportAttributeAccessIssue]
                yield Fault((*at, name), f"field {name!r}: there is no such field here; {_meant(name, node, error)}")
        case "required":
            name = error.kind.property  # pyright: ignore[reportAttributeAccessIssue]
            yield Fault(at, f"field {name!r}: it is missing; {_allowed(schema, _field(node, name))}")
        case "propertyNames":
            name = error.kind.error.instance  # pyright: ignore[reportAttributeAccessIssue]
            yield Fault((*at, name), f"field {name!r}: this name is not allowed; {_allowed(schema, node)}")
        case _:
            allowed = _allowed(schema, node, error.instance)
            yield Fault(at, f"{place(at)}: {_shown(error.instance)} is not allowed; {allowed}")


def _node(schema: Mapping[str, Any], path: Sequence[str | int]) -> Mapping[str, Any]:
    """The schema whose keyword, the last of `path`, was not kept."""
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
    return of_name(name, is_text=empty and not near) or suggestion(name, known)


def suggestion(name: str, known: Sequence[str]) -> str:
    """The name that was meant, or else some of those that there are."""
    if near := difflib.get_close_matches(name, known, 1):
        return f"did you mean {near[0]!r}?"
    more = f" and {len(known) - MOST} more" if len(known) > MOST else ""
    return f"allowed: {', '.join(known[:MOST])}{more}"


def _allowed(schema: Mapping[str, Any], node: Mapping[str, Any], said: object = None) -> str:
    """What a schema allows, in words; where one of several names must be there, with that which `said` nearly has."""
    if "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    if "enum" in node:
        names = [str(each) for each in node["enum"]]
        return suggestion(str(said), names) if len(names) > MOST else f"allowed: {', '.join(names)}"
    if near := _nearly(node, said):
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
    said = [f"{word} {node[key]}{unit.get(key, '')}" for key, word in words.items() if key in node]
    form = [f"of the form {node['pattern']}"] if "pattern" in node and "array" not in node.get("type", "") else []
    return f", {', '.join(said + form)}" if said or form else ""


def _nearly(node: Mapping[str, Any], said: object) -> str | None:
    """Which one of the names that exclude each other is nearly there, if none is."""
    names = [each["required"][0] for each in node.get("oneOf", [])]
    there = list(map(str, said)) if isinstance(said, Mapping) else []
    if not names or not set(names).isdisjoint(there):
        return None
    return next((near[0] for name in there if (near := difflib.get_close_matches(name, names, 1))), None)


def place(at: Path, *, entry: bool = True) -> str:
    """The name of the field at `at`, with which entry of it; a step's number. Both are counted from 1."""
    match at:
        case ():
            return "the file"
        case ("steps", int(index)):
            return f"step {index + 1}"
        case _:
            field = next(part for part in reversed(at) if isinstance(part, str))
            return f"field {field!r}" + (f", entry {at[-1] + 1}" if entry and isinstance(at[-1], int) else "")


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return f"a mapping with {', '.join(map(str, value)) or 'nothing'}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return repr(value) if value is not None else "nothing"
