"""JSON Schemas (2020-12) of events: one for each topic, with a definition of each event type, and one type's alone.

In a topic's schema an event type has a definition that adds its own fields to those of its family (`allOf`), and an
anchor, its fact and version: `urn:entente:schema:entente.partners.agreement#signed.v1` names it, and is the
`ce_dataschema` of its records. Every reference is local, so that generators of code can read it as well.
"""

import inspect
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from shared.contracts import load_all
from shared.contracts.event import SCHEMA, Event, Tombstone
from shared.contracts.examples import example

Schema = Mapping[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
IN_HERE = "#/$defs/"
REFERENCE = re.compile(r'"\$ref": "#/\$defs/([^"]+)"')


class _Untitled(GenerateJsonSchema):
    """Gives no field a title: it would say the field's name again."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """No."""
        return False


def key_of(event: type[Event]) -> str:
    """The field whose value is the key of the event's records: the aggregate's id."""
    return event.topic.rpartition(".")[2].replace("-", "_") + "_id"


@cache
def topics() -> Mapping[str, Sequence[type[Event]]]:
    """Every event of each topic; sorted."""
    found: dict[str, list[type[Event]]] = {}
    for event in load_all().values():
        found.setdefault(event.topic, []).append(event)
    return found


@cache
def topic_schema(topic: str) -> Schema:
    """The schema of a topic: what its events have in common, and each of them; shared values behind these."""
    events = topics()[topic]
    classes = list(dict.fromkeys(each for event in events for each in _line(event)))
    _, made = models_json_schema([(each, "validation") for each in classes], schema_generator=_Untitled)
    whole: dict[str, dict[str, Any]] = made["$defs"]
    own = {each.__name__: definition(each, whole.pop(each.__name__)) for each in classes}
    erased = {event.__name__: _without_body(event) for event in events if issubclass(event, Tombstone)}
    values = {name: {key: it for key, it in value.items() if key != "title"} for name, value in whole.items()}
    return {
        "$schema": DIALECT,
        "$id": SCHEMA + topic,
        "x-topic": topic,
        "x-key": key_of(events[0]),
        "x-compacted": events[0].compacted,
        "$defs": own | erased | values,
    }


def _line(event: type[Event]) -> list[type[Event]]:
    """The classes that give `event` its fields, the family first."""
    return [each for each in reversed(event.__mro__) if issubclass(each, Event) and each.model_fields]


def definition(event: type[Event], whole: dict[str, Any]) -> dict[str, Any]:
    """What a class of events adds to those that it extends; `whole` is its schema with all fields.

    Raises TypeError for one that defines a field again: readers of the family would take it for the family's own.
    """
    # Of several, pydantic puts the fields of the last one first.
    extended = [each for each in reversed(event.__bases__) if issubclass(each, Event) and each.model_fields]
    inherited = {name for each in extended for name in each.model_fields}
    if again := inherited & event.__annotations__.keys():
        raise TypeError(f"{event.__name__} defines {', '.join(sorted(again))} again; give the field another name")
    fields = {name: it for name, it in whole["properties"].items() if name not in inherited}
    required = [name for name in whole.get("required", ()) if name in fields]
    return {
        **({"$anchor": _anchor(event)} if "type" in event.__dict__ else {}),
        "description": whole["description"],
        **({"allOf": [{"$ref": IN_HERE + each.__name__} for each in extended]} if extended else {"type": "object"}),
        **({"properties": fields} if fields else {}),
        **({"required": required} if required else {}),
    }


def _anchor(event: type[Event]) -> str:
    return event.type.removeprefix(f"{event.topic}.")


def _without_body(event: type[Event]) -> dict[str, Any]:
    return {"$anchor": _anchor(event), "description": inspect.getdoc(event), "type": "null"}


def types_of(topic: Schema) -> dict[str, Schema]:
    """Each event type of a topic's schema alone: the fields that it extends are its own, other types are left out."""
    definitions: Mapping[str, Schema] = topic["$defs"]
    name = str(topic["$id"]).removeprefix(SCHEMA)
    return {
        f"{name}.{one['$anchor']}": _alone(topic, title, one) for title, one in definitions.items() if "$anchor" in one
    }


def _alone(topic: Schema, title: str, definition: Schema) -> Schema:
    head = {key: it for key, it in topic.items() if key not in ("$id", "$defs")} | {"title": title}
    body = _merged(definition, topic["$defs"])
    definitions = {name: topic["$defs"][name] for name in _needed(body, topic["$defs"])}
    return head | body | ({"$defs": definitions} if definitions else {})


def _merged(definition: Schema, definitions: Mapping[str, Schema]) -> dict[str, Any]:
    """The definition with what it extends written in its place."""
    extended = [definitions[each["$ref"].removeprefix(IN_HERE)] for each in definition.get("allOf", ())]
    own = {key: it for key, it in definition.items() if key not in ("$anchor", "allOf")}
    parts = [*(_merged(each, definitions) for each in extended), own]
    merged = {key: it for part in parts for key, it in part.items()}
    if properties := {name: it for part in parts for name, it in part.get("properties", {}).items()}:
        merged["properties"] = properties
    if required := dict.fromkeys(name for part in parts for name in part.get("required", ())):
        merged["required"] = list(required)  # once, although two classes that extend the same may bring it
    return merged


def _needed(body: Schema, definitions: Mapping[str, Schema]) -> list[str]:
    """The definitions that `body` refers to, and those that they refer to; sorted."""
    found: set[str] = set()
    unread: list[Schema] = [body]
    while unread:
        new = set(REFERENCE.findall(json.dumps(unread.pop()))) - found
        found |= new
        unread += [definitions[name] for name in new]
    return sorted(found)


@cache
def event_schema(event: type[Event]) -> Schema:
    """The schema of one event type alone, with an example of it."""
    return {**types_of(topic_schema(event.topic))[event.type], "examples": [example(event)]}
